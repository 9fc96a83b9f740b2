using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Histories that are read together, one after the other; the empty ones are left out.</summary>
/// <param name="Products">The products of all.</param>
/// <param name="Offsets">Where each begins, and the end of the last.</param>
/// <param name="Owners">Which of the histories each is.</param>
internal sealed record HistoryBatch(int[] Products, int[] Offsets, int[] Owners)
{
    /// <param name="latest">What a model reads of a history.</param>
    public static HistoryBatch Of(ReadOnlySpan<Steps> histories, Func<Steps, int[]> latest)
    {
        List<int> products = [];
        List<int> offsets = [0];
        List<int> owners = [];
        for (int i = 0; i < histories.Length; i++)
        {
            if (!histories[i].IsEmpty)
            {
                products.AddRange(latest(histories[i]));
                offsets.Add(products.Count);
                owners.Add(i);
            }
        }

        return new HistoryBatch([.. products], [.. offsets], [.. owners]);
    }

    /// <summary>The row of the last step of each history.</summary>
    /// <param name="states">[steps, hidden]</param>
    public Tensor Last(Tensor states) => states.TakeRows([.. Offsets.Skip(1).Select(end => end - 1)]);

    /// <summary>Writes each history's scores where it stands; an empty one says nothing: all products alike.</summary>
    /// <param name="products">[owners, products]</param>
    /// <param name="scores">[histories · products]</param>
    public void Write(Tensor products, Span<float> scores)
    {
        scores.Clear();
        for (int row = 0; row < Owners.Length; row++)
        {
            products.Values.Slice(row * products.Columns, products.Columns).CopyTo(scores[(Owners[row] * products.Columns)..]);
        }
    }
}
