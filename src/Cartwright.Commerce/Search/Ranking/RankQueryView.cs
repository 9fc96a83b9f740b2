namespace Cartwright.Commerce.Search;

/// <summary>What of a query is the same for every product.</summary>
internal sealed class RankQueryView
{
    private readonly HashSet<int> _stems;

    public RankQueryView(RankQuery query, RankCatalog catalog, WordVectors vectors)
    {
        Query = query;
        _stems = [.. query.Words.SelectMany(word => word.Joined.Append(word.Stem)).Where(stem => stem >= 0)];
        Idf = [.. query.Words.Select(word => word.Idf)];
        Letters = [.. query.Words.Select(word => LetterRuns.Of(word.Read))];
        FoldedText = string.Join(' ', query.Words.Select(word => word.Text));
        WholeLetters = LetterRuns.Of(FoldedText);
        Direction = vectors.Sum(query.Words.Select(word => word.Stem));
        Weight = Idf.Sum();
        Squares = Idf.Sum(idf => (double)idf * idf);
        Rarest = Idf.DefaultIfEmpty(0).Max();
        LeastRare = Idf.DefaultIfEmpty(0).Min();
        Products = MathF.Log(1 + query.Words.Select(word => catalog.TitleCountOf(word.Stem)).DefaultIfEmpty(0).Min());
    }

    public RankQuery Query { get; }

    public float[] Idf { get; }

    /// <summary>Runs of three letters of each word.</summary>
    public int[][] Letters { get; }

    public string FoldedText { get; }

    public int[] WholeLetters { get; }

    /// <summary>Of all words together: <see cref="WordVectors.Sum"/>.</summary>
    public float[] Direction { get; }

    /// <summary>Sum of the words' rarities.</summary>
    public float Weight { get; }

    public double Squares { get; }

    public float Rarest { get; }

    public float LeastRare { get; }

    /// <summary>ln(1 + products whose title has the rarest word).</summary>
    public float Products { get; }

    public bool Has(int stem) => _stems.Contains(stem);
}
