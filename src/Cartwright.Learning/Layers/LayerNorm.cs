using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Brings every row to mean 0 and deviation 1, then to a learned scale. Ba, Kiros and Hinton, 2016.</summary>
public sealed class LayerNorm(int size, float epsilon = 1e-5f) : Module
{
    /// <summary>[size]</summary>
    public Tensor Weight { get; } = Initialize.Constant(1, size);

    /// <summary>[size]</summary>
    public Tensor Bias { get; } = Initialize.Constant(0, size);

    internal float Epsilon => epsilon;

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight), new("bias", Bias)];

    /// <param name="x">[..., size]</param>
    public Tensor Forward(Tensor x) => x.LayerNorm(Weight, Bias, epsilon);
}
