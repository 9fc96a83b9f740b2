using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>The mean of the learned rows of a few ids: tags of a product, words of a title.</summary>
public sealed class EmbeddingBag(int count, int size, Random random, float deviation = 0.02f) : Module
{
    /// <summary>[count, size]</summary>
    public Tensor Weight { get; } = Initialize.Normal(random, deviation, count, size);

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="ids">Ids of all bags, one bag after the other.</param>
    /// <param name="offsets">Bag b is ids[offsets[b]] up to ids[offsets[b + 1]]; an empty bag gives zeros.</param>
    /// <returns>[offsets.Length − 1, size]</returns>
    public Tensor Forward(int[] ids, int[] offsets) => Weight.BagMeans(ids, offsets);
}
