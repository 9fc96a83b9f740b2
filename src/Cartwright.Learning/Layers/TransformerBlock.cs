using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Attention, then a two-layer network for each token, each normalized before and added to its input.</summary>
/// <remarks>Pre-norm: Xiong et al., "On Layer Normalization in the Transformer Architecture", ICML 2020.</remarks>
/// <param name="hiddenSize">Width of a token.</param>
/// <param name="headCount">Attention heads; divides the width.</param>
/// <param name="innerSize">Width of the token network's middle.</param>
/// <param name="dropout">Share dropped in training, of attention weights and of both branches.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="hasRotaryPositions">True where attention sees distances, as <see cref="MultiHeadAttention"/> says.</param>
public sealed class TransformerBlock(
    int hiddenSize, int headCount, int innerSize, float dropout, Random random, bool hasRotaryPositions = false) : Module
{
    private readonly LayerNorm _attentionNorm = new(Ranges.Size(hiddenSize, nameof(TransformerBlock)));
    private readonly MultiHeadAttention _attention = new(
        hiddenSize, Ranges.Size(headCount, nameof(TransformerBlock)), Ranges.Share(dropout, nameof(TransformerBlock)), random, hasRotaryPositions);
    private readonly LayerNorm _innerNorm = new(hiddenSize);
    private readonly Dense _inner = new(hiddenSize, Ranges.Size(innerSize, nameof(TransformerBlock)), random);
    private readonly Dense _outer = new(innerSize, hiddenSize, random);
    private readonly Dropout _dropout = new(dropout);

    protected internal override IEnumerable<Part> Parts =>
    [
        new("attention_norm", _attentionNorm), new("attention", _attention),
        new("inner_norm", _innerNorm), new("inner", _inner), new("outer", _outer), new("dropout", _dropout),
    ];

    /// <param name="x">[tokens, hidden], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="causal">True where a token sees itself and what is before it only.</param>
    /// <returns>[tokens, hidden]</returns>
    public Tensor Forward(Tensor x, int[] offsets, bool causal)
    {
        ShapeException.Require(x.Columns == hiddenSize, $"TransformerBlock takes tokens [tokens, {hiddenSize}]; found {x}.");
        ShapeException.Require(
            x.Rows == SequenceOffsets.TotalOf(offsets),
            $"TransformerBlock needs offsets that end at the number of tokens, {x.Rows}; they end at {offsets[^1]}.");
        x = _attention.CanAdd(x, offsets)
            ? _attention.AddTo(x, _attentionNorm, offsets, causal, ActiveDropout)
            : AddAttention(x, offsets, causal);
        int inner = _inner.IsPlain && _outer.IsPlain ? _outer.Weight.Columns : 0;
        return inner > 0 && TransformerBranches.AreWorthwhile(x.Columns, inner, inner)
            ? x.AddNetwork(Network, ActiveDropout)
            : AddNetwork(x);
    }

    private float ActiveDropout => _dropout.IsActive ? dropout : 0;

    private BranchTensors Network => new(
        _innerNorm.Weight, _innerNorm.Bias, _innerNorm.Epsilon, _inner.Weight, _inner.Bias!, _outer.Weight, _outer.Bias!);

    // The same, an operation after the other.
    private Tensor AddAttention(Tensor x, int[] offsets, bool causal)
    {
        Tensor normal = _attentionNorm.Forward(x);
        return _dropout.IsActive
            ? x + _dropout.Forward(_attention.Forward(normal, offsets, causal))
            : _attention.ForwardAdded(normal, offsets, causal, x);
    }

    private Tensor AddNetwork(Tensor x)
    {
        Tensor inner = _inner.Forward(_innerNorm.Forward(x), Activation.Gelu);
        return _dropout.IsActive
            ? x + _dropout.Forward(_outer.Forward(_dropout.Forward(inner)))
            : _outer.ForwardAdded(inner, x);
    }
}
