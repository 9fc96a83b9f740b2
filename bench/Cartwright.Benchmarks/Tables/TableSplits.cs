using System.Globalization;
using Cartwright.Benchmarks.Peers;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Evaluation;
using Cartwright.Storage;

namespace Cartwright.Benchmarks.Tables;

/// <summary>The models of a table beside scikit-learn's on the same seeded splits, paired.</summary>
internal static class TableSplits
{
    private const string Usage = "table-splits <table.csv> <target> [--id <column>] [--splits 20] [--test-share 0.2]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        string id = "-", splits = "20", share = "0.2";
        for (int i = 2; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i])
            {
                case "--id": id = arguments[i + 1]; break;
                case "--splits": splits = arguments[i + 1]; break;
                case "--test-share": share = arguments[i + 1]; break;
                default: return Wrong();
            }
        }

        if (arguments.Length < 2 || arguments.Length % 2 != 0
            || !int.TryParse(splits, CultureInfo.InvariantCulture, out int count) || count < 2)
        {
            return Wrong();
        }

        Measured.WriteMachine(Console.Out);
        var values = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        string folder = Directory.CreateTempSubdirectory("cartwright-splits-").FullName;
        string table = Path.Combine(folder, "table.csv");
        string metric = "";
        try
        {
            await using Shop empty = await Shop.OpenAsync(Path.Combine(folder, "shop"));
            for (int seed = 1; seed <= count; seed++)
            {
                SplitOutcome theirs = SplitOutcome.Of(arguments[0], arguments[1], id, seed, share, table);
                metric = theirs.Metric;
                foreach ((string model, SplitMeasure measure) in theirs.Models.Where(m => m.Key != SplitOutcome.LikeForLike))
                {
                    Add(model, measure.Value);
                }

                EvaluationReport ours = await empty.Behavior.EvaluateAsync(new EvaluateRequest
                {
                    Table = table,
                    Target = arguments[1],
                    Id = id == "-" ? null : id,
                    Split = "part",
                    Seed = seed,
                });
                foreach (ModelEvaluation model in ours.Models)
                {
                    Add(model.Model, model.Metrics[metric].Value);
                }

                Console.WriteLine($"seed {seed}: {metric} {string.Join(", ", values.Select(of => string.Create(CultureInfo.InvariantCulture, $"{of.Key} {of.Value[^1]:0.####}")))}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Write(metric, values);
        return 0;

        int Wrong()
        {
            Console.Error.WriteLine($"Usage: {Usage}");
            return 2;
        }

        void Add(string model, double value) => (values.TryGetValue(model, out List<double>? of) ? of : values[model] = []).Add(value);
    }

    private static void Write(string metric, Dictionary<string, List<double>> values)
    {
        Console.WriteLine();
        Console.WriteLine($"| model | mean {metric} | blend less this, mean | 95 % interval | splits where blend is better |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        List<double> blend = values["blend"];
        foreach ((string model, List<double> of) in values)
        {
            double[] differences = [.. blend.Zip(of, (x, y) => x - y)];
            double mean = differences.Average();
            double deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1));
            double half = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, differences.Length - 1, 0.975) * deviation / Math.Sqrt(differences.Length);
            int better = differences.Count(d => metric == "auc" ? d > 0 : d < 0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {model} | {of.Average():0.####} | {mean:0.####} | {mean - half:0.####} to {mean + half:0.####} | {better} of {differences.Length} |"));
        }
    }
}
