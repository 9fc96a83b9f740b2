using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Sequences in operations of the ONNX standard, which knows them filled up to one length only.</summary>
internal sealed class TracedSequences
{
    private readonly OperationTrace _trace;
    private readonly int _count;
    private readonly int _length;
    private readonly TracedValue? _room;
    private readonly TracedValue? _filled;
    private readonly TracedValue? _there;

    private TracedSequences(OperationTrace trace, int count, int length) => (_trace, _count, _length) = (trace, count, length);

    /// <summary>Sequences whose offsets come with the input: of any lengths.</summary>
    private TracedSequences(OperationTrace trace, int[] offsets)
        : this(trace, offsets.Length - 1, 0)
    {
        TracedValue starts = trace.Node("Slice", [offsets, (int[])[0], (int[])[-1], (int[])[0]]);
        Lengths = trace.Node("Sub", [trace.Node("Slice", [offsets, (int[])[1], (int[])[int.MaxValue], (int[])[0]]), starts]);
        TracedValue longest = trace.Node("ReduceMax", [trace.Node("Concat", [Lengths, (int[])[0]], ("axis", 0L))], ("keepdims", 0L));
        _room = trace.Node("Unsqueeze", [Count(longest), (int[])[0]]);
        IsThere = trace.Node("Less", [_room, trace.Node("Unsqueeze", [Lengths, (int[])[1]])]);
        TracedValue tokens = trace.Node("Add", [trace.Node("Unsqueeze", [starts, (int[])[1]]), _room]);
        _filled = trace.Node("Where", [IsThere, tokens, (int[])[0]]);
        _there = trace.Node("Squeeze", [trace.Node("NonZero", [trace.Node("Reshape", [IsThere, (int[])[-1]])]), (int[])[0]]);
    }

    /// <summary>Tokens of each sequence: [sequences]; null where all have the same.</summary>
    public TracedValue? Lengths { get; }

    /// <summary>Which places of the filled sequences are tokens: [sequences, longest]; null where all are.</summary>
    public TracedValue? IsThere { get; }

    /// <param name="offsets">An input of the model, or sequences of one length.</param>
    /// <exception cref="NotSupportedException">They are neither.</exception>
    public static TracedSequences Of(OperationTrace trace, int[] offsets)
    {
        if (trace.IsGiven(offsets))
        {
            return trace.Once(offsets, () => new TracedSequences(trace, offsets));
        }

        int length = offsets.Length > 1 ? offsets[1] - offsets[0] : 0;
        return Enumerable.Range(1, offsets.Length - 1).All(s => offsets[s] - offsets[s - 1] == length)
            ? new TracedSequences(trace, offsets.Length - 1, length) : throw Unequal();
    }

    /// <summary>The same for sequences one after the other, or filled up behind their ends.</summary>
    /// <param name="lengths">Input for an operator that takes lengths; nothing where all have the same.</param>
    public static TracedSequences Of(OperationTrace trace, SequenceBlocks sequences, out TracedInput lengths)
    {
        lengths = default;
        if (!sequences.IsPadded)
        {
            var traced = Of(trace, sequences.Source);
            lengths = traced.Lengths is null ? lengths : traced.Lengths;
            return traced;
        }

        if (trace.IsGiven(sequences.Source))
        {
            lengths = sequences.Source;
        }
        else if (sequences.HasGaps)
        {
            throw Unequal();
        }

        return new TracedSequences(trace, sequences.SequenceCount, sequences.SequenceCount == 0 ? 0 : sequences.Tokens / sequences.SequenceCount);
    }

    /// <summary>[tokens, columns] as [sequences, longest, columns]; what is behind the end of a sequence is any token.</summary>
    public TracedValue Fill(TracedInput x, int columns) => _filled is null
        ? _trace.Node("Reshape", [x, (int[])[_count, _length, columns]])
        : _trace.Node("Gather", [x, _filled], ("axis", 0L));

    /// <summary>[sequences, longest, …] back as [tokens, columns].</summary>
    public void RecordCut(Tensor output, TracedInput filled)
    {
        if (_there is null)
        {
            _trace.Record(output, "Reshape", [filled, output.Dimensions.ToArray()]);
            return;
        }

        _trace.Record(output, "Gather", [_trace.Node("Reshape", [filled, (int[])[-1, output.Columns]]), _there], ("axis", 0L));
    }

    /// <summary>The place of every token in its sequence, from 0.</summary>
    public TracedValue Places(Tensor x)
    {
        if (_there is not null)
        {
            TracedValue all = _trace.Node("Expand", [_room!, _trace.Node("Shape", [IsThere!])]);
            return _trace.Node("Gather", [_trace.Node("Reshape", [all, (int[])[-1]]), _there], ("axis", 0L));
        }

        TracedValue places = Count(_trace.Node("Squeeze", [_trace.Node("Shape", [x], ("start", 0L), ("end", 1L)), (int[])[0]]));
        return _count == 1 ? places : _trace.Node("Mod", [places, (int[])[_length]]);
    }

    /// <summary>Numbers of [sequences, longest, …], others where there is no token.</summary>
    /// <param name="axes">Where the axes of <see cref="IsThere"/> lack one.</param>
    public TracedValue Only(TracedValue filled, float otherwise, params int[] axes) => IsThere is null
        ? filled : _trace.Node("Where", [_trace.Node("Unsqueeze", [IsThere, axes]), filled, Tensor.From([otherwise])]);

    private TracedValue Count(TracedValue limit) => _trace.Node("Range",
        [_trace.Node("Squeeze", [(int[])[0], (int[])[0]]), limit, _trace.Node("Squeeze", [(int[])[1], (int[])[0]])]);

    private static NotSupportedException Unequal() => new(
        "Sequences of different lengths can be written only where the model is given them: name their offsets, or the lengths of filled ones, in the example, and hand those on as they come. Or export with sequences of one length.");
}
