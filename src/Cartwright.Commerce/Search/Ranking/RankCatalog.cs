using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>The words of a shop's products as a ranker reads them: by stem, field by field, with what is rare and what goes together.</summary>
internal sealed class RankCatalog
{
    /// <summary>Fields that are read one by one; category and tags are one.</summary>
    public const int FieldCount = 5;

    public const int Title = 0, Brand = 1, Category = 2, Attributes = 3, Description = 4;

    private readonly Dictionary<string, int> _stems;
    private readonly SearchLanguage _language;
    private readonly string[] _texts;
    private readonly string?[] _folded;
    private readonly ProductWords[] _products;
    private readonly int[] _count;
    private readonly int[] _titleCount;
    private readonly decimal[] _prices;

    /// <param name="products">Their indexes are those of the index.</param>
    public RankCatalog(IReadOnlyList<Product> products, SearchLanguage language, CancellationToken cancellation)
    {
        _language = language;
        _stems = new Dictionary<string, int>(StringComparer.Ordinal);
        Products = products;
        _products = new ProductWords[products.Count];
        for (int i = 0; i < products.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _products[i] = Read(products[i]);
        }

        _texts = [.. _stems.OrderBy(stem => stem.Value).Select(stem => stem.Key)];
        _folded = new string?[products.Count];
        (_count, _titleCount) = (new int[_stems.Count], new int[_stems.Count]);
        double[] lengths = new double[FieldCount];
        foreach (ProductWords product in _products)
        {
            Count(product, 1);
            for (int field = 0; field < FieldCount; field++)
            {
                lengths[field] += product.Fields[field].Length;
            }
        }

        MeanLengths = Array.ConvertAll(lengths, length => Math.Max(1, length / Math.Max(1, products.Count)));
        _prices = [.. products.Select(product => product.Price).OfType<decimal>().Order()];
        PriceRank = [.. products.Select(RankOf)];
    }

    /// <param name="changed">Dense indexes, those behind the end of the others without a gap.</param>
    private RankCatalog(RankCatalog before, IReadOnlyCollection<(int Index, Product Product)> changed)
    {
        _language = before._language;
        _stems = new Dictionary<string, int>(before._stems, StringComparer.Ordinal);
        _prices = before._prices;
        MeanLengths = before.MeanLengths;
        int count = Math.Max(before.Products.Count, changed.Max(one => one.Index) + 1);
        Product[] products = [.. before.Products, .. new Product[count - before.Products.Count]];
        Products = products;
        _products = [.. before._products, .. new ProductWords[count - before.Products.Count]];
        _folded = [.. before._folded, .. new string?[count - before.Products.Count]];
        PriceRank = [.. before.PriceRank, .. new float[count - before.Products.Count]];
        foreach ((int index, Product product) in changed)
        {
            (products[index], _products[index], _folded[index], PriceRank[index]) = (product, Read(product), null, RankOf(product));
        }

        _texts = [.. before._texts, .. _stems.Where(stem => stem.Value >= before.StemCount).OrderBy(stem => stem.Value).Select(stem => stem.Key)];
        _count = [.. before._count, .. new int[StemCount - before.StemCount]];
        _titleCount = [.. before._titleCount, .. new int[StemCount - before.StemCount]];
        foreach ((int index, _) in changed)
        {
            if (index < before._products.Length)
            {
                Count(before._products[index], -1);
            }

            Count(_products[index], 1);
        }
    }

    public IReadOnlyList<Product> Products { get; }

    /// <summary>Words of each field of a product, in the mean.</summary>
    public double[] MeanLengths { get; }

    /// <summary>Share of the priced products that cost less than each; 0.5 where no price is known.</summary>
    public float[] PriceRank { get; }

    public int StemCount => _stems.Count;

    public ProductWords this[int product] => _products[product];

    /// <summary>The catalog after some products were put. The numbers of stems stay, and so do the prices and lengths that products are held against.</summary>
    /// <param name="changed">One or more, by dense index; new ones follow the others without a gap.</param>
    public RankCatalog With(IReadOnlyCollection<(int Index, Product Product)> changed) => new(this, changed);

    /// <returns>The number of a word's stem, or -1 where no product has it.</returns>
    public int StemOf(ReadOnlySpan<char> word)
    {
        Span<char> stem = stackalloc char[(2 * Analyzer.MaxWordLength) + 2];
        return _stems.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(stem[..Stem(word, stem)], out int known) ? known : -1;
    }

    /// <summary>A stem as it is written.</summary>
    public string TextOf(int stem) => _texts[stem];

    /// <summary>A title in small letters without accents, one space between words.</summary>
    public string FoldedTitle(int product) => _folded[product] ??= Fold(Products[product].Title);

    public bool IsJoiner(ReadOnlySpan<char> word) => _language.IsJoiner(word);

    /// <summary>ln(1 + (N - n + 0.5) / (n + 0.5)), with n the products that have the stem anywhere; of one that nothing has the highest.</summary>
    public double Idf(int stem) => Math.Log(1 + ((Products.Count - CountOf(stem) + 0.5) / (CountOf(stem) + 0.5)));

    /// <summary>Products that have the stem anywhere.</summary>
    public int CountOf(int stem) => stem < 0 ? 0 : _count[stem];

    /// <summary>Products that have it in their title.</summary>
    public int TitleCountOf(int stem) => stem < 0 ? 0 : _titleCount[stem];

    private int Stem(ReadOnlySpan<char> word, Span<char> stem) => _language.Stem(word, stem);

    private ProductWords Read(Product product)
    {
        int[][] fields =
        [
            Read(product.Title),
            Read(product.Brand),
            [.. Read(product.Category), .. product.Tags.SelectMany(Read)],
            [.. product.Attributes.SelectMany(attribute => Read(ProductText.OfAttribute(attribute.Key, attribute.Value)))],
            Read(product.Description),
        ];
        return new ProductWords(fields, [.. fields.SelectMany(field => field).Distinct().Order()]);
    }

    private int[] Read(string? text)
    {
        if (text is null)
        {
            return [];
        }

        var sink = new StemSink(this, []);
        Analyzer.Read(text, 0, ref sink);
        return [.. sink.Stems];
    }

    private static string Fold(string text)
    {
        var folded = new System.Text.StringBuilder(text.Length);
        foreach (char letter in text)
        {
            bool isWord = Letters.KindOf(letter) is LetterKind.Letter or LetterKind.Digit or LetterKind.Ideograph;
            if (isWord)
            {
                folded.Append(Letters.Fold(letter));
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }

    private void Count(ProductWords product, int times)
    {
        foreach (int stem in product.Distinct)
        {
            _count[stem] += times;
        }

        foreach (int stem in product.Fields[Title].Distinct())
        {
            _titleCount[stem] += times;
        }
    }

    private float RankOf(Product product)
    {
        if (product.Price is not { } price || _prices.Length < 2)
        {
            return 0.5f;
        }

        int below = Array.BinarySearch(_prices, price);
        below = below < 0 ? ~below : below;
        while (below > 0 && _prices[below - 1] == price)
        {
            below--;
        }

        return Math.Min(1, below / (_prices.Length - 1f));
    }

    private readonly struct StemSink(RankCatalog catalog, List<int> stems) : ITokenSink
    {
        public List<int> Stems => stems;

        public void Take(in Token token)
        {
            Span<char> stem = stackalloc char[(2 * Analyzer.MaxWordLength) + 2];
            int length = catalog.Stem(token.Word, stem);
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(catalog._stems.GetAlternateLookup<ReadOnlySpan<char>>(), stem[..length], out bool isKnown);
            if (!isKnown)
            {
                number = catalog._stems.Count - 1;
            }

            stems.Add(number);
        }
    }
}

/// <param name="Fields">Stems of each field, in their order.</param>
/// <param name="Distinct">Stems of all fields, rising.</param>
internal sealed record ProductWords(int[][] Fields, int[] Distinct)
{
    public bool Has(int stem) => stem >= 0 && Array.BinarySearch(Distinct, stem) >= 0;
}
