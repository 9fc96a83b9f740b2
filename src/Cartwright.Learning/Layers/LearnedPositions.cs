using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Adds a learned row to every token, by its place in its sequence: once, before the first block.</summary>
/// <remarks>Gehring et al., "Convolutional Sequence to Sequence Learning", ICML 2017. For turned queries and keys see <see cref="MultiHeadAttention"/>.</remarks>
/// <param name="maxLength">Places there are; longer sequences are refused.</param>
/// <param name="size">Numbers per token.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="deviation">Their standard deviation.</param>
public sealed class LearnedPositions(int maxLength, int size, Random random, float deviation = 0.02f) : Module
{
    /// <summary>[maxLength, size]</summary>
    public Tensor Weight { get; } = Initialize.Normal(
        random, Ranges.NotNegative(deviation, nameof(LearnedPositions)), Ranges.Size(maxLength, nameof(LearnedPositions)), Ranges.Size(size, nameof(LearnedPositions)));

    protected internal override IEnumerable<Part> Parts => [new("weight", Weight)];

    /// <param name="x">[tokens, size], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <exception cref="ShapeException">A sequence is longer than there are places, or the offsets do not speak of the tokens of x.</exception>
    public Tensor Forward(Tensor x, int[] offsets)
    {
        ShapeException.Require(x.Columns == size, $"LearnedPositions takes tokens [tokens, {size}]; found {x}.");
        ShapeException.Require(
            x.Rows == SequenceOffsets.TotalOf(offsets),
            $"LearnedPositions needs offsets that end at the number of tokens, {x.Rows}; they end at {offsets[^1]}.");
        int[] places = new int[x.Rows];
        for (int s = 0; s < offsets.Length - 1; s++)
        {
            int length = offsets[s + 1] - offsets[s];
            if (length > maxLength)
            {
                throw new ShapeException($"Sequence {s} has {length} tokens; positions were made for {maxLength} at most. Cut it, or make more.");
            }

            for (int place = 0; place < length; place++)
            {
                places[offsets[s] + place] = place;
            }
        }

        if (OperationTrace.Current is { } trace)
        {
            trace.Bind(places, TracedSequences.Of(trace, offsets).Places(x));
        }

        return x + Weight.TakeRows(places);
    }
}
