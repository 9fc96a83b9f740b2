using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Reads queries over a catalog: finds the first products by BM25F and measures each pair. Safe to call from several threads.</summary>
internal sealed class RankReader
{
    /// <summary>How many of the first found products a product is seen beside.</summary>
    private const int ComparedCount = 30;

    /// <summary>Guesses kept, about 100 bytes each.</summary>
    private const int MaxGuesses = 20_000;

    private readonly IndexView _index;
    private readonly SearchLanguage _language;
    private readonly WordVectors _vectors;
    private readonly float[] _popularity;
    private readonly RankFeatures _features;
    private readonly ConcurrentDictionary<string, string?> _guesses = new(StringComparer.Ordinal);

    /// <param name="products">By the same dense indexes as the index.</param>
    /// <param name="popularity">Of each product: <see cref="ProductPopularity"/>.</param>
    public RankReader(IndexView index, IReadOnlyList<Product> products, float[] popularity, CancellationToken cancellation)
    {
        _index = index;
        _language = index.Language;
        Catalog = new RankCatalog(products, _language, cancellation);
        _vectors = new WordVectors(Catalog, seed: 1, cancellation);
        _popularity = popularity;
        _features = new RankFeatures(Catalog, _vectors, popularity);
    }

    private RankReader(RankReader before, IndexView index, IReadOnlyCollection<(int Index, Product Product)> changed)
    {
        _index = index;
        _language = index.Language;
        Catalog = before.Catalog.With(changed);
        _vectors = before._vectors.With(Catalog);
        _popularity = [.. before._popularity, .. new float[Catalog.Products.Count - before._popularity.Length]];
        _features = new RankFeatures(Catalog, _vectors, _popularity);
    }

    public RankCatalog Catalog { get; }

    public WordVectors Vectors => _vectors;

    /// <summary>Reads some products anew, which takes milliseconds; what words mean stays as it was learned from all of them.</summary>
    /// <param name="index">The index as it is now.</param>
    /// <param name="changed">One or more, by dense index; new ones follow the others without a gap.</param>
    public RankReader With(IndexView index, IReadOnlyCollection<(int Index, Product Product)> changed) => new(this, index, changed);

    public RankQueryView Read(string query) => new(RankQuery.Read(query, Catalog, _language, Guess), Catalog, _vectors);

    /// <summary>The first products by BM25F, and others.</summary>
    /// <param name="depth">Products of the index, at most.</param>
    /// <param name="others">Dense indexes of products that are measured wherever they stand.</param>
    public RankList Find(string query, int depth, IReadOnlyCollection<int> others)
    {
        FoundProducts found = new QueryReading<Bm25F>(_index, _index.Bm25F).FindAny(SearchQuery.Read(query, _language));
        return List(Read(query), found, depth, others);
    }

    /// <summary>Measures what was found already.</summary>
    public RankList List(RankQueryView view, FoundProducts found, int depth, IReadOnlyCollection<int> others)
    {
        int[] first = new int[Math.Min(depth, found.Count)];
        float[] scores = new float[first.Length];
        found.Best(first, scores, out int count);
        HashSet<int> listed = [.. first[..count]];
        int[] added = [.. others.Where(product => !listed.Contains(product))];
        int[] products = [.. first[..count], .. added];
        float[] indexScores = [.. scores[..count], .. added.Select(product => ScoreOf(found, product))];
        float[] raw = new float[products.Length * RankFeatures.Count];
        float best = count == 0 ? 0 : scores[0];
        for (int row = 0; row < products.Length; row++)
        {
            int place = row < count ? row : PlaceOf(found, indexScores[row]);
            _features.Write(view, products[row], new IndexedMatch(indexScores[row], best, place, found.Count), raw.AsSpan(row * RankFeatures.Count, RankFeatures.Count));
        }

        return new RankList(view, products, count, indexScores, raw, ComparedCount);
    }

    private static float ScoreOf(FoundProducts found, int product) => found.Products.IndexOf(product) is >= 0 and int at ? found.Scores[at] : 0;

    private static int PlaceOf(FoundProducts found, float score)
    {
        int place = 0;
        foreach (float other in found.Scores)
        {
            place += other > score ? 1 : 0;
        }

        return place;
    }

    private string? Guess(string word)
    {
        if (_guesses.Count >= MaxGuesses)
        {
            _guesses.Clear();                                // words that shoppers make up have no end
        }

        return _guesses.GetOrAdd(word, unknown => Spelling.Guess(_index, unknown) is [var near, ..] ? near.Word : null);
    }
}
