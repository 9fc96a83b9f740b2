using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Tests.Simulation;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class SessionEvaluationTests(SampleFolder sample) : IClassFixture<SampleFolder>
{
    [Fact]
    public async Task Comes_near_an_oracle_that_knows_all_that_is_hidden()
    {
        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(sample.Folder)).Snapshot;

        EvaluationReport report = new SessionEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Predict = Foretold.Purchase }, shop, test: null, sample.Folder, progress: null, CancellationToken.None);

        Assert.Equal(["session-gru", "base-rate", "markov", "trees", "oracle"], report.Models.Select(model => model.Model));
        IReadOnlyDictionary<string, MetricEstimate> Of(string name) => report.Models.Single(model => model.Model == name).Metrics;
        Assert.True(Of("session-gru")["auc"].Value > Of("oracle")["auc"].Value - 0.03, $"{Of("session-gru")["auc"]} against {Of("oracle")["auc"]}");
        Assert.InRange(Of("session-gru")["calibrationError"].Value, 0, 0.03);
        Assert.True(Of("session-gru")["auc"].Value > Of("markov")["auc"].Value + 0.1);
        Assert.True(Of("session-gru")["nextActionAccuracy"].Value > Of("markov")["nextActionAccuracy"].Value + 0.02);
        Assert.All(report.Models, model => Assert.True(model.Metrics["auc"].Low <= model.Metrics["auc"].Value && model.Metrics["auc"].Value <= model.Metrics["auc"].High));
        Assert.Equal("time-split", report.Protocol);
    }

    [Fact]
    public async Task Purchases_are_not_told_of_a_table()
    {
        using var catalog = new ShopCatalog(null!, ".", TimeProvider.System);
        var request = new EvaluateRequest { Predict = Foretold.Purchase, Table = "customers.csv", Target = "churned" };

        await Assert.ThrowsAsync<ValidationException>(() => new BehaviorAnalyst(catalog, TimeProvider.System).EvaluateAsync(request));
    }
}
