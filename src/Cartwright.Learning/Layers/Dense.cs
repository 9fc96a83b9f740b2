using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>x · Wᵀ + b over the last axis.</summary>
public sealed class Dense(int inputSize, int outputSize, Random random, bool hasBias = true) : Module
{
    /// <summary>[outputSize, inputSize], as PyTorch keeps it.</summary>
    public Tensor Weight { get; } = Initialize.XavierNormal(random, outputSize, inputSize);

    /// <summary>[outputSize]; null where the layer has none.</summary>
    public Tensor? Bias { get; } = hasBias ? Initialize.Constant(0, outputSize) : null;

    protected internal override IEnumerable<Part> Parts =>
        Bias is null ? [new("weight", Weight)] : [new("weight", Weight), new("bias", Bias)];

    /// <param name="x">[..., inputSize]</param>
    /// <returns>[..., outputSize]</returns>
    public Tensor Forward(Tensor x) =>
        Bias is null ? x.MatMul(Weight, transposeY: true) : x.Affine(Weight, Bias);
}
