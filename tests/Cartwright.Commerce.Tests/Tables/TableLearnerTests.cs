using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tests.Tables;

public sealed class TableLearnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Finds_out_what_columns_hold()
    {
        Table table = Table.Read(Write(300));

        Assert.Equal(
            [ColumnKind.Ignored, ColumnKind.Number, ColumnKind.Category, ColumnKind.Text, ColumnKind.Time, ColumnKind.Number],
            table.Columns.Select(ColumnKinds.Of));
    }

    [Fact]
    public void Every_model_beats_the_mean_and_the_blend_is_about_as_good_as_the_best()
    {
        EvaluationReport report = new TableEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Table = Write(1_200), Target = "price", Epochs = 12 }, null, CancellationToken.None);

        Dictionary<string, double> rmse = report.Models.ToDictionary(model => model.Model, model => model.Metrics["rmse"].Value, StringComparer.Ordinal);
        Assert.Equal(["mean", "linear", "nearest-neighbors", "trees", "network", "blend"], report.Models.Select(model => model.Model));
        Assert.All(rmse.Where(model => model.Key != "mean"), model => Assert.True(model.Value < 0.9 * rmse["mean"], $"{model.Key} {model.Value}"));
        Assert.True(rmse["blend"] < 1.05 * Math.Min(rmse["trees"], rmse["network"]));
        Assert.InRange(report.Models[^1].Metrics["intervalCoverage"].Value, 0.7, 0.9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures()
    {
        EvaluationReport Run() => new TableEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Table = Write(400), Target = "price", Epochs = 3 }, null, CancellationToken.None);

        (EvaluationReport first, EvaluationReport second) = (Run(), Run());

        Assert.Equal(first.Models.Select(model => model.Metrics.ToArray()), second.Models.Select(model => model.Metrics.ToArray()));
    }

    [Fact]
    public void A_version_from_disk_answers_as_before_and_says_why()
    {
        string path = Write(600);
        var versions = new VersionFolders(Path.Combine(_folder, "models"), "pricing");
        TableTrainResponse trained = new TableTraining(versions, "pricing", TimeProvider.System).Run(
            new TrainRequest { Epochs = 4 }, Table.Read(path), "price", new Dictionary<string, ColumnKind>(StringComparer.Ordinal), null, null, CancellationToken.None);
        var row = new Dictionary<string, string>(StringComparer.Ordinal) { ["size"] = "9", ["kind"] = "gold", ["title"] = "large solid ring", ["listed"] = "2024-03-01" };

        TableService served = TableModelFile.Load(versions.FolderOf(trained.Version));
        TableAnswer answer = served.Answer([row], explains: true)[0];
        TableAnswer again = TableModelFile.Load(versions.FolderOf(trained.Version)).Answer([row], explains: false)[0];

        Assert.True(trained.IsActive);
        Assert.Equal(answer.Values, again.Values);
        Assert.InRange(answer.Values[0], answer.Low!.Value, answer.High!.Value);
        Assert.Equal("size", answer.Reasons[0].Column);
    }

    [Theory]
    [InlineData("price", TableTarget.Number, 0.9)]
    [InlineData("stones", TableTarget.Count, 0.9)]
    [InlineData("solid", TableTarget.Class, 0.9)]
    [InlineData("kind", TableTarget.Class, 0.4)]        // follows from price, size and title together: what one of them does alone says less
    public void Effects_add_up_to_the_answer_and_deleting_a_column_takes_its_effect_away(string target, TableTarget kind, double likeness)
    {
        Table table = Table.Read(Write(600, withMore: true));
        var versions = new VersionFolders(Path.Combine(_folder, "models"), "pricing");
        TableTrainResponse trained = new TableTraining(versions, "pricing", TimeProvider.System).Run(
            new TrainRequest { Epochs = 6, TargetKind = kind }, table, target, new Dictionary<string, ColumnKind>(StringComparer.Ordinal), null, null, CancellationToken.None);
        TableService served = TableModelFile.Load(versions.FolderOf(trained.Version));
        var ordinary = served.Encoder.Columns.ToDictionary(column => column.Name, column => column.Typical, StringComparer.Ordinal);
        double without = Answer(ordinary);

        List<(double Effect, double Deleted)> pairs = [];
        foreach (int i in Enumerable.Range(0, 40))
        {
            var row = served.Encoder.Columns.ToDictionary(column => column.Name, column => table.Column(column.Name).Cells[i], StringComparer.Ordinal);
            TableReason[] effects = served.Effects(row);
            Assert.Equal(Answer(row) - without, effects.Sum(effect => effect.Effect), 0.002 * (1 + Math.Abs(without)));
            pairs.AddRange(effects.Select(effect => (effect.Effect,
                Answer(row) - Answer(new Dictionary<string, string>(row, StringComparer.Ordinal) { [effect.Column] = effect.Typical }))));
        }

        double correlation = MathNet.Numerics.Statistics.Correlation.Pearson(pairs.Select(pair => pair.Effect), pairs.Select(pair => pair.Deleted));
        Assert.True(correlation > likeness, $"{correlation}");

        double Answer(Dictionary<string, string> row) => served.Answer([row], explains: false)[0].Values[^1];
    }

    [Fact]
    public void A_row_unlike_all_others_is_known_as_such()
    {
        Table table = Table.Read(Write(600));
        var versions = new VersionFolders(Path.Combine(_folder, "models"), "pricing");
        TableTrainResponse trained = new TableTraining(versions, "pricing", TimeProvider.System).Run(
            new TrainRequest { Epochs = 2 }, table, "price", new Dictionary<string, ColumnKind>(StringComparer.Ordinal), null, null, CancellationToken.None);
        TableService served = TableModelFile.Load(versions.FolderOf(trained.Version));

        double usual = Strangeness("5", "gold", "small plain ring");
        double strange = Strangeness("4000", "gold", "small plain ring");

        Assert.True(usual <= 1.2, $"{usual}");
        Assert.True(strange > 10, $"{strange}");

        double Strangeness(string size, string kind, string title) => served.Answer(
            [new Dictionary<string, string>(StringComparer.Ordinal) { ["size"] = size, ["kind"] = kind, ["title"] = title, ["listed"] = "2024-02-10" }], explains: false)[0].Strangeness;
    }

    [Theory]
    [InlineData("prise", "There is no column 'prise'. Did you mean 'price'?")]
    [InlineData("same", "one value")]
    public void A_target_that_can_not_be_learned_is_refused(string target, string says)
    {
        var e = Assert.Throws<ValidationException>(() => new TableEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Table = Write(100, withConstant: true), Target = target }, null, CancellationToken.None));

        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Rings: the price follows from size, kind and a word of the title.</summary>
    private string Write(int rows, bool withConstant = false, bool withMore = false)
    {
        var random = new Random(5);
        string[] kinds = ["gold", "silver", "steel"];
        var lines = new List<string> { "id,size,kind,title,listed,price" + (withConstant ? ",same" : "") + (withMore ? ",stones,solid" : "") };
        for (int i = 0; i < rows; i++)
        {
            double size = 1 + (9 * random.NextDouble());
            int kind = random.Next(3);
            bool isSolid = random.Next(2) == 0;
            double price = (20 * size) + (60 * (2 - kind)) + (isSolid ? 50 : 0) + (10 * random.NextDouble());
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"r{i},{size:0.00},{kinds[kind]},{(size > 5 ? "large" : "small")} {(isSolid ? "solid" : "plain")} ring number {random.Next(900)},2024-{1 + random.Next(12):00}-{1 + random.Next(28):00},{price:0.00}{(withConstant ? ",1" : "")}{(withMore ? $",{(int)(size / 2) + (isSolid ? 2 : 0)},{(isSolid ? "yes" : "no")}" : "")}"));
        }

        string path = Path.Combine(_folder, $"rings-{rows}.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
