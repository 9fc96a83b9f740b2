using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Rows that one thread counts: whole shoppers, or whole sessions of nobody known.</summary>
/// <param name="Start">First row.</param>
/// <param name="End">Behind the last one.</param>
internal readonly record struct RowPart(int Start, int End)
{
    private const int Size = 1 << 17;

    /// <summary>All rows of shoppers, cut by size.</summary>
    public static List<RowPart> OfShoppers(InteractionColumns rows) => Cut(rows.Shopper, 0, rows.ShopperStart[^1]);

    /// <summary>All rows of nobody known, cut by size.</summary>
    public static List<RowPart> OfNobody(InteractionColumns rows) => Cut(rows.Session, rows.ShopperStart[^1], rows.Count);

    private static List<RowPart> Cut(int[] of, int start, int end)
    {
        var parts = new List<RowPart>();
        while (start < end)
        {
            int cut = Math.Min(end, start + Size);
            while (cut < end && of[cut] == of[cut - 1])
            {
                cut++;
            }

            parts.Add(new RowPart(start, cut));
            start = cut;
        }

        return parts;
    }
}
