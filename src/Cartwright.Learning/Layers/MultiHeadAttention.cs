using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Every token looks at the tokens of its own sequence, or of another one that belongs to it. Vaswani et al., "Attention Is All You Need", 2017.</summary>
/// <param name="hiddenSize">Width of a token; a multiple of <paramref name="headCount"/>.</param>
/// <param name="headCount">Independent looks, each on its part of the width.</param>
/// <param name="dropout">Share of attention weights dropped in training.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="hasRotaryPositions">True where queries and keys are turned by their places, so that attention sees distances (Su et al.,
/// "RoFormer", 2021); the width of a head is even then. False sees no places but those the tokens hold, as from <see cref="LearnedPositions"/>.</param>
public sealed class MultiHeadAttention(int hiddenSize, int headCount, float dropout, Random random, bool hasRotaryPositions = false) : Module
{
    private readonly float _dropout = Ranges.Share(dropout, nameof(MultiHeadAttention));
    private readonly Dense _query = new(DividedWidth(hiddenSize, headCount), hiddenSize, random);
    private readonly Dense _key = new(hiddenSize, hiddenSize, random);
    private readonly Dense _value = new(hiddenSize, hiddenSize, random);
    private readonly Dense _output = new(hiddenSize, hiddenSize, random);
    private readonly RotaryAngles? _angles = hasRotaryPositions ? AnglesOf(hiddenSize, headCount) : null;

    /// <summary>Heads it has: fewer than it was made with after <see cref="Compression.HeadPruning"/>.</summary>
    public int HeadCount { get; private set; } = headCount;

    internal Dense Value => _value;

    internal Dense Output => _output;

    protected internal override IEnumerable<Part> Parts =>
        [new("query", _query), new("key", _key), new("value", _value), new("output", _output)];

    /// <param name="x">[tokens, hidden], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="causal">True where a token sees itself and what is before it only.</param>
    /// <returns>[tokens, hidden]</returns>
    public Tensor Forward(Tensor x, int[] offsets, bool causal) => _output.Forward(Attend(x, offsets, causal));

    /// <summary>The same, added to what x was made from.</summary>
    internal Tensor ForwardAdded(Tensor x, int[] offsets, bool causal, Tensor added) =>
        _output.ForwardAdded(Attend(x, offsets, causal), added);

    /// <summary>Whether <see cref="AddTo"/> can be asked for.</summary>
    internal bool CanAdd(Tensor x, int[] offsets)
    {
        int inner = _angles is null && _query.IsPlain && _key.IsPlain && _value.IsPlain && _output.IsPlain ? _output.Weight.Columns : 0;
        return inner > 0 && TransformerBranches.AreWorthwhile(x.Columns, AttentionBranchKernel.Inputs * inner, inner) && TransformerBranches.AreShort(offsets);
    }

    /// <summary>x + dropout(the layer of norm(x)), in one operation.</summary>
    internal Tensor AddTo(Tensor x, LayerNorm norm, int[] offsets, bool causal, float resultDropout) => x.AddAttention(
        new BranchTensors(norm.Weight, norm.Bias, norm.Epsilon, _query.Weight, _query.Bias!, _output.Weight, _output.Bias!),
        (_key.Weight, _key.Bias!),
        (_value.Weight, _value.Bias!),
        offsets,
        HeadCount,
        causal,
        IsTraining ? _dropout : 0,
        resultDropout);

    private Tensor Attend(Tensor x, int[] offsets, bool causal)
    {
        ThrowUnlessTokens(x, offsets);
        (Tensor queries, Tensor keys) = (_query.Forward(x), _key.Forward(x));
        if (_angles is not null)
        {
            (queries, keys) = (queries.Turn(offsets, _angles), keys.Turn(offsets, _angles));
        }

        return SelfAttention.Attend(queries, keys, _value.Forward(x), offsets, HeadCount, causal, IsTraining ? _dropout : 0);
    }

    /// <summary>Cross-attention: the tokens of each sequence look at those of the other sequence of its number.</summary>
    /// <param name="x">What looks: [tokens, hidden], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="context">What is looked at: [context tokens, hidden].</param>
    /// <param name="contextOffsets">The same for it: as many sequences, of other lengths.</param>
    /// <param name="isSeen">False for tokens of the context that nobody sees: [context tokens]; null where all are seen.</param>
    /// <returns>[tokens, hidden]</returns>
    /// <exception cref="ShapeException">The sequences do not belong together, or one that looks has nothing to look at.</exception>
    public Tensor Forward(Tensor x, int[] offsets, Tensor context, int[] contextOffsets, bool[]? isSeen = null)
    {
        ThrowUnlessTokens(x, offsets);
        ThrowUnlessTokens(context, contextOffsets);
        ShapeException.Require(
            contextOffsets.Length == offsets.Length,
            $"MultiHeadAttention looks from each sequence at the context of its number; found {offsets.Length - 1} sequences and {contextOffsets.Length - 1} contexts.");
        (Tensor queries, Tensor keys, Tensor values) = (_query.Forward(x), _key.Forward(context), _value.Forward(context));
        if (_angles is not null)
        {
            (queries, keys) = (queries.Turn(offsets, _angles), keys.Turn(contextOffsets, _angles));
        }

        if (isSeen is not null)
        {
            // What is not seen is left out, after each token was turned by its place.
            ShapeException.Require(
                isSeen.Length == context.Rows,
                $"MultiHeadAttention needs a mark for each token of the context; found {isSeen.Length} marks for {context}.");
            int[] seen = [.. Enumerable.Range(0, isSeen.Length).Where(token => isSeen[token])];
            (keys, values) = (keys.TakeRows(seen), values.TakeRows(seen));
            contextOffsets = [.. contextOffsets.Select(offset => isSeen.AsSpan(0, offset).Count(true))];
        }

        return _output.Forward(CrossAttention.Attend(queries, keys, values, offsets, contextOffsets, HeadCount, IsTraining ? _dropout : 0));
    }

    /// <summary>Takes all heads but these, rising, out of its matrices.</summary>
    internal void KeepHeads(int[] kept)
    {
        int size = _query.Weight.Shape[0] / HeadCount;
        int[] numbers = [.. kept.SelectMany(head => Enumerable.Range(head * size, size))];
        foreach (Dense projection in (Dense[])[_query, _key, _value])
        {
            projection.KeepOutputs(numbers);
        }

        _output.KeepInputs(numbers);
        HeadCount = kept.Length;
    }

    private void ThrowUnlessTokens(Tensor x, int[] offsets)
    {
        ShapeException.Require(x.Columns == hiddenSize, $"MultiHeadAttention takes tokens [tokens, {hiddenSize}]; found {x}.");
        ShapeException.Require(
            x.Rows == SequenceOffsets.TotalOf(offsets),
            $"MultiHeadAttention needs offsets that end at the number of tokens, {x.Rows}; they end at {offsets[^1]}.");
    }

    private static int DividedWidth(int hiddenSize, int headCount)
    {
        _ = Ranges.Size(hiddenSize, nameof(MultiHeadAttention));
        return hiddenSize % Ranges.Size(headCount, nameof(MultiHeadAttention)) == 0 ? hiddenSize : throw new ArgumentException(
            $"MultiHeadAttention splits its width into heads of one size: {headCount} does not divide {hiddenSize}.", nameof(headCount));
    }

    private static RotaryAngles AnglesOf(int hiddenSize, int headCount)
    {
        if (hiddenSize % (2 * headCount) != 0)
        {
            throw new ArgumentException($"Rotary positions turn pairs: a head of {hiddenSize} / {headCount} numbers has no whole pairs.", nameof(headCount));
        }

        return new RotaryAngles(hiddenSize / headCount);
    }
}
