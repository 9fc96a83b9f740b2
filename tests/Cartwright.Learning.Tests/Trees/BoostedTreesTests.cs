using System.Text.Json;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.References;
using Cartwright.Learning.Trees;

namespace Cartwright.Learning.Tests.Trees;

public sealed class BoostedTreesTests
{
    private const int TrainRows = 300;

    private static readonly BoostedTreesOptions Small = new() { RoundCount = 20, RowsPerLeaf = 5, LeafCount = 8 };

    public static TheoryData<string> Cases => ["squared", "shrunk", "coarse", "quantile", "poisson", "two", "three"];

    [Theory, MemberData(nameof(Cases))]
    public void Predicts_what_scikit_learn_predicts(string name)
    {
        BoostedTreesOptions options = name switch
        {
            "shrunk" => Small with { L2 = 2 },
            "coarse" => Small with { BinCount = 16 },
            "quantile" => Small with { Objective = TreeObjective.Quantile, Quantile = 0.8f },
            "poisson" => Small with { Objective = TreeObjective.Poisson },
            "two" => Small with { Objective = TreeObjective.Classes },
            "three" => Small with { Objective = TreeObjective.Classes, ClassCount = 3 },
            _ => Small,
        };
        var reference = Reference.Load("trees.json", name);
        FeatureColumn[] columns = ReferenceColumns();

        var model = BoostedTrees.Fit(Rows(columns, 0, TrainRows), reference.Numbers("targets"), options);

        Reference.AssertClose(name, reference.Numbers("predictions"), model.Predict(Rows(columns, TrainRows, 360)));
    }

    [Fact]
    public void Any_number_of_threads_grows_the_same_trees()
    {
        (FeatureColumn[] columns, float[] targets) = Shop(6_000);
        float[] Learned(int threads)
        {
            int before = Compute.ThreadCount;
            Compute.ThreadCount = threads;
            try
            {
                return BoostedTrees.Fit(columns, targets, new BoostedTreesOptions { RoundCount = 8 }).Predict(columns);
            }
            finally
            {
                Compute.ThreadCount = before;
            }
        }

        float[] one = Learned(1);

        Assert.Equal(one, Learned(2));
        Assert.Equal(one, Learned(5));
    }

    [Fact]
    public void A_split_of_categories_may_take_any_set_of_them()
    {
        // Odd categories are worth 1 and even ones nothing: no order of the codes shows it, one set does.
        float[] codes = [.. Enumerable.Range(0, 600).Select(i => (float)(i % 12))];
        float[] targets = [.. codes.Select(code => code % 2)];
        BoostedTreesOptions oneSplit = new() { RoundCount = 1, LeafCount = 2, LearningRate = 1 };

        float[] predictions = BoostedTrees.Fit([new FeatureColumn("kind", codes, 12)], targets, oneSplit).Predict([new FeatureColumn("kind", codes, 12)]);

        Assert.Equal(targets, predictions, (x, y) => Math.Abs(x - y) < 1e-5);
    }

    [Fact]
    public void What_is_missing_and_what_was_never_seen_go_the_same_way()
    {
        float[] codes = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 3 ? float.NaN : i % 4)];
        float[] targets = [.. codes.Select(code => float.IsNaN(code) ? 5f : 0)];
        var model = BoostedTrees.Fit([new FeatureColumn("kind", codes, 3)], targets, new BoostedTreesOptions());

        float[] predictions = model.Predict([new FeatureColumn("kind", [0, float.NaN, 7, -1], 3)]);

        Assert.Equal(0, predictions[0], 0.01);
        Assert.Equal(5, predictions[1], 0.01);
        Assert.Equal(predictions[1], predictions[2]);
        Assert.Equal(predictions[1], predictions[3]);
    }

    [Fact]
    public void Columns_that_say_the_same_in_most_rows_are_split_as_all_others_are()
    {
        // More of them than one group holds; each row has a few words, and some words are not known.
        const int rows = 900, words = 70;
        var random = new Random(5);
        float[][] has = [.. Enumerable.Range(0, words).Select(_ => Enumerable.Range(0, rows)
            .Select(_ => random.NextSingle() is var x && x < 0.1f ? 1 : x < 0.15f ? float.NaN : 0).ToArray())];
        float[] dense = [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())];
        float[] targets = [.. Enumerable.Range(0, rows).Select(i => random.NextSingle() + Enumerable.Range(0, words).Sum(w => has[w][i] == 1 ? 3f / (w + 1) : 0))];
        FeatureColumn[] columns = [.. has.Select((values, w) => new FeatureColumn($"word {w}", values)), new("dense", dense)];
        BoostedTreesOptions oneSplit = new() { RoundCount = 1, LeafCount = 2, LearningRate = 1, RowsPerLeaf = 1 };

        var model = BoostedTrees.Fit(columns, targets, oneSplit);

        // The first word is worth most: its rows on one side, all others on the other, each side by its mean.
        float[] expected = [.. new[] { true, false }.Select(side => targets.Where((_, i) => has[0][i] == 1 == side).Average())];
        Assert.Equal(0, model.Importance().IndexOf(1));
        Assert.Equal(has[0].Select(x => expected[x == 1 ? 0 : 1]), model.Predict(columns), (x, y) => Math.Abs(x - y) < 1e-4);
    }

    [Fact]
    public void A_column_of_one_value_or_of_none_at_all_is_left_alone()
    {
        float[] noise = [.. Enumerable.Range(0, 100).Select(i => (float)(i % 10))];
        FeatureColumn[] columns = [new("same", new float[100]), new("absent", [.. Enumerable.Repeat(float.NaN, 100)]), new("noise", noise)];

        var model = BoostedTrees.Fit(columns, noise, Small);

        Assert.Equal([0, 0, 1], model.Importance());
    }

    [Fact]
    public void Validation_keeps_the_rounds_with_the_lowest_loss()
    {
        (FeatureColumn[] columns, float[] targets) = Shop(400);
        (FeatureColumn[] held, float[] heldTargets) = Shop(300, seed: 8);
        var losses = new List<double>();
        BoostedTreesOptions greedy = new() { RoundCount = 300, LearningRate = 0.5f, RowsPerLeaf = 2 };

        var model = BoostedTrees.Fit(columns, targets, greedy, new TreeValidation(held, heldTargets), new Listener(p => losses.Add(p.Loss)));

        Assert.True(losses.Count < 300);
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, model.RoundCount);
    }

    [Fact]
    public void What_was_saved_predicts_the_same_bits()
    {
        (FeatureColumn[] columns, float[] targets) = Shop(500);
        var model = BoostedTrees.Fit(columns, targets, Small);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Safetensors.Write(path, model.Weights());

            var loaded = BoostedTrees.Load(Small, Safetensors.Read(path).Tensors);

            Assert.Equal(model.Predict(columns), loaded.Predict(columns));
            Assert.Equal(model.Importance(), loaded.Importance());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_columns_add_is_their_mean_over_all_orders_of_taking_another_rows_place()
    {
        (FeatureColumn[] columns, float[] targets) = Shop(800);
        columns = columns[..4];
        var model = BoostedTrees.Fit(columns, targets, Small);
        FeatureColumn[] pair = Rows(columns, 10, 12);

        TreeAttribution parts = model.Attribute(pair);

        int[][] orders = [.. Orders([0, 1, 2, 3])];
        double[] expected = new double[4];
        foreach (int[] order in orders)
        {
            float[] cells = [.. pair.Select(column => column.Values[1])];
            double before = Score(cells);
            foreach (int column in order)
            {
                cells[column] = pair[column].Values[0];
                double after = Score(cells);
                expected[column] += (after - before) / orders.Length;
                before = after;
            }
        }

        Assert.Equal(24, orders.Length);
        Assert.Equal(expected, parts.Parts[0], (x, y) => Math.Abs(x - y) < 1e-5);
        Assert.Equal(Score([.. pair.Select(column => column.Values[0])]), parts.To[0], 1e-5);

        double Score(float[] cells) => model.Predict([.. cells.Select((cell, c) => new FeatureColumn(columns[c].Name, [cell], columns[c].CategoryCount))])[0];

        static IEnumerable<int[]> Orders(int[] left) => left.Length == 0 ? [[]]
            : left.SelectMany(first => Orders([.. left.Where(other => other != first)]).Select(rest => (int[])[first, .. rest]));
    }

    [Theory]
    [InlineData("nodes.left", 0f)]
    [InlineData("nodes.right", 1e6f)]
    [InlineData("nodes.feature", 99f)]
    [InlineData("nodes.last_left", 0.5f)]
    [InlineData("columns.cut_count", 300f)]
    [InlineData("trees.node_count", 2f)]
    public void Weights_that_make_no_trees_are_refused(string name, float value)
    {
        (FeatureColumn[] columns, float[] targets) = Shop(500);
        var weights = BoostedTrees.Fit(columns, targets, Small).Weights().ToDictionary();
        float[] broken = weights[name].ToArray();
        broken[0] = value;
        weights[name] = Tensor.From(broken, broken.Length);

        Assert.Throws<ModelFormatException>(() => BoostedTrees.Load(Small, weights));
    }

    [Theory]
    [InlineData(TreeObjective.SquaredError, float.NaN)]
    [InlineData(TreeObjective.Poisson, -1f)]
    [InlineData(TreeObjective.Classes, 2f)]
    [InlineData(TreeObjective.Classes, 0.5f)]
    public void A_target_that_the_objective_does_not_know_is_refused(TreeObjective objective, float target)
    {
        FeatureColumn[] columns = [new("x", [1, 2, 3])];

        var e = Assert.Throws<ArgumentException>(() => BoostedTrees.Fit(columns, [0, 1, target], new BoostedTreesOptions { Objective = objective }));

        Assert.Contains($"A target is {target}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_is_heard_between_rounds()
    {
        (FeatureColumn[] columns, float[] targets) = Shop(200);
        using CancellationTokenSource source = new();

        Assert.Throws<OperationCanceledException>(() => BoostedTrees.Fit(
            columns, targets, new BoostedTreesOptions(), progress: new Listener(p => source.Cancel()), cancellation: source.Token));
    }

    private static FeatureColumn[] ReferenceColumns()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "References", "trees.json")));
        return [.. document.RootElement.GetProperty("rows").EnumerateObject().Select(column => new FeatureColumn(column.Name,
            [.. column.Value.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.Null ? float.NaN : x.GetSingle())]))];
    }

    private static FeatureColumn[] Rows(FeatureColumn[] columns, int start, int end) =>
        [.. columns.Select(column => new FeatureColumn(column.Name, column.Values[start..end], column.CategoryCount))];

    /// <summary>A price that follows from a size, a kind and a condition, with noise.</summary>
    private static (FeatureColumn[] Columns, float[] Targets) Shop(int rows, int seed = 7)
    {
        var random = new Random(seed);
        float[] size = [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())];
        float[] kind = [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(5))];
        float[] age = [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle() < 0.1 ? float.NaN : random.NextSingle() * 10)];
        float[][] others = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextSingle()).ToArray())];
        float[] price = [.. Enumerable.Range(0, rows).Select(i =>
            (3 * size[i]) + kind[i] - (float.IsNaN(age[i]) ? 1 : age[i] * 0.2f) + (0.5f * random.NextSingle()))];
        return ([new("size", size), new("kind", kind, 5), new("age", age), .. others.Select((x, i) => new FeatureColumn($"noise{i}", x))], price);
    }

    private sealed class Listener(Action<TreeProgress> heard) : IProgress<TreeProgress>
    {
        public void Report(TreeProgress value) => heard(value);
    }
}
