using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Compression;

/// <summary>Brings the layers of a trained model to 8 or 16 bits. The model then answers only, quicker and in less memory.</summary>
/// <remarks>
/// In 8 bits go <see cref="Dense"/> and, with one group, <see cref="Conv2d"/>. Each output has a scale of its own, and products are of
/// whole numbers, summed exactly: the same bits on every processor for the same input. Jacob et al., "Quantization and Training of
/// Neural Networks", CVPR 2018; here symmetric. Everything else, and layers with spectral normalization, stay in float32.
/// <para>
/// <see cref="Module.State"/> has the compressed weights too, and a file keeps them in as few bits. <see cref="Module.Load"/> of a model that
/// was made anew takes them up again, to the same bits.
/// </para>
/// </remarks>
public static class Quantization
{
    /// <summary>Weights in 8 bits; each row of an input, or each picture, finds its own scale when it comes.</summary>
    /// <exception cref="InvalidOperationException">The model has no layer of these kinds that isn't compressed yet.</exception>
    public static void Dynamic(Module model) => ToInt8(model, _ => 0);

    /// <summary>Weights in 8 bits; the scale of each layer's input is the largest magnitude seen in calibration, and larger ones are cut off. NaN counts as 0 then.</summary>
    /// <param name="model">What is compressed.</param>
    /// <param name="calibrate">Runs the model on this thread, on inputs like those it will be asked about.</param>
    /// <exception cref="InvalidOperationException">
    /// A layer was not used in calibration or saw numbers that aren't finite, or there is no layer to compress.
    /// </exception>
    public static void Static(Module model, Action calibrate)
    {
        Dictionary<Tensor, float> largest = [];
        using (TensorScope.Begin())
        using (NoGradient.Begin())
        {
            // The operations of these layers have their input first and their weight second.
            OperationWatch.Run(calibrate, (_, inputs) =>
            {
                if (inputs.Length > 1 && inputs[1].IsLearned && inputs[0].Length > 0)
                {
                    float magnitude = MathF.Abs(TensorPrimitives.MaxMagnitude(inputs[0].Values));
                    largest[inputs[1]] = MathF.Max(magnitude, largest.GetValueOrDefault(inputs[1]));
                }
            });
        }

        foreach ((string name, Module module) in model.Modules().Where(module => IsTaken(module.Value)))
        {
            float seen = largest.GetValueOrDefault(Weight(module));
            if (!float.IsFinite(seen))
            {
                throw new InvalidOperationException($"Layer '{name}' saw {seen} in calibration. Calibrate with inputs for which all numbers of the model are finite.");
            }

            if (seen == 0)
            {
                throw new InvalidOperationException(
                    $"Layer '{name}' saw nothing, or nothing but zeros, in calibration. Calibrate with inputs that reach it.");
            }
        }

        ToInt8(model, weight => largest[weight] / Int8Matrix.Largest);
    }

    /// <summary>Weights of dense layers in bfloat16: half the memory, three significant digits; products are of floats.</summary>
    /// <exception cref="InvalidOperationException">The model has no dense layer that isn't compressed yet.</exception>
    public static void BFloat16(Module model)
    {
        Dense[] taken = [.. model.Modules().Select(module => module.Value).OfType<Dense>().Where(IsTaken)];
        ThrowIfNone(taken.Length, "dense layer");
        foreach (Dense dense in taken)
        {
            dense.Compressed = new BFloat16Weights(new BFloat16Matrix(dense.Weight.Values, dense.Weight.Shape[0], dense.Weight.Shape[1]));
        }
    }

    private static void ToInt8(Module model, Func<Tensor, float> inputScale)
    {
        Module[] taken = [.. model.Modules().Select(module => module.Value).Where(IsTaken)];
        ThrowIfNone(taken.Length, "dense layer and no convolution of one group");
        foreach (Module module in taken)
        {
            switch (module)
            {
                case Dense dense:
                    Int8Matrix weights = new(dense.Weight.Values, dense.Weight.Shape[0], dense.Weight.Shape[1]);
                    dense.Compressed = new Int8Weights(weights, inputScale(dense.Weight));
                    break;
                case Conv2d convolution:
                    convolution.Compressed = Int8Kernel.Of(convolution, inputScale(convolution.Weight));
                    break;
            }
        }
    }

    private static void ThrowIfNone(int count, string kinds)
    {
        if (count == 0)
        {
            throw new InvalidOperationException(
                $"The model has no {kinds} that could be compressed: they are compressed already, have spectral normalization, or are of other kinds. Layers of an imported model are not taken.");
        }
    }

    private static Tensor Weight(Module module) => module is Dense dense ? dense.Weight : ((Conv2d)module).Weight;

    private static bool IsTaken(Module module) => module is
        Dense { Compressed: null, HasSpectralNorm: false }
        or Conv2d { Compressed: null, HasSpectralNorm: false, Options.Groups: 1 };
}
