using System.Globalization;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Trees;

namespace Cartwright.Benchmarks.Tables;

/// <summary>Boosted trees beside scikit-learn's on the same columns and splits, with the same options: quality and processor time, one thread on either side.</summary>
internal static class TreeSplits
{
    private const string Usage = "tree-splits <table.csv> <target> [<id column or ->] [splits, 5]";

    public static int Run(string[] arguments)
    {
        int count = 5;
        if (arguments.Length is < 2 or > 4 || (arguments.Length == 4 && !int.TryParse(arguments[3], CultureInfo.InvariantCulture, out count)))
        {
            Console.Error.WriteLine($"Usage: {Usage}");
            return 2;
        }

        Measured.WriteMachine(Console.Out);
        Compute.ThreadCount = 1;
        Func<double> clock = Measured.Clock(threads: 1);
        string folder = Directory.CreateTempSubdirectory("cartwright-splits-").FullName;
        string table = Path.Combine(folder, "table.csv");
        var ratios = new List<double>();
        var errors = new List<double>();
        try
        {
            Console.WriteLine("| seed | metric | ours | scikit-learn | seconds, ours | scikit-learn | theirs / ours |");
            Console.WriteLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
            for (int seed = 1; seed <= count; seed++)
            {
                SplitOutcome theirs = SplitOutcome.Of(arguments[0], arguments[1], arguments.ElementAtOrDefault(2) ?? "-", seed, "0.2", table);
                SplitMeasure peer = theirs.Models[SplitOutcome.LikeForLike];
                (FeatureColumn[] columns, float[] targets, FeatureColumn[] testColumns, float[] testTargets) = theirs.Read(table);
                BoostedTreesOptions options = new() { Objective = theirs.Metric == "auc" ? TreeObjective.Classes : TreeObjective.SquaredError };
                BoostedTrees.Fit(columns, targets, options with { RoundCount = 20 });               // the compiler warms up
                double start = clock();
                var model = BoostedTrees.Fit(columns, targets, options);
                double seconds = clock() - start;
                float[] predicted = model.Predict(testColumns);
                double value = theirs.Metric == "auc"
                    ? Classification.Auc(predicted, Array.ConvertAll(testTargets, y => (int)y))
                    : Math.Sqrt(predicted.Zip(testTargets, (p, y) => Regression.SquaredError(p, y)).Average());
                ratios.Add(peer.Seconds / seconds);
                errors.Add(value / peer.Value);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {seed} | {theirs.Metric} | {value:0.####} | {peer.Value:0.####} | {seconds:0.00} | {peer.Seconds:0.00} | {ratios[^1]:0.00} |"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Means: metric, ours / scikit-learn's {errors.Average():0.0000}; processor time, theirs / ours {ratios.Average():0.00}."));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
