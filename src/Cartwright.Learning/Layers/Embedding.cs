using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A learned row for every id. Its gradient touches only the rows that were asked for.</summary>
/// <param name="count">Rows, 1 or more.</param>
/// <param name="size">Numbers in a row, 1 or more.</param>
/// <param name="random">Draws the first rows.</param>
/// <param name="deviation">Their standard deviation, 0 or more.</param>
public sealed class Embedding(int count, int size, Random random, float deviation = 0.02f) : Module
{
    /// <summary>[count, size]</summary>
    public Tensor Weight { get; } = Initialize.Normal(
        random, Ranges.NotNegative(deviation, nameof(Embedding)), Ranges.Size(count, nameof(Embedding)), Ranges.Size(size, nameof(Embedding)));

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="ids">Numbers from 0 to count − 1; left alone until the step ends.</param>
    /// <returns>[ids.Length, size]</returns>
    public Tensor Forward(int[] ids) => Weight.TakeRows(ids);
}
