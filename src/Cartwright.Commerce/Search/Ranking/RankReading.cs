using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Search;

/// <summary>What a ranker learned of words and numbers before it learned to rank: which stems it knows, and how the numbers spread.</summary>
/// <param name="Stems">From number 2 on; 1 is every other.</param>
/// <param name="Means">[<see cref="RankList.Width"/>]</param>
/// <param name="Deviations">As many, none 0.</param>
/// <param name="GradeMean">Of the grades that were learned from.</param>
/// <param name="GradeDeviation">More than 0.</param>
/// <param name="Scale">What grades are worth.</param>
internal sealed record RankReading(string[] Stems, float[] Means, float[] Deviations, float GradeMean, float GradeDeviation, GradeScale Scale)
{
    private const int Unknown = 1, First = 2;
    private const int FewestUses = 2;

    private readonly Dictionary<string, int> _numbers = Stems.Select((stem, i) => (stem, i)).ToDictionary(pair => pair.stem, pair => pair.i + First, StringComparer.Ordinal);

    public int VocabularySize => Stems.Length + First;

    public static RankReading Learn(IReadOnlyList<RankList> lists, RankCatalog catalog)
    {
        var uses = new Dictionary<int, int>();
        foreach (RankList list in lists)
        {
            foreach (int stem in list.View.Query.Words.Select(word => word.Stem).Concat(list.Products.SelectMany(product => catalog[product].Fields[RankCatalog.Title])))
            {
                uses[stem] = uses.GetValueOrDefault(stem) + 1;
            }
        }

        float[] grades = [.. lists.SelectMany(list => list.Grades).Where(grade => !float.IsNaN(grade))];
        float mean = grades.Average();
        float deviation = MathF.Sqrt(grades.Average(grade => (grade - mean) * (grade - mean)));
        (float[] means, float[] deviations) = Spread(lists);
        return new RankReading([.. uses.Where(use => use.Key >= 0 && use.Value >= FewestUses).Select(use => catalog.TextOf(use.Key)).Order(StringComparer.Ordinal)],
            means, deviations, mean, Math.Max(deviation, 1e-3f), GradeScale.Of(grades));
    }

    /// <summary>Numbers of the stems of a catalog: [its stems].</summary>
    public int[] Over(RankCatalog catalog) => [.. Enumerable.Range(0, catalog.StemCount).Select(stem => _numbers.GetValueOrDefault(catalog.TextOf(stem), Unknown))];

    /// <summary>Fills a pair into a batch.</summary>
    /// <param name="stems">Of <see cref="Over"/>.</param>
    public void Fill(RankBatch batch, int at, RankList list, int row, RankCatalog catalog, int[] stems)
    {
        Span<int> query = batch.QueryWords.AsSpan(at * RankNetwork.QueryLength, RankNetwork.QueryLength);
        RankWord[] words = list.View.Query.Words;
        for (int i = 0; i < Math.Min(words.Length, query.Length); i++)
        {
            query[i] = words[i].Stem < 0 ? Unknown : stems[words[i].Stem];
        }

        Span<int> title = batch.TitleWords.AsSpan(at * RankNetwork.TitleLength, RankNetwork.TitleLength);
        int[] titleStems = catalog[list.Products[row]].Fields[RankCatalog.Title];
        for (int i = 0; i < Math.Min(titleStems.Length, title.Length); i++)
        {
            title[i] = stems[titleStems[i]];
        }

        Span<float> numbers = batch.Numbers.AsSpan(at * RankList.Width, RankList.Width);
        list.Write(row, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Math.Clamp((numbers[i] - Means[i]) / Deviations[i], -5, 5);
        }
    }

    /// <summary>Columns for trees, of some rows of some lists.</summary>
    public static FeatureColumn[] Columns(IReadOnlyList<(RankList List, int Row)> rows)
    {
        float[][] columns = [.. Enumerable.Range(0, RankList.Width).Select(_ => new float[rows.Count])];
        float[] numbers = new float[RankList.Width];
        for (int r = 0; r < rows.Count; r++)
        {
            rows[r].List.Write(rows[r].Row, numbers);
            for (int i = 0; i < numbers.Length; i++)
            {
                columns[i][r] = numbers[i];
            }
        }

        return [.. columns.Select((column, i) => new FeatureColumn(i < RankFeatures.Count ? RankFeatures.Names[i] : $"{RankFeatures.Names[i - RankFeatures.Count]} beside others", column))];
    }

    private static (float[] Means, float[] Deviations) Spread(IReadOnlyList<RankList> lists)
    {
        var (sums, squares) = (new double[RankList.Width], new double[RankList.Width]);
        float[] numbers = new float[RankList.Width];
        double count = 0;
        foreach (RankList list in lists)
        {
            for (int row = 0; row < list.Count; row++)
            {
                list.Write(row, numbers);
                count++;
                for (int i = 0; i < numbers.Length; i++)
                {
                    sums[i] += numbers[i];
                    squares[i] += (double)numbers[i] * numbers[i];
                }
            }
        }

        float[] means = Array.ConvertAll(sums, sum => (float)(sum / count));
        return (means, [.. squares.Select((square, i) => (float)Math.Sqrt(Math.Max(0, (square / count) - ((double)means[i] * means[i]))) + 1e-3f)]);
    }
}
