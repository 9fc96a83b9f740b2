using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Brings every row to a root mean square of 1, then to a learned scale; the mean stays where it is.</summary>
/// <remarks>Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.</remarks>
/// <param name="size">Numbers in a row, 1 or more.</param>
/// <param name="epsilon">Keeps a row of zeros from dividing by zero; more than 0.</param>
public sealed class RmsNorm(int size, float epsilon = 1e-6f) : Module
{
    private readonly float _epsilon = Ranges.Positive(epsilon, nameof(RmsNorm));

    /// <summary>[size]</summary>
    public Tensor Weight { get; } = Initialize.Constant(1, Ranges.Size(size, nameof(RmsNorm)));

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="x">[..., size]</param>
    public Tensor Forward(Tensor x) => x.RmsNorm(Weight, _epsilon);
}
