using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Positions written into queries and keys by turning them: the product of two depends on their distance alone.</summary>
internal static class RotaryPositions
{
    /// <summary>Each pair of numbers of each head, turned by an angle that grows with the position in the sequence.</summary>
    /// <remarks>Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.</remarks>
    /// <param name="x">[tokens, hidden]: queries or keys, heads one beside the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    public static Tensor Turn(this Tensor x, int[] offsets, RotaryAngles angles)
    {
        ShapeException.Require(
            x.Rows == SequenceOffsets.TotalOf(offsets),
            $"Rotary positions need offsets that end at the number of tokens, {x.Rows}; they end at {offsets[^1]}.");
        int longest = 0;
        for (int s = 0; s < offsets.Length - 1; s++)
        {
            longest = Math.Max(longest, offsets[s + 1] - offsets[s]);
        }

        float[] table = angles.UpTo(longest);
        Tensor y = Tensor.Result(x.Dimensions, [x], y =>
        {
            Span<float> gradient = x.Storage.GradientToFill(out bool isFresh);
            RotaryKernel.Turn(y.Gradient, table, offsets, gradient, angles.PairCount, x.Columns, isBack: true, adds: !isFresh);
        });
        RotaryKernel.Turn(x.Values, table, offsets, y.Output, angles.PairCount, x.Columns, isBack: false, adds: false);
        if (OperationTrace.Current is { } trace)
        {
            SequenceTrace.RecordTurn(trace, y, x, offsets, angles);
        }

        return y;
    }
}
