using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>x · Wᵀ + b over the last axis.</summary>
/// <param name="inputSize">Size of the last axis of the input.</param>
/// <param name="outputSize">Size of the last axis of the output.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="hasBias">Adds a learned number to each output.</param>
/// <param name="hasSpectralNorm">Divides the weight by its largest singular value: for discriminators.</param>
public sealed class Dense(int inputSize, int outputSize, Random random, bool hasBias = true, bool hasSpectralNorm = false) : Module
{
    private readonly SpectralNorm? _spectralNorm = hasSpectralNorm ? new SpectralNorm(outputSize, inputSize, random) : null;
    private Tensor? _weight = Initialize.XavierNormal(random, Ranges.Size(outputSize, nameof(Dense)), Ranges.Size(inputSize, nameof(Dense)));
    private ICompressedMatrix? _compressed;

    /// <summary>[outputSize, inputSize], as PyTorch keeps it.</summary>
    /// <exception cref="InvalidOperationException">The layer was compressed.</exception>
    public Tensor Weight => _weight ?? throw new InvalidOperationException(
        "This layer was compressed and keeps its weights in fewer bits. To train it, load the model again.");

    /// <summary>[outputSize]; null where the layer has none.</summary>
    public Tensor? Bias { get; private set; } = hasBias ? Initialize.Constant(0, outputSize) : null;

    /// <summary>True where the layer is x · Wᵀ + b of its weights as they are.</summary>
    internal bool IsPlain => _compressed is null && _spectralNorm is null && Bias is not null;

    internal bool HasSpectralNorm => _spectralNorm is not null;

    /// <summary>The weights in fewer bits, in place of <see cref="Weight"/>, which is then no more; null for a layer that can learn.</summary>
    internal override ICompressedWeights? Compressed
    {
        get => _compressed;
        set => (_compressed, _weight) = ((ICompressedMatrix?)value, null);
    }

    internal override ICompressedWeights? ReadCompressed(Func<string, Tensor?> stored) => _spectralNorm is not null
        ? null : CompressedState.Matrix(stored, [.. _weight?.Shape ?? _compressed!.Shape]);

    protected internal override IEnumerable<Part> Parts => Part.Present(
        _weight is null ? null : new Part("weight", _weight), Bias is null ? null : new Part("bias", Bias),
        _spectralNorm is null ? null : new Part("spectral_norm", _spectralNorm));

    /// <param name="x">[..., inputSize]</param>
    /// <returns>[..., outputSize]</returns>
    public Tensor Forward(Tensor x) => Forward(x, Activation.None);

    /// <param name="x">[..., inputSize]</param>
    /// <param name="activation">What is done to the outputs; along with the layer it takes no time of its own.</param>
    /// <returns>[..., outputSize]</returns>
    public Tensor Forward(Tensor x, Activation activation) => OperationWatch.Tell(this, Apply(x, activation));

    private Tensor Apply(Tensor x, Activation activation)
    {
        if (_compressed is not null)
        {
            return activation.Apply(_compressed.Multiply(x, Bias));
        }

        Tensor weight = _spectralNorm?.Forward(Weight) ?? Weight;
        return Bias is null ? activation.Apply(x.MatMul(weight, transposeY: true)) : x.Affine(weight, Bias, activation);
    }

    /// <summary>The layer of x, added to what x was made from.</summary>
    /// <param name="x">[..., inputSize]</param>
    /// <param name="added">[..., outputSize]</param>
    internal Tensor ForwardAdded(Tensor x, Tensor added) =>
        _compressed is not null || Bias is null ? added + Forward(x) : x.AffineAdded(_spectralNorm?.Forward(Weight) ?? Weight, Bias, added);

    /// <summary>Becomes a layer with these of its outputs; optimizers made before know nothing of it.</summary>
    internal void KeepOutputs(int[] kept)
    {
        (float[] weights, int inputs) = (Weight.ToArray(), Weight.Shape[1]);
        _weight = Tensor.Parameter([.. kept.SelectMany(output => weights[(output * inputs)..((output + 1) * inputs)])], kept.Length, inputs);
        Bias = Bias is null ? null : Tensor.Parameter([.. kept.Select(output => Bias.Values[output])], kept.Length);
    }

    /// <summary>Becomes a layer that reads these of its inputs; optimizers made before know nothing of it.</summary>
    internal void KeepInputs(int[] kept)
    {
        (float[] weights, int outputs, int inputs) = (Weight.ToArray(), Weight.Shape[0], Weight.Shape[1]);
        float[] columns = [.. Enumerable.Range(0, outputs).SelectMany(row => kept.Select(input => weights[(row * inputs) + input]))];
        _weight = Tensor.Parameter(columns, outputs, kept.Length);
    }
}
