using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A sequence as the weighted mean of its tokens, each weighed by what it says: softmax of v · tanh(W·x + b).</summary>
/// <remarks>
/// The additive attention of Bahdanau, Cho and Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", ICLR 2015,
/// without a query, as Yang et al., "Hierarchical Attention Networks for Document Classification", NAACL 2016.
/// </remarks>
/// <param name="size">Numbers per token.</param>
/// <param name="attentionSize">Width of W.</param>
/// <param name="random">Draws the first weights.</param>
public sealed class AttentionPooling(int size, int attentionSize, Random random) : Module
{
    private readonly Dense _inner = new(Ranges.Size(size, nameof(AttentionPooling)), Ranges.Size(attentionSize, nameof(AttentionPooling)), random);
    private readonly Dense _score = new(attentionSize, 1, random, hasBias: false);

    protected internal override IEnumerable<Part> Parts => [new("inner", _inner), new("score", _score)];

    /// <param name="x">[tokens, size], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1]; an empty one gives zeros.</param>
    /// <returns>[sequences, size]</returns>
    public Tensor Forward(Tensor x, int[] offsets)
    {
        ShapeException.Require(x.Rank == 2 && x.Columns == size, $"AttentionPooling takes tokens [tokens, {size}]; found {x}.");
        return x.WeightedMeans(_score.Forward(_inner.Forward(x).Tanh()), offsets);
    }
}
