using Cartwright.Learning.Autograd;
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

    /// <summary>[outputSize, inputSize], as PyTorch keeps it.</summary>
    public Tensor Weight { get; } = Initialize.XavierNormal(random, outputSize, inputSize);

    /// <summary>[outputSize]; null where the layer has none.</summary>
    public Tensor? Bias { get; } = hasBias ? Initialize.Constant(0, outputSize) : null;

    protected internal override IEnumerable<Part> Parts => Part.Present(
        new("weight", Weight), Bias is null ? null : new Part("bias", Bias), _spectralNorm is null ? null : new Part("spectral_norm", _spectralNorm));

    /// <param name="x">[..., inputSize]</param>
    /// <returns>[..., outputSize]</returns>
    public Tensor Forward(Tensor x)
    {
        Tensor weight = _spectralNorm?.Forward(Weight) ?? Weight;
        return Bias is null ? x.MatMul(weight, transposeY: true) : x.Affine(weight, Bias);
    }
}
