using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A history as one vector that depends on what is asked about: the sum of its tokens, each times a weight that a small network reads off
/// the token and the query.</summary>
/// <remarks>
/// The local activation unit of Zhou et al., "Deep Interest Network for Click-Through Rate Prediction", KDD 2018, section 4.3: the weights do not
/// add up to 1, so that much of what is alike counts for more than a little. It reads query, token, their difference and their product.
/// Where the paper has Dice, x · p(x) with p a sigmoid of x among its batch, this has x · sigmoid(x), which needs no batch.
/// </remarks>
/// <param name="size">Numbers per token and per query.</param>
/// <param name="attentionSize">Width of the small network.</param>
/// <param name="random">Draws the first weights.</param>
internal sealed class TargetAttention(int size, int attentionSize, Random random) : Module
{
    private readonly Dense _inner = new(4 * size, attentionSize, random);
    private readonly Dense _weight = new(attentionSize, 1, random);

    protected override IEnumerable<Part> Parts => [new("inner", _inner), new("weight", _weight)];

    /// <param name="queries">[rows, size]</param>
    /// <param name="tokens">[tokens, size], the histories one after the other.</param>
    /// <param name="offsets">Row r has the tokens offsets[r] up to offsets[r + 1]; without any it gets zeros.</param>
    /// <returns>[rows, size]</returns>
    public Tensor Forward(Tensor queries, Tensor tokens, int[] offsets)
    {
        int rows = offsets.Length - 1;
        int[] rowOf = new int[offsets[^1]];
        int[] each = new int[offsets[^1]];
        float[] counts = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            counts[row] = offsets[row + 1] - offsets[row];
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
            {
                (rowOf[i], each[i]) = (row, i);
            }
        }

        Tensor asked = queries.TakeRows(rowOf);                                      // [tokens, size]
        Tensor pairs = Arrangement.Concat(1, asked, tokens, asked - tokens, asked * tokens);
        Tensor weights = _weight.Forward(_inner.Forward(pairs).Swish());              // [tokens, 1]
        return (tokens * weights).BagMeans(each, offsets) * Tensor.From(counts, rows, 1);
    }
}
