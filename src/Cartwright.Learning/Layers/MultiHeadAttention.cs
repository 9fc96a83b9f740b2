using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Every token looks at the tokens of its own sequence. Vaswani et al., "Attention Is All You Need", 2017.</summary>
/// <param name="hiddenSize">Width of a token; a multiple of <paramref name="headCount"/>.</param>
/// <param name="headCount">Independent looks, each on its part of the width.</param>
/// <param name="dropout">Share of attention weights dropped in training.</param>
/// <param name="random">Draws the first weights.</param>
public sealed class MultiHeadAttention(int hiddenSize, int headCount, float dropout, Random random) : Module
{
    private readonly Dense _query = new(hiddenSize, hiddenSize, random);
    private readonly Dense _key = new(hiddenSize, hiddenSize, random);
    private readonly Dense _value = new(hiddenSize, hiddenSize, random);
    private readonly Dense _output = new(hiddenSize, hiddenSize, random);

    protected internal override IEnumerable<Part> Parts =>
        [new("query", _query), new("key", _key), new("value", _value), new("output", _output)];

    /// <param name="x">[tokens, hidden], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="causal">True where a token sees itself and what is before it only.</param>
    /// <returns>[tokens, hidden]</returns>
    public Tensor Forward(Tensor x, int[] offsets, bool causal)
    {
        Tensor attended = SelfAttention.Attend(_query.Forward(x), _key.Forward(x), _value.Forward(x), offsets, headCount, causal,
            IsTraining ? dropout : 0);
        return _output.Forward(attended);
    }
}
