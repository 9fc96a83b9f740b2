using System.Numerics;
using System.Runtime.InteropServices;

namespace Cartwright.Commerce.Evaluation;

/// <summary>Keeps the best few of many scored products: a heap with the worst of the kept on top.</summary>
/// <remarks>Of equal scores the lower product number is better, so the same scores give the same list.</remarks>
internal ref struct TopList(Span<int> products, Span<float> scores)
{
    private readonly Span<int> _products = products;
    private readonly Span<float> _scores = scores[..products.Length];

    public int Count { get; private set; }

    /// <summary>A product whose score is not above this has no chance, if its number is higher than all that were offered.</summary>
    public readonly float Threshold => Count < _products.Length || Count == 0 ? float.NegativeInfinity : _scores[0];

    /// <summary>Offers a product. NaN and negative infinity are never kept.</summary>
    public void Offer(int product, float score)
    {
        if (!(score > float.NegativeInfinity))
        {
            return;
        }

        if (Count < _products.Length)
        {
            _products[Count] = product;
            _scores[Count] = score;
            SiftUp(Count++);
        }
        else if (Count > 0 && IsWorse(_scores[0], _products[0], score, product))
        {
            _products[0] = product;
            _scores[0] = score;
            SiftDown(0, Count);
        }
    }

    /// <summary>Offers every product from 0 on, several at a glance.</summary>
    public void OfferAll(ReadOnlySpan<float> scores)
    {
        ReadOnlySpan<Vector<float>> blocks = MemoryMarshal.Cast<float, Vector<float>>(scores);
        float threshold = Threshold;
        for (int block = 0; block < blocks.Length; block++)
        {
            if (Vector.GreaterThanAny(blocks[block], new Vector<float>(threshold)))
            {
                for (int product = block * Vector<float>.Count; product < (block + 1) * Vector<float>.Count; product++)
                {
                    Offer(product, scores[product]);
                }

                threshold = Threshold;
            }
        }

        for (int product = blocks.Length * Vector<float>.Count; product < scores.Length; product++)
        {
            Offer(product, scores[product]);
        }
    }

    /// <summary>Orders what was kept, best first; nothing may be offered afterwards.</summary>
    public readonly void Sort()
    {
        for (int last = Count - 1; last > 0; last--)
        {
            Swap(0, last);
            SiftDown(0, last);
        }
    }

    private static bool IsWorse(float score, int product, float otherScore, int otherProduct) =>
        score < otherScore || (score == otherScore && product > otherProduct);

    private readonly void SiftUp(int i)
    {
        while (i > 0)
        {
            int parent = (i - 1) / 2;
            if (!IsWorse(_scores[i], _products[i], _scores[parent], _products[parent]))
            {
                return;
            }

            Swap(i, parent);
            i = parent;
        }
    }

    private readonly void SiftDown(int i, int count)
    {
        while (true)
        {
            int child = (2 * i) + 1;
            if (child >= count)
            {
                return;
            }

            if (child + 1 < count && IsWorse(_scores[child + 1], _products[child + 1], _scores[child], _products[child]))
            {
                child++;
            }

            if (!IsWorse(_scores[child], _products[child], _scores[i], _products[i]))
            {
                return;
            }

            Swap(i, child);
            i = child;
        }
    }

    private readonly void Swap(int a, int b)
    {
        (_products[a], _products[b]) = (_products[b], _products[a]);
        (_scores[a], _scores[b]) = (_scores[b], _scores[a]);
    }
}
