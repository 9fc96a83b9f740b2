namespace Cartwright.Commerce.Search;

/// <summary>The first products for a query in the order of each plain model, as their grades. Of equal scores those with the lower grade come first.</summary>
/// <param name="length">Places that are looked at.</param>
internal sealed class RankOrders(IndexView index, float[] popularity, int length)
{
    /// <summary>Grades in order, of each query: NaN where nobody judged.</summary>
    /// <param name="name">"bm25", "tf-idf", "overlap" (how many of the words a product has), "popularity" (among those that have any).</param>
    public float[][] Of(string name, IReadOnlyList<JudgedQuery> queries, CancellationToken cancellation)
    {
        var tops = new float[queries.Count][];
        var tfIdf = new TfIdfCosine(index, Bm25FOptions.Default);
        Parallel.For(0, tops.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var query = SearchQuery.Read(queries[i].Query, index.Language);
            FoundProducts found = name == SearchRankingAttribute.TfIdf ? new QueryReading<TfIdfCosine>(index, tfIdf).FindAny(query)
                : name == RankEvaluation.Overlap ? new QueryReading<WordOverlap>(index, default).FindAny(query)
                : new QueryReading<Bm25F>(index, index.Bm25F).FindAny(query);
            ReadOnlySpan<float> scores = name == RankEvaluation.Popularity ? Array.ConvertAll(found.Products.ToArray(), product => popularity[product]) : found.Scores;
            tops[i] = Top(found.Products, scores, queries[i]);
        });
        return tops;
    }

    /// <summary>A list in a new order, and behind it what the index found besides.</summary>
    /// <param name="scores">Of the products that the index found in the list.</param>
    public float[] Reordered(JudgedQuery query, RankList list, float[] scores)
    {
        float[] first = Top(list.Products.AsSpan(0, list.FoundCount), scores, query);
        if (length <= list.FoundCount)
        {
            return first;
        }

        FoundProducts found = new QueryReading<Bm25F>(index, index.Bm25F).FindAny(SearchQuery.Read(query.Query, index.Language));
        int[] rest = new int[Math.Min(length, found.Count)];
        found.Best(rest, new float[rest.Length], out int count);
        return [.. first, .. rest.AsSpan(0, count).ToArray().Skip(list.FoundCount).Select(product => GradeOf(query, product))];
    }

    private float[] Top(ReadOnlySpan<int> found, ReadOnlySpan<float> scores, JudgedQuery query)
    {
        var order = new (float Score, float Grade)[found.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (-scores[i], GradeOf(query, found[i]));
        }

        // NaN sorts before every number: what nobody judged stands first among equals.
        Array.Sort(order);
        return [.. order.Take(length).Select(item => item.Grade)];
    }

    private static float GradeOf(JudgedQuery query, int product) => query.Grades.TryGetValue(product, out float grade) ? grade : float.NaN;

    /// <summary>Every word counts 1.</summary>
    private readonly struct WordOverlap : IWordScorer
    {
        public float Weigh(Segment segment, int doc, int field) => 1;

        public float Score(Segment segment, int doc, float weight, float idf) => 1;

        public float Idf(int docCount) => 1;
    }
}
