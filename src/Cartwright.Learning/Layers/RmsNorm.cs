using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Brings every row to a root mean square of 1, then to a learned scale; the mean stays where it is.</summary>
/// <remarks>Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.</remarks>
public sealed class RmsNorm(int size, float epsilon = 1e-6f) : Module
{
    /// <summary>[size]</summary>
    public Tensor Weight { get; } = Initialize.Constant(1, size);

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="x">[..., size]</param>
    public Tensor Forward(Tensor x) => x.RmsNorm(Weight, epsilon);
}
