using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Search;
using Cartwright.Learning.Metrics;

namespace Cartwright.Benchmarks.Search;

/// <summary>How well words alone rank: NDCG@10 over the whole catalog by a shop's judgments, beside SQLite FTS5's bm25 on the same text.</summary>
/// <remarks>Gains are 2^grade − 1 and fall with log2 of the rank; a product that nobody judged gains nothing.</remarks>
internal static class SearchQuality
{
    private const int Cutoff = 10;
    private const int Resamples = 10_000;
    private const int Seed = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, var folder])
        {
            Console.Error.WriteLine("search-quality <shop folder with judgments.csv>");
            return 2;
        }

        IReadOnlyList<Product> products = (await ShopFolder.ReadSnapshotAsync(folder)).Snapshot.Products;
        using CsvRecords<Judgment> judgments = ShopFolder.Open(folder).Read(new JudgmentsCsv(), new ImportLog())
            ?? throw new ImportFormatException(folder, null, "the folder has no judgments.csv.");
        (string Query, Dictionary<string, double> Grades)[] queries = [.. judgments.Read().GroupBy(judgment => judgment.Query, StringComparer.Ordinal)
            .Select(query => (query.Key, query.ToDictionary(judgment => judgment.Product, judgment => judgment.Grade, StringComparer.Ordinal)))];
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put(products.Select((product, i) => (i, product)));
        IndexView view = index.View;
        double[] bm25f = [.. queries.Select(query => Ndcg(query.Grades, Best(view, view.Bm25F, query.Query), products))];
        double[] cosine = [.. queries.Select(query => Ndcg(query.Grades, Best(view, new TfIdfCosine(view, Bm25FOptions.Default), query.Query), products))];
        Console.WriteLine($"{queries.Length:N0} queries, {queries.Sum(query => query.Grades.Count):N0} judgments, {products.Count:N0} products; any of the words, NDCG@{Cutoff}");
        Say("bm25f", bm25f);
        Say("tf-idf cosine", cosine);
        foreach (string tokenizer in (string[])[Fts5Index.Plain, Fts5Index.Stemmed])
        {
            using var theirs = new Fts5Index(tokenizer, products.Select(TextOf));
            double[] ndcg = [.. queries.Select(query => Ndcg(query.Grades, theirs.Best(AnyOf(query.Query), Cutoff), products))];
            Say($"FTS5 {tokenizer}", ndcg);
            Say("  bm25f above it", [.. bm25f.Zip(ndcg, (ours, other) => ours - other)]);
        }

        return 0;
    }

    private static void Say(string name, double[] values)
    {
        BootstrapInterval mean = Bootstrap.Mean(values, Seed, Resamples);
        Console.WriteLine($"{name,-40} {mean.Value:0.0000} ({mean.Low:0.0000} to {mean.High:0.0000})");
    }

    private static int[] Best<TScorer>(IndexView view, TScorer scorer, string query)
        where TScorer : struct, IWordScorer
    {
        int[] best = new int[Cutoff];
        new QueryReading<TScorer>(view, scorer).FindAny(SearchQuery.Read(query, view.Language)).Best(best, new float[Cutoff], out int count);
        return best[..count];
    }

    private static double Ndcg(Dictionary<string, double> grades, int[] ranked, IReadOnlyList<Product> products)
    {
        double ideal = Gain(grades.Values.OrderDescending());
        return ideal > 0 ? Gain(ranked.Select(product => grades.GetValueOrDefault(products[product].Id))) / ideal : 0;
    }

    private static double Gain(IEnumerable<double> grades) => grades.Take(Cutoff).Select((grade, i) => (Math.Pow(2, grade) - 1) / Math.Log2(i + 2)).Sum();

    /// <summary>What our index reads of a product, as one text.</summary>
    private static string TextOf(Product product) => string.Join('\n',
        (IEnumerable<string?>)[product.Title, product.Brand, product.Category, .. product.Tags, .. product.Attributes.Select(pair => ProductText.OfAttribute(pair.Key, pair.Value)), product.Description, product.Id]);

    private static string AnyOf(string query) => string.Join(" OR ", query.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $"\"{word.Replace("\"", "", StringComparison.Ordinal)}\""));
}
