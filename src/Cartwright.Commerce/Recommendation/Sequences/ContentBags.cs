namespace Cartwright.Commerce.Recommendation;

/// <summary>What is known of each product as numbers: tags, brand and categories, and behind them its price level where any has a price.</summary>
internal sealed class ContentBags
{
    private readonly ProductContent _content;
    private readonly int[] _priceLevels;

    public ContentBags(ProductContent content)
    {
        _content = content;
        _priceLevels = PriceLevels.Of(content.Products);
        Count = content.ValueCount + (Array.Exists(_priceLevels, level => level != PriceLevels.Unknown) ? PriceLevels.Count : 0);
    }

    /// <summary>Different numbers.</summary>
    public int Count { get; }

    /// <summary>The values of several products, one after the other, as an embedding bag reads them.</summary>
    /// <returns>Values, and where each product's start: product i has Values[Offsets[i]..Offsets[i + 1]].</returns>
    public (int[] Values, int[] Offsets) Of(ReadOnlySpan<int> products)
    {
        if (Count == _content.ValueCount)
        {
            return _content.Bags(products);
        }

        int[] offsets = new int[products.Length + 1];
        List<int> values = [];
        for (int i = 0; i < products.Length; i++)
        {
            values.AddRange(_content.Of(products[i]));
            if (_priceLevels[products[i]] != PriceLevels.Unknown)
            {
                values.Add(_content.ValueCount + _priceLevels[products[i]]);
            }

            offsets[i + 1] = values.Count;
        }

        return ([.. values], offsets);
    }
}
