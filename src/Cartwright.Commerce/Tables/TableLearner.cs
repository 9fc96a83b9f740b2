using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Tables;
using Cartwright.Learning.Training;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Tables;

/// <summary>Learns every model of a table, chooses by rows that no model learned from, and blends what helps.</summary>
internal sealed class TableLearner(TimeProvider clock)
{
    private const double HeldShare = 0.15;
    private const int MostHeld = 10_000;
    private const int FewestRows = 30;

    /// <summary>Names of all models, baselines first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mean", "linear", "nearest-neighbors", "trees", "network", "blend"];

    public static bool IsBaseline(string name) => name is not ("network" or "blend");

    /// <param name="table">Columns that are read, and the target.</param>
    /// <param name="target">What is predicted.</param>
    /// <param name="targets">The target of every row; NaN where it is missing.</param>
    /// <param name="kinds">What each column to read holds.</param>
    /// <param name="rows">Rows to learn from; those without a target are left out.</param>
    /// <param name="names">Models to learn; the blend learns all that it is made of.</param>
    /// <exception cref="ValidationException">There are too few rows with a target.</exception>
    public LearnedTable Fit(Table table, LearnedTarget target, float[] targets, IReadOnlyDictionary<string, ColumnKind> kinds, int[] rows,
        IReadOnlySet<string> names, int seed, int? epochs, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        rows = [.. rows.Where(row => !float.IsNaN(targets[row]))];
        if (rows.Length < FewestRows)
        {
            throw new ValidationException($"There are {rows.Length} rows with a '{target.Name}' to learn from; {FewestRows} are the fewest.");
        }

        progress?.Report(new RunProgress("reading columns", 0, 0, "rows"));
        TableEncoder encoder = TableEncoder.Learn(table, kinds, rows);
        EncodedRows all = encoder.Encode(table, rows);
        float[] wanted = Array.ConvertAll(rows, row => targets[row]);
        (int[] train, int[] held) = Hold(target, wanted, seed);
        var learning = new TableLearning(target, Part(train), Part(held)) { All = (all, wanted), Seed = seed, Epochs = epochs, Clock = clock };

        var models = new Dictionary<string, ITableModel>(StringComparer.Ordinal);
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        bool blends = names.Contains("blend");
        Learn("mean", () => MeanModel.Fit(learning));
        LinearTableModel? blindLinear = null;
        TreesTableModel? blindTrees = null;
        Learn("linear", () =>
        {
            (blindLinear, LinearTableModel serving) = LinearTableModel.Fit(learning, cancellation);
            return serving;
        });
        Learn("nearest-neighbors", () => NeighborsTableModel.Fit(learning));
        Learn("trees", () =>
        {
            (blindTrees, TreesTableModel serving) = TreesTableModel.Fit(learning, TreesTo(progress), cancellation);
            return serving;
        });
        Learn("network", () => NetworkTableModel.Fit(learning, encoder, NetworkTo(progress), cancellation));
        if (blends)
        {
            // What answers saw the held rows, so models that did not stand in for them while choosing.
            long start = clock.GetTimestamp();
            models["blend"] = BlendModel.Choose(learning, [blindLinear!, blindTrees!, Blendable("network")], [Blendable("linear"), Blendable("trees"), Blendable("network")]);
            seconds["blend"] = clock.GetElapsedTime(start).TotalSeconds + seconds["linear"] + seconds["trees"] + seconds["network"];
        }

        return new LearnedTable(learning, encoder, models, seconds);

        (EncodedRows Rows, float[] Targets) Part(int[] of) => (all.Select(of), Array.ConvertAll(of, i => wanted[i]));

        IBlendableModel Blendable(string name) => (IBlendableModel)models[name];

        void Learn(string name, Func<ITableModel> fit)
        {
            if (names.Contains(name) || (blends && name is "linear" or "trees" or "network"))
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new RunProgress($"training {name}", 0, 0, "rounds"));
                long start = clock.GetTimestamp();
                models[name] = fit();
                seconds[name] = clock.GetElapsedTime(start).TotalSeconds;
            }
        }
    }

    /// <summary>A share of the rows, of each class alike, that models are chosen by.</summary>
    private static (int[] Train, int[] Held) Hold(LearnedTarget target, float[] targets, int seed)
    {
        int[] order = [.. Enumerable.Range(0, targets.Length)];
        Seeds.Random((ulong)seed, 11).Shuffle(order);
        double share = Math.Min(HeldShare, (double)MostHeld / targets.Length);
        HashSet<int> held = [.. order.GroupBy(row => target.Kind == TableTarget.Class ? targets[row] : 0)
            .SelectMany(group => group.Take(Math.Min(group.Count() - 1, (int)Math.Ceiling(share * group.Count()))))];
        return ([.. order.Where(row => !held.Contains(row)).Order()], [.. held.Order()]);
    }

    private static Forward<TreeProgress>? TreesTo(IProgress<RunProgress>? progress) => progress is null ? null
        : new Forward<TreeProgress>(p => progress.Report(new RunProgress("training trees", p.Round, p.Rounds, "rounds")
        {
            Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = p.Loss },
        }));

    private static Forward<TrainingProgress>? NetworkTo(IProgress<RunProgress>? progress) => progress is null ? null
        : new Forward<TrainingProgress>(p =>
        {
            if (p.IsEpochDone)
            {
                progress.Report(new RunProgress("training network", p.Epoch, p.Epochs, "epochs")
                {
                    Values = new Dictionary<string, double>(p.Metrics, StringComparer.Ordinal) { ["loss"] = p.Loss },
                });
            }
        });

    private sealed class Forward<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}

/// <param name="Learning">The rows that were learned from and chosen by.</param>
/// <param name="Encoder">How cells become numbers.</param>
/// <param name="Models">By name.</param>
/// <param name="Seconds">Wall time that each took to learn.</param>
internal sealed record LearnedTable(
    TableLearning Learning, TableEncoder Encoder, IReadOnlyDictionary<string, ITableModel> Models, IReadOnlyDictionary<string, double> Seconds)
{
    /// <summary>The blend, as it answers.</summary>
    public TableService Service() => new(Encoder, Learning.Target, (BlendModel)Models["blend"], Familiarity.Of(Learning));
}
