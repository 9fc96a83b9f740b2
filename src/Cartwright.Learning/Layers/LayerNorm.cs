using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Brings every row to mean 0 and deviation 1, then to a learned scale. Ba, Kiros and Hinton, 2016.</summary>
/// <param name="size">Numbers in a row, 1 or more.</param>
/// <param name="epsilon">Keeps a constant row from dividing by zero; more than 0.</param>
public sealed class LayerNorm(int size, float epsilon = 1e-5f) : Module
{
    /// <summary>[size]</summary>
    public Tensor Weight { get; } = Initialize.Constant(1, Ranges.Size(size, nameof(LayerNorm)));

    /// <summary>[size]</summary>
    public Tensor Bias { get; } = Initialize.Constant(0, size);

    internal float Epsilon { get; } = Ranges.Positive(epsilon, nameof(LayerNorm));

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight), new("bias", Bias)];

    /// <param name="x">[..., size]</param>
    public Tensor Forward(Tensor x) => x.LayerNorm(Weight, Bias, Epsilon);
}
