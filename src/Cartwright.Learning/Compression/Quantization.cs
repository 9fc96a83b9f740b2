using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Compression;

/// <summary>Brings the dense layers of a trained model to 8 or 16 bits. The model then answers only, quicker and in less memory.</summary>
/// <remarks>
/// In 8 bits a row of weights has a scale of its own, and products are of whole numbers, summed exactly: the same bits on every
/// processor for the same input. Jacob et al., "Quantization and Training of Neural Networks", CVPR 2018; here symmetric. What is no
/// dense layer stays in float32.
/// </remarks>
public static class Quantization
{
    /// <summary>Weights in 8 bits; each row of an input finds its own scale when it comes.</summary>
    public static void Dynamic(Module model)
    {
        foreach (Dense layer in Layers(model))
        {
            layer.Compressed = new Int8Weights(InInt8(layer), inputScale: 0);
        }
    }

    /// <summary>Weights in 8 bits; the scale of each layer's input is the largest magnitude seen in calibration, and larger ones are cut off.</summary>
    /// <param name="calibrate">Runs the model on this thread, on inputs like those it will be asked about.</param>
    /// <exception cref="InvalidOperationException">A layer was not used in calibration.</exception>
    public static void Static(Module model, Action calibrate)
    {
        Dictionary<Tensor, float> largest = [];
        Dense[] layers = [.. Layers(model)];
        foreach (Dense layer in layers)
        {
            largest[layer.Weight] = float.NaN;
        }

        using (TensorScope.Begin())
        using (NoGradient.Begin())
        {
            OperationWatch.Run(calibrate, (_, inputs) =>
            {
                foreach (Tensor weight in inputs)
                {
                    if (inputs[0] != weight && largest.TryGetValue(weight, out float sofar))
                    {
                        float magnitude = inputs[0].Length == 0 ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(inputs[0].Values));
                        largest[weight] = float.IsNaN(sofar) ? magnitude : Math.Max(sofar, magnitude);
                    }
                }
            });
        }

        foreach (Dense layer in layers)
        {
            float seen = largest[layer.Weight];
            if (!(seen > 0))
            {
                throw new InvalidOperationException(
                    $"A dense layer {layer.Weight} saw nothing but zeros, or nothing, in calibration. Calibrate with inputs that reach it.");
            }

            layer.Compressed = new Int8Weights(InInt8(layer), seen / Int8Matrix.Largest);
        }
    }

    /// <summary>Weights in bfloat16: half the memory, three significant digits; products are of floats.</summary>
    public static void BFloat16(Module model)
    {
        foreach (Dense layer in Layers(model))
        {
            layer.Compressed = new BFloat16Weights(new BFloat16Matrix(layer.Weight.Values, layer.Weight.Shape[0], layer.Weight.Shape[1]));
        }
    }

    private static IEnumerable<Dense> Layers(Module model) =>
        model.Modules().Select(module => module.Value).OfType<Dense>().Distinct()
            .Where(layer => layer.Compressed is null && !layer.HasSpectralNorm);

    private static Int8Matrix InInt8(Dense layer) => new(layer.Weight.Values, layer.Weight.Shape[0], layer.Weight.Shape[1]);
}
