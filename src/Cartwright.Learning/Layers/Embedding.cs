using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A learned row for every id. Its gradient touches only the rows that were asked for.</summary>
public sealed class Embedding(int count, int size, Random random, float deviation = 0.02f) : Module
{
    /// <summary>[count, size]</summary>
    public Tensor Weight { get; } = Initialize.Normal(random, deviation, count, size);

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="ids">Numbers from 0 to count − 1; left alone until the step ends.</param>
    /// <returns>[ids.Length, size]</returns>
    public Tensor Forward(int[] ids) => Weight.TakeRows(ids);
}
