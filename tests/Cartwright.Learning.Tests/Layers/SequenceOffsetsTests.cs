using System.Reflection;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Linear;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

/// <summary>Everything public that takes sequences by their offsets refuses offsets that lead out of the tokens, wherever the wrong entry is.</summary>
public sealed class SequenceOffsetsTests
{
    private const int Tokens = 5;
    private const int Size = 4;

    private static readonly Random Draws = new(1);
    private static readonly Tensor X = Tensor.Parameter(new float[Tokens * Size], Tokens, Size);

    private static readonly Dictionary<string, Action<int[]>> Calls = new()
    {
        ["AttentionPooling.Forward"] = offsets => new AttentionPooling(Size, 3, Draws).Forward(X, offsets).Sum().Backward(),
        ["CrossAttention.Attend, offsets"] = offsets => CrossAttention.Attend(X, X, X, offsets, [0, 2, Tokens], 2, 0),
        ["CrossAttention.Attend, keyOffsets"] = offsets => CrossAttention.Attend(X, X, X, [0, 2, Tokens], offsets, 2, 0),
        ["Ctc.Loss, offsets"] = offsets => Ctc.Loss(X, offsets, [1, 2, 3], offsets.Length == 0 ? [0] : [0, .. Enumerable.Repeat(3, offsets.Length - 1)]),
        ["Ctc.Loss, labelOffsets"] = offsets => Ctc.Loss(X, offsets.Length == 0 ? [0, Tokens] : [0, .. Enumerable.Repeat(Tokens, offsets.Length - 1)], [1, 2, 3, 1, 2], offsets),
        ["Elman.Forward"] = offsets => new Elman(Size, 3, Draws).Forward(X, offsets).Output.Sum().Backward(),
        ["EmbeddingBag.Forward"] = offsets => new EmbeddingBag(7, Size, Draws).Forward([0, 1, 2, 3, 4], offsets),
        ["Gru.Forward"] = offsets => new Gru(Size, 3, Draws).Forward(X, offsets).Output.Sum().Backward(),
        ["LearnedPositions.Forward"] = offsets => new LearnedPositions(9, Size, Draws).Forward(X, offsets),
        ["Lstm.Forward"] = offsets => new Lstm(Size, 3, Draws).Forward(X, offsets).Output.Sum().Backward(),
        ["MultiHeadAttention.Forward"] = offsets => new MultiHeadAttention(Size, 2, 0, Draws, hasRotaryPositions: true).Forward(X, offsets, causal: true),
        ["MultiHeadAttention.Forward, contextOffsets"] = offsets => new MultiHeadAttention(Size, 2, 0, Draws, hasRotaryPositions: true)
            .Forward(X, [0, 2, Tokens], X, offsets),
        ["MultiHeadAttention.Forward, isSeen"] = offsets => new MultiHeadAttention(Size, 2, 0, Draws)
            .Forward(X, [0, 2, Tokens], X, offsets, [true, true, false, true, true]),
        ["RowLookup.Bags"] = offsets => X.Bags([0, 1, 2, 3, 4], offsets),
        ["SelfAttention.Attend"] = offsets => SelfAttention.Attend(X, X, X, offsets, 2, causal: false, 0),
        ["SequencePooling.WeightedMeans"] = offsets => X.WeightedMeans(Tensor.Zeros(Tokens), offsets).Sum().Backward(),
        ["SparseRows"] = offsets => _ = new SparseRows(offsets, [0, 1, 2, 3, 4], [1, 1, 1, 1, 1], 5),
        ["TransformerBlock.Forward"] = offsets => new TransformerBlock(Size, 2, 8, 0, Draws).Forward(X, offsets, causal: true),
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Fact]
    public void Every_public_method_with_offsets_is_checked()
    {
        IEnumerable<string> methods = typeof(Dense).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().Any(parameter => parameter.Name!.EndsWith("ffsets", StringComparison.Ordinal)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");

        Assert.Subset(Calls.Keys.Select(name => name.Split(',')[0]).ToHashSet(), methods.ToHashSet());
    }

    [Theory, MemberData(nameof(Names))]
    public void Offsets_that_lead_out_of_the_tokens_are_refused(string name)
    {
        foreach (int[] offsets in (int[][])[[0, 7, 5], [0, 9, 5], [0, int.MaxValue, 5], [0, -1, 5], [1, 3, 5], [-2, 3, 5], [0, 3, 4], [0, 3, 6], [5], []])
        {
            Assert.Throws<ShapeException>(() => Calls[name](offsets));
        }
    }

    [Fact]
    public void An_offset_that_falls_is_named()
    {
        ShapeException e = Assert.Throws<ShapeException>(() => Ctc.Loss(X, [0, 3, 5], [1, 2], [0, 3, 2]));

        Assert.Equal("'labelOffsets' falls from 3 to 2 at position 2; no sequence ends before it starts.", e.Message);
    }

    [Fact]
    public void A_bag_of_a_row_that_the_table_does_not_have_is_refused() =>
        Assert.Throws<ShapeException>(() => new EmbeddingBag(3, Size, Draws).Forward([0, 3], [0, 2]));
}
