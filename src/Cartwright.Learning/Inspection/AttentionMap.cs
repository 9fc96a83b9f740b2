using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Inspection;

/// <summary>How much each token of a batch looked at each other one, in one attention layer.</summary>
/// <remarks>Layers keep no probabilities; these are computed again, before dropout, while a model runs.</remarks>
public sealed class AttentionMap
{
    [ThreadStatic]
    private static List<AttentionMap>? _recording;

    private readonly int[] _offsets;
    private readonly int[] _keyOffsets;
    private readonly float[][] _probabilities;
    private readonly int _heads;

    private AttentionMap(Tensor queries, Tensor keys, int[] offsets, int[] keyOffsets, int heads, bool causal)
    {
        (_offsets, _keyOffsets, _heads) = ([.. offsets], [.. keyOffsets], heads);
        _probabilities = new float[SequenceCount * heads][];
        for (int s = 0; s < SequenceCount; s++)
        {
            for (int head = 0; head < heads; head++)
            {
                _probabilities[(s * heads) + head] = Compute(queries, keys, s, head, causal);
            }
        }
    }

    public int HeadCount => _heads;

    public int SequenceCount => _offsets.Length - 1;

    /// <summary>True where attention layers on this thread are asked for their maps.</summary>
    internal static bool IsRecording => _recording is not null;

    /// <summary>Runs a model and gives the maps of all its attention layers, in the order in which they ran: none of a model without any.</summary>
    /// <param name="forward">Runs the model on this thread.</param>
    public static IReadOnlyList<AttentionMap> Record(Action forward)
    {
        List<AttentionMap>? outer = _recording;
        List<AttentionMap> maps = [];
        _recording = maps;
        try
        {
            forward();
        }
        finally
        {
            _recording = outer;
        }

        return maps;
    }

    /// <summary>Tokens of a sequence that look.</summary>
    public int Length(int sequence) => _offsets[sequence + 1] - _offsets[sequence];

    /// <summary>Tokens that they look at: the same ones, or those of another sequence.</summary>
    public int KeyLength(int sequence) => _keyOffsets[sequence + 1] - _keyOffsets[sequence];

    /// <summary>One row for each token that looks, one column for each it looks at: [length, key length]; each row sums to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence or head.</exception>
    public ReadOnlySpan<float> Of(int sequence, int head)
    {
        if ((uint)sequence >= (uint)SequenceCount)
        {
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"This map has {SequenceCount} sequences, counted from 0.");
        }

        return (uint)head < (uint)_heads ? _probabilities[(sequence * _heads) + head]
            : throw new ArgumentOutOfRangeException(nameof(head), head, $"This map has {_heads} heads, counted from 0.");
    }

    /// <summary>Told by the operation of what it attends with.</summary>
    internal static void Record(Tensor queries, Tensor keys, int[] offsets, int[] keyOffsets, int heads, bool causal) =>
        _recording?.Add(new AttentionMap(queries, keys, offsets, keyOffsets, heads, causal));

    private float[] Compute(Tensor queries, Tensor keys, int sequence, int head, bool causal)
    {
        (int start, int keyStart, int depth) = (_offsets[sequence], _keyOffsets[sequence], queries.Columns / _heads);
        (int length, int keyLength) = (Length(sequence), KeyLength(sequence));
        float scale = 1 / MathF.Sqrt(depth);
        float[] map = new float[length * keyLength];
        for (int i = 0; i < length; i++)
        {
            int seen = causal ? i + 1 : keyLength;
            Span<float> row = map.AsSpan(i * keyLength, seen);
            for (int j = 0; j < seen; j++)
            {
                row[j] = scale * TensorPrimitives.Dot(At(queries, start + i), At(keys, keyStart + j));
            }

            SoftmaxKernel.Forward(row, row, 1, seen);
        }

        return map;

        ReadOnlySpan<float> At(Tensor tokens, int token) => tokens.Values.Slice((token * tokens.Columns) + (head * depth), depth);
    }
}
