using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>The learned rows of a few ids as one: tags of a product, words of a title. Its gradient touches only the rows that were asked for.</summary>
/// <param name="count">Ids there are; with 0 all bags are empty.</param>
/// <param name="size">Numbers of a row, 1 or more.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="deviation">Their standard deviation, 0 or more.</param>
/// <param name="mode">Mean, sum or maximum of the rows.</param>
public sealed class EmbeddingBag(int count, int size, Random random, float deviation = 0.02f, BagMode mode = BagMode.Mean) : Module
{
    /// <summary>[count, size]</summary>
    public Tensor Weight { get; } = Initialize.Normal(
        random, Ranges.NotNegative(deviation, nameof(EmbeddingBag)), Ranges.AtLeast(0, count, nameof(EmbeddingBag)), Ranges.Size(size, nameof(EmbeddingBag)));

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="ids">Ids of all bags, one bag after the other; left alone until the step ends.</param>
    /// <param name="offsets">Bag b is ids[offsets[b]] up to ids[offsets[b + 1]]; an empty bag gives zeros.</param>
    /// <returns>[offsets.Length − 1, size]</returns>
    public Tensor Forward(int[] ids, int[] offsets) => Weight.Bags(ids, offsets, mode);
}
