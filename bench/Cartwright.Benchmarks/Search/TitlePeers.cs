using Cartwright.Benchmarks.Peers;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;

namespace Cartwright.Benchmarks.Search;

/// <summary>Our index beside SQLite FTS5 on the same titles and queries: each title set and each query on either side in turn, by processor time of one thread.</summary>
internal static class TitlePeers
{
    private const int ListLength = 20;
    private const int Rounds = 7;

    public static int Run(string[] args)
    {
        if (args is not [_, var titleFile, var queryFile])
        {
            Console.Error.WriteLine("search-peers <titles.tsv[.gz]> <queries.tsv[.gz]>");
            return 2;
        }

        string[] titles = [.. TsvFile.Read(titleFile, partCount: 2).Select(line => line.Parts[1])];
        Dictionary<string, int> numbers = TsvFile.Read(titleFile, partCount: 2).Select((line, i) => (line.Parts[0], i)).ToDictionary(StringComparer.Ordinal);
        (string Kind, string Text, int Title)[] queries = [.. TsvFile.Read(queryFile, partCount: 3).Select(line => (line.Parts[0], line.Parts[1], numbers[line.Parts[2]]))];
        Console.WriteLine($"{Machine.Processor}; {titles.Length:N0} titles, {queries.Length:N0} queries; processor time of one thread, ours and theirs in turn");
        foreach (string tokenizer in (string[])[Fts5Index.Plain, Fts5Index.Stemmed])
        {
            Compare(tokenizer, titles, queries);
        }

        return 0;
    }

    private static void Compare(string tokenizer, string[] titles, (string Kind, string Text, int Title)[] queries)
    {
        Func<double> now = Measured.Clock(1);
        double[] ourBuild = new double[Rounds];
        double[] theirBuild = new double[Rounds];
        SearchIndex ours = null!;
        Fts5Index theirs = null!;
        for (int round = -1; round < Rounds; round++)        // the first warms up
        {
            double start = now();
            ours = new SearchIndex(new SearchLanguage("en"));
            ours.Put(titles.Select((title, i) => (i, new Product { Id = "", Title = title })));
            double middle = now();
            theirs?.Dispose();
            double begin = now();
            theirs = new Fts5Index(tokenizer, titles);
            if (round >= 0)
            {
                ourBuild[round] = middle - start;
                theirBuild[round] = now() - begin;
            }
        }

        Console.WriteLine();
        Console.WriteLine($"SQLite FTS5, {tokenizer}");
        Console.WriteLine($"  index      ours {titles.Length / PairedTimes.Median(ourBuild):N0} titles/s, theirs {titles.Length / PairedTimes.Median(theirBuild):N0}; {Ratio(theirBuild, ourBuild)}");
        using (theirs)
        {
            foreach (IGrouping<string, (string Kind, string Text, int Title)> kind in queries.GroupBy(query => query.Kind, StringComparer.Ordinal))
            {
                Ask(ours.View, theirs, kind.Key, [.. kind], now);
            }
        }
    }

    private static void Ask(IndexView ours, Fts5Index theirs, string kind, (string Kind, string Text, int Title)[] queries, Func<double> now)
    {
        double[] ourTimes = new double[queries.Length];
        double[] theirTimes = new double[queries.Length];
        Array.Fill(ourTimes, double.PositiveInfinity);
        Array.Fill(theirTimes, double.PositiveInfinity);
        int ourFound = 0;
        int theirFound = 0;
        for (int round = 0; round < Rounds; round++)
        {
            ourFound = 0;
            theirFound = 0;
            for (int i = 0; i < queries.Length; i++)
            {
                double start = now();
                int[] ourList = Best(ours, queries[i].Text, kind == "prefix");
                double middle = now();
                int[] theirList = theirs.Best(Match(kind, queries[i].Text), ListLength);
                theirTimes[i] = Math.Min(theirTimes[i], now() - middle);
                ourTimes[i] = Math.Min(ourTimes[i], middle - start);
                ourFound += ourList.Contains(queries[i].Title) ? 1 : 0;
                theirFound += theirList.Contains(queries[i].Title) ? 1 : 0;
            }
        }

        Console.WriteLine($"  {kind,-8}   found ours {(double)ourFound / queries.Length:0.000}, theirs {(double)theirFound / queries.Length:0.000}; "
            + $"median ours {Milliseconds(ourTimes, 0.5)}, theirs {Milliseconds(theirTimes, 0.5)}; 99 % below ours {Milliseconds(ourTimes, 0.99)}, theirs {Milliseconds(theirTimes, 0.99)}; {Ratio(theirTimes, ourTimes)}");
    }

    private static int[] Best(IndexView view, string query, bool isAsYouType)
    {
        int[] products = new int[ListLength];
        FoundProducts found = new QueryReading<Bm25F>(view, view.Bm25F).Find(SearchQuery.Read(query, view.Language), corrects: true, isAsYouType, allows: null);
        found.Best(products, new float[ListLength], out int count);
        return products[..count];
    }

    /// <summary>All words, the last as a beginning where it is one; of misspelled ones any, since FTS5 corrects nothing.</summary>
    private static string Match(string kind, string query)
    {
        IEnumerable<string> words = query.Split(' ').Select(word => $"\"{word}\"");
        return kind switch
        {
            "typo" => string.Join(" OR ", words),
            "prefix" => string.Join(' ', words) + "*",
            _ => string.Join(' ', words),
        };
    }

    private static string Ratio(double[] theirs, double[] ours)
    {
        double[] ratios = [.. theirs.Zip(ours, (their, our) => their / our).Order()];
        return $"theirs/ours {PairedTimes.Quantile(ratios, 0.5):0.00} (of pairs: 10 % below {PairedTimes.Quantile(ratios, 0.1):0.00}, 90 % below {PairedTimes.Quantile(ratios, 0.9):0.00})";
    }

    private static string Milliseconds(double[] times, double share) => $"{PairedTimes.Quantile([.. times.Order()], share) * 1e3:0.000} ms";
}
