using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Search;

/// <summary>Times the index on titles and queries from files.</summary>
internal static class SpeedMeasure
{
    /// <summary>A title counts as found among so many.</summary>
    private const int ListLength = 20;

    /// <summary>Queries of this kind are asked as they are typed.</summary>
    private const string PrefixKind = "prefix";

    /// <exception cref="ImportFormatException">A file can't be read, or a line is not as it should be.</exception>
    public static EvaluateSpeedResponse Run(EvaluateSpeedRequest request, CancellationToken cancellationToken)
    {
        (int Index, Product Product)[] titles = [.. ReadTitles(request.Titles)];
        SpeedQuery[] queries = [.. ReadQueries(request.Queries, titles)];
        PeakMemory.Restart();
        double seconds = double.PositiveInfinity;
        IndexView view = null!;
        for (int round = 0; round < request.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var index = new SearchIndex(new SearchLanguage("en"));
            long start = Stopwatch.GetTimestamp();
            index.Put(titles, cancellationToken);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
            view = index.View;
        }

        long peak = PeakMemory.Bytes;
        return new EvaluateSpeedResponse(titles.Length, seconds, titles.Length / seconds, view.Bytes, peak,
            [.. queries.GroupBy(query => query.Kind, StringComparer.Ordinal).Select(kind => Ask(view, kind.Key, [.. kind], request.Rounds, cancellationToken))]);
    }

    private static QuerySpeed Ask(IndexView view, string kind, SpeedQuery[] queries, int rounds, CancellationToken cancellationToken)
    {
        double[] milliseconds = new double[queries.Length];
        Array.Fill(milliseconds, double.PositiveInfinity);
        int foundCount = 0;
        long hits = 0;
        int[] products = new int[ListLength];
        float[] scores = new float[ListLength];
        for (int round = 0; round <= rounds; round++)        // the first warms up
        {
            cancellationToken.ThrowIfCancellationRequested();
            foundCount = 0;
            hits = 0;
            for (int i = 0; i < queries.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                FoundProducts found = new QueryReading<Bm25F>(view, view.Bm25F).Find(SearchQuery.Read(queries[i].Text, view.Language), corrects: true, kind == PrefixKind, allows: null);
                found.Best(products, scores, out int count);
                double taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                milliseconds[i] = round == 0 ? milliseconds[i] : Math.Min(milliseconds[i], taken);
                foundCount += products.AsSpan(0, count).Contains(queries[i].Title) ? 1 : 0;
                hits += count;
            }
        }

        Array.Sort(milliseconds);
        return new QuerySpeed(kind, queries.Length, (double)foundCount / queries.Length, (double)hits / queries.Length,
            milliseconds[milliseconds.Length / 2], milliseconds[(int)(milliseconds.Length * 0.99)]);
    }

    private static IEnumerable<(int Index, Product Product)> ReadTitles(string path)
    {
        int index = 0;
        foreach ((string[] parts, _) in TsvFile.Read(path, partCount: 2))
        {
            // Words of the title alone are indexed: a number is not what is looked for.
            yield return (index++, new Product { Id = "", Title = parts[1], Attributes = new Dictionary<string, string>(StringComparer.Ordinal), Image = parts[0] });
        }
    }

    private static IEnumerable<SpeedQuery> ReadQueries(string path, (int Index, Product Product)[] titles)
    {
        var indexOf = new Dictionary<string, int>(titles.Length, StringComparer.Ordinal);
        foreach ((int index, Product product) in titles)
        {
            indexOf[product.Image!] = index;
        }

        foreach ((string[] parts, int line) in TsvFile.Read(path, partCount: 3))
        {
            yield return indexOf.TryGetValue(parts[2], out int title) ? new SpeedQuery(parts[0], parts[1], title)
                : throw new ImportFormatException(path, line, string.Create(CultureInfo.InvariantCulture, $"there is no title '{parts[2]}'."));
        }
    }

    private sealed record SpeedQuery(string Kind, string Text, int Title);
}
