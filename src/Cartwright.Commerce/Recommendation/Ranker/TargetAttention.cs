using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A history as one vector that depends on what is asked about: the sum of its products, each times a weight that a small network reads off
/// the product and what is asked.</summary>
/// <remarks>
/// The local activation unit of Zhou et al., "Deep Interest Network for Click-Through Rate Prediction", KDD 2018, section 4.3: the weights do not
/// add up to 1, so that much of what is alike counts for more than a little. The paper's unit reads both vectors, their difference and their
/// product. The difference adds nothing to a linear layer that reads both, so it is left out, and what is linear in one vector alone is worked
/// out once for each product, not for each pair. Where the paper has Dice, x · p(x) with p a sigmoid of x among its batch, this has
/// x · sigmoid(x), which needs no batch.
/// </remarks>
/// <param name="size">Numbers per product.</param>
/// <param name="attentionSize">Width of the small network.</param>
/// <param name="random">Draws the first weights.</param>
internal sealed class TargetAttention(int size, int attentionSize, Random random) : Module
{
    private readonly Dense _asked = new(size, attentionSize, random);
    private readonly Dense _token = new(size, attentionSize, random, hasBias: false);
    private readonly Dense _both = new(size, attentionSize, random, hasBias: false);
    private readonly Dense _weight = new(attentionSize, 1, random);

    protected override IEnumerable<Part> Parts => [new("asked", _asked), new("token", _token), new("both", _both), new("weight", _weight)];

    /// <param name="items">Each product once: [products, size].</param>
    /// <param name="asked">Product of each row: [rows].</param>
    /// <param name="history">Products of the histories, one after the other: [tokens].</param>
    /// <param name="offsets">Row r has the tokens offsets[r] up to offsets[r + 1]; without any it gets zeros.</param>
    /// <returns>[rows, size]</returns>
    public Tensor Forward(Tensor items, int[] asked, int[] history, int[] offsets)
    {
        int[] askedOf = new int[history.Length];
        int[] each = new int[history.Length];
        float[] counts = new float[asked.Length];
        for (int row = 0; row < asked.Length; row++)
        {
            counts[row] = offsets[row + 1] - offsets[row];
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
            {
                (askedOf[i], each[i]) = (asked[row], i);
            }
        }

        Tensor tokens = items.TakeRows(history);                                                          // [tokens, size]
        Tensor inner = _asked.Forward(items).TakeRows(askedOf) + _token.Forward(items).TakeRows(history) + _both.Forward(items.TakeRows(askedOf) * tokens);
        Tensor weights = _weight.Forward(inner.Swish());                                                  // [tokens, 1]
        return (tokens * weights).Bags(each, offsets) * Tensor.From(counts, asked.Length, 1);
    }
}
