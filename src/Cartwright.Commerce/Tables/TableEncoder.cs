using Cartwright.Learning.Linear;
using Cartwright.Learning.Tables;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Tables;

/// <summary>What was learned of a column: its categories, its words, its scale.</summary>
internal sealed record LearnedColumn
{
    private const int MostTreeWords = 300;

    public required string Name { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Of a category column: the values with a code of their own, which is their place here and one more; 0 is for all others.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Of a text column: its tokens, most frequent first; their ids are their places.</summary>
    public IReadOnlyList<string> Vocabulary { get; init; } = [];

    /// <summary>Of a text column: ln((1 + rows) / (1 + rows with the token)) + 1, for each token.</summary>
    public IReadOnlyList<float> Rarity { get; init; } = [];

    /// <summary>Of each number that the column becomes: its mean and its deviation.</summary>
    public IReadOnlyList<float> Means { get; init; } = [];

    /// <inheritdoc cref="Means"/>
    public IReadOnlyList<float> Deviations { get; init; } = [];

    /// <summary>The cell that says least: the median, the most frequent category, no text.</summary>
    public string Typical { get; init; } = "";

    /// <summary>True where a row that was learned from missed it.</summary>
    public bool CanMiss { get; init; }

    /// <summary>Of a text column: ids of the words that trees ask for, its most frequent ones.</summary>
    internal int[] TreeWords => [.. Vocabulary.Select((token, id) => (token, id)).Where(t => t.token[0] != '#').Take(MostTreeWords).Select(t => t.id)];

    /// <summary>Names of the numbers that the column becomes.</summary>
    internal IEnumerable<string> NumberNames => Kind switch
    {
        ColumnKind.Number => [Name],
        ColumnKind.Time => [$"{Name} (day)", $"{Name} (month)", $"{Name} (weekday)", $"{Name} (hour)"],
        _ => [],
    };
}

/// <summary>Rows of a table as each kind of model reads them.</summary>
/// <param name="Network">For a network.</param>
/// <param name="Trees">For trees: numbers, codes, and whether a text has each of its most frequent words.</param>
/// <param name="Linear">For sums and distances: numbers in deviations from the mean, a 1 for each category, texts by the rarity of their tokens, of length 1.</param>
internal sealed record EncodedRows(TableRows Network, FeatureColumn[] Trees, SparseRows Linear)
{
    public int Count => Network.Count;

    /// <summary>Some of the rows, in the order given.</summary>
    public EncodedRows Select(int[] rows) => new(
        Network.Select(rows),
        [.. Trees.Select(column => new FeatureColumn(column.Name, Array.ConvertAll(rows, row => column.Values[row]), column.CategoryCount))],
        Linear.Select(rows));
}

/// <summary>Turns text cells into numbers, by what it learned of the columns from the rows that a model learns from.</summary>
internal sealed class TableEncoder
{
    private const int RowsOfCategory = 3;
    private const int RowsOfToken = 3;
    private const int MostCategories = 2_000;
    private const int MostTokens = 20_000;

    private readonly Dictionary<string, int>[] _codes;

    public TableEncoder(IReadOnlyList<LearnedColumn> columns)
    {
        Columns = columns;
        _codes = [.. columns.Select(column => (column.Kind == ColumnKind.Text ? column.Vocabulary : column.Categories)
            .Select((value, i) => (value, i)).ToDictionary(c => c.value, c => c.i, StringComparer.Ordinal))];
    }

    public IReadOnlyList<LearnedColumn> Columns { get; }

    public int NumberCount => Columns.Sum(column => column.NumberNames.Count());

    public IReadOnlyList<int> CategoryCounts => [.. Columns.Where(c => c.Kind == ColumnKind.Category).Select(c => c.Categories.Count + 1)];

    public IReadOnlyList<int> VocabularySizes => [.. Columns.Where(c => c.Kind == ColumnKind.Text).Select(c => Math.Max(1, c.Vocabulary.Count))];

    /// <summary>Columns of <see cref="EncodedRows.Linear"/>.</summary>
    public int LinearWidth => (2 * NumberCount) + CategoryCounts.Sum() + VocabularySizes.Sum();

    /// <param name="kinds">What each column holds; those ignored are left out.</param>
    /// <param name="rows">The rows to learn from.</param>
    public static TableEncoder Learn(Table table, IReadOnlyDictionary<string, ColumnKind> kinds, int[] rows) =>
        new([.. table.Columns.Where(column => kinds.TryGetValue(column.Name, out ColumnKind kind) && kind != ColumnKind.Ignored)
            .Select(column => Learn(column, kinds[column.Name], rows))]);

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The table lacks a column that was learned from.</exception>
    public EncodedRows Encode(Table table, int[] rows)
    {
        var numbers = new List<float[]>();
        var categories = new List<int[]>();
        var texts = new List<TokenColumn>();
        var trees = new List<FeatureColumn>();
        var linear = new List<(int Column, float Value)>[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            linear[i] = [];
        }

        int width = 0;
        foreach ((LearnedColumn column, Dictionary<string, int> codes) in Columns.Zip(_codes))
        {
            string[] cells = Array.ConvertAll(rows, row => table.Column(column.Name).Cells[row]);
            switch (column.Kind)
            {
                case ColumnKind.Category:
                    int[] code = Array.ConvertAll(cells, cell => codes.TryGetValue(cell, out int place) ? place + 1 : 0);
                    categories.Add(code);
                    trees.Add(new FeatureColumn(column.Name, Array.ConvertAll(code, c => (float)c), column.Categories.Count + 1));
                    AddOnes(linear, code, width);
                    width += column.Categories.Count + 1;
                    break;
                case ColumnKind.Text:
                    TokenColumn tokens = Tokens(cells, codes);
                    texts.Add(tokens);
                    trees.AddRange(WordColumns(column, tokens));
                    AddTexts(linear, column, tokens, width);
                    width += Math.Max(1, column.Vocabulary.Count);
                    break;
                default:
                    foreach ((string name, int i) in column.NumberNames.Select((name, i) => (name, i)))
                    {
                        float[] values = Array.ConvertAll(cells, cell => NumbersOf(column.Kind, cell)[i]);
                        numbers.Add(values);
                        trees.Add(new FeatureColumn(name, values));
                        AddNumbers(linear, values, column.Means[i], column.Deviations[i], width, column.CanMiss);
                        width += 2;
                    }

                    break;
            }
        }

        return new EncodedRows(
            new TableRows { Count = rows.Length, Numbers = numbers, Categories = categories, Texts = texts }, [.. trees], Pack(linear, width));
    }

    private static LearnedColumn Learn(TableColumn column, ColumnKind kind, int[] rows)
    {
        string[] cells = Array.ConvertAll(rows, row => column.Cells[row]);
        var learned = new LearnedColumn { Name = column.Name, Kind = kind, CanMiss = cells.Any(TableColumn.IsMissing) };
        switch (kind)
        {
            case ColumnKind.Category:
                return learned with
                {
                    Typical = MostFrequent(cells),
                    Categories = [.. cells.Where(cell => !TableColumn.IsMissing(cell)).CountBy(cell => cell, StringComparer.Ordinal)
                        .Where(c => c.Value >= RowsOfCategory).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
                        .Take(MostCategories).Select(c => c.Key)],
                };
            case ColumnKind.Text:
                KeyValuePair<string, int>[] tokens = [.. cells.SelectMany(cell => TextTokens.Of(cell).Distinct(StringComparer.Ordinal))
                    .CountBy(token => token, StringComparer.Ordinal).Where(c => c.Value >= RowsOfToken)
                    .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostTokens)];
                return learned with
                {
                    Vocabulary = [.. tokens.Select(c => c.Key)],
                    Rarity = [.. tokens.Select(c => (float)(Math.Log((1.0 + cells.Length) / (1 + c.Value)) + 1))],
                };
            default:
                float[][] numbers = [.. learned.NumberNames.Select((_, i) => cells.Select(cell => NumbersOf(kind, cell)[i]).Where(float.IsFinite).ToArray())];
                string[] sorted = kind == ColumnKind.Number
                    ? [.. cells.Where(cell => !float.IsNaN(NumbersOf(kind, cell)[0])).OrderBy(cell => NumbersOf(kind, cell)[0])]
                    : [.. cells.Where(cell => !TableColumn.IsMissing(cell)).Order(StringComparer.Ordinal)];
                double[] means = [.. numbers.Select(n => n.Length == 0 ? 0 : n.Average(x => (double)x))];
                return learned with
                {
                    Typical = sorted.Length == 0 ? "" : sorted[sorted.Length / 2],
                    Means = [.. means.Select(mean => (float)mean)],
                    Deviations = [.. numbers.Zip(means, (n, mean) => n.Length == 0 ? 0 : Math.Sqrt(n.Average(x => (x - mean) * (x - mean)))).Select(d => d > 0 ? (float)d : 1)],
                };
        }
    }

    private static string MostFrequent(string[] cells) =>
        cells.CountBy(cell => cell, StringComparer.Ordinal).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key).FirstOrDefault("");

    private static float[] NumbersOf(ColumnKind kind, string cell)
    {
        if (kind == ColumnKind.Number)
        {
            return [!TableColumn.IsMissing(cell) && ColumnKinds.TryNumber(cell, out float number) ? number : float.NaN];
        }

        return ColumnKinds.TryTime(cell, out DateTimeOffset time)
            ? [(float)(time - DateTimeOffset.UnixEpoch).TotalDays, time.Month, (float)time.DayOfWeek, time.Hour]
            : [float.NaN, float.NaN, float.NaN, float.NaN];
    }

    private static TokenColumn Tokens(string[] cells, Dictionary<string, int> codes)
    {
        int[] starts = new int[cells.Length + 1];
        var tokens = new List<int>();
        for (int i = 0; i < cells.Length; i++)
        {
            foreach (string token in TextTokens.Of(cells[i]))
            {
                if (codes.TryGetValue(token, out int id))
                {
                    tokens.Add(id);
                }
            }

            starts[i + 1] = tokens.Count;
        }

        return new TokenColumn(starts, [.. tokens]);
    }

    private static IEnumerable<FeatureColumn> WordColumns(LearnedColumn column, TokenColumn tokens)
    {
        int rows = tokens.Starts.Length - 1;
        int[] words = column.TreeWords;
        float[] length = new float[rows];
        var has = words.ToDictionary(id => id, _ => new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            length[row] = tokens.Of(row).Length;
            foreach (int token in tokens.Of(row))
            {
                if (has.TryGetValue(token, out float[]? column1))
                {
                    column1[row] = 1;
                }
            }
        }

        return [new FeatureColumn($"{column.Name} (length)", length), .. words.Select(id => new FeatureColumn($"{column.Name}: {column.Vocabulary[id]}", has[id]))];
    }

    private static void AddOnes(List<(int Column, float Value)>[] linear, int[] codes, int start)
    {
        for (int row = 0; row < linear.Length; row++)
        {
            linear[row].Add((start + codes[row], 1));
        }
    }

    private static void AddNumbers(List<(int Column, float Value)>[] linear, float[] values, float mean, float deviation, int start, bool canMiss)
    {
        for (int row = 0; row < linear.Length; row++)
        {
            if (float.IsFinite(values[row]))
            {
                linear[row].Add((start, (values[row] - mean) / deviation));
            }
            else if (canMiss)
            {
                linear[row].Add((start + 1, 1));
            }
        }
    }

    private static void AddTexts(List<(int Column, float Value)>[] linear, LearnedColumn column, TokenColumn tokens, int start)
    {
        bool[] isPiece = [.. column.Vocabulary.Select(token => token[0] == '#')];
        for (int row = 0; row < linear.Length; row++)
        {
            // Words and pairs alone: pieces of words are four of five tokens and add little to a sum.
            (int Token, float Weight)[] weights = [.. tokens.Of(row).ToArray().Where(t => !isPiece[t]).CountBy(t => t)
                .Select(c => (c.Key, (1 + MathF.Log(c.Value)) * column.Rarity[c.Key])).OrderBy(c => c.Key)];
            float length = MathF.Sqrt(weights.Sum(w => w.Weight * w.Weight));
            linear[row].AddRange(weights.Select(w => (start + w.Token, w.Weight / length)));
        }
    }

    private static SparseRows Pack(List<(int Column, float Value)>[] rows, int width)
    {
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + rows[i].Count;
        }

        return new SparseRows(starts, [.. rows.SelectMany(row => row.Select(c => c.Column))], [.. rows.SelectMany(row => row.Select(c => c.Value))], width);
    }
}
