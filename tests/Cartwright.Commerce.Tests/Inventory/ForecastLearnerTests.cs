using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class ForecastLearnerTests
{
    private const int Horizon = 14;

    /// <summary>Stores with weekdays, promotions that sell half as much again, and a level that drifts.</summary>
    private static DemandPanel Shop(int stores = 12, int days = 420, double level = 200)
    {
        var sales = new List<Sale>();
        var first = new DateOnly(2023, 1, 2);
        for (int store = 0; store < stores; store++)
        {
            var random = new Random(store);
            double size = level * Math.Exp(random.NextDouble());
            for (int day = 0; day < days; day++)
            {
                size *= Math.Exp(0.01 * (random.NextDouble() - 0.5));
                if (day % 7 == 6)
                {
                    continue;                                     // closed on Sundays
                }

                bool isPromoted = day / 7 % 2 == 0 && day % 7 < 5;
                double mean = size * (1 + (0.1 * (day % 7))) * (isPromoted ? 1.5 : 1);
                sales.Add(new Sale
                {
                    Date = first.AddDays(day), Product = "all", Store = $"s{store:00}", Units = Math.Round(mean * Math.Exp(0.1 * Normal(random))), Promoted = isPromoted ? 1 : 0,
                });
            }
        }

        return DemandReader.Of(SalesHistory.Of(new ShopInfo { Name = "made up" }, sales), null);
    }

    [Fact]
    public void Models_that_see_the_plan_beat_plain_means_and_their_intervals_hold()
    {
        DemandPanel panel = Shop();

        EvaluationReport report = new ForecastEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Horizon = Horizon, Epochs = 12 }, panel, null, null, CancellationToken.None);

        double Wape(string model) => report.Models.Single(m => m.Model == model).Metrics["wape"].Value;
        foreach (string model in (string[])["trees", "deepar", "ensemble"])
        {
            Assert.True(Wape(model) < 0.8 * Wape("recent-mean"), $"{model}: {Wape(model)} against {Wape("recent-mean")}");
            Assert.InRange(report.Models.Single(m => m.Model == model).Metrics["intervalCoverage"].Value, 0.6, 0.95);
        }

        Assert.Equal(12 * 12, report.TestCount);
        Assert.Equal(5, report.Models.Count(m => m.Role == "baseline"));
    }

    [Fact]
    public void Nothing_after_the_origin_is_read()
    {
        DemandPanel panel = Shop(stores: 4, days: 300);
        int origin = panel.Length - Horizon;
        HashSet<string> names = ["seasonal-naive", "weekday-promotion-mean", "auto-ets", "trees", "deepar", "ensemble"];

        LearnedForecasts seeing = new ForecastLearner(TimeProvider.System).Fit(panel, origin, Horizon, names, 1, 2, null, CancellationToken.None);
        LearnedForecasts blind = new ForecastLearner(TimeProvider.System).Fit(panel.HideFrom(origin), origin, Horizon, names, 1, 2, null, CancellationToken.None);

        foreach (string name in names)
        {
            ForecastGrid with = seeing.Models[name].Model.Forecast(panel, origin, Horizon);
            ForecastGrid without = blind.Models[name].Model.Forecast(panel.HideFrom(origin), origin, Horizon);
            Assert.Equal(without.Center, with.Center);
        }
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(45, false)]
    public void A_young_shop_does_with_what_it_can_learn(int days, bool hasTrees)
    {
        EvaluationReport report = new ForecastEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Horizon = Horizon, Epochs = 1 }, Shop(stores: 3, days), null, null, CancellationToken.None);

        Assert.Equal(hasTrees, report.Models.Any(m => m.Model == "trees"));
        Assert.All(report.Models, model => Assert.InRange(model.Metrics["wape"].Value, 0, 1));
    }

    [Fact]
    public void Small_counts_get_a_negative_binomial()
    {
        DemandPanel small = Shop(stores: 4, days: 300, level: 3);
        DemandPanel large = Shop(stores: 4, days: 300, level: 300);

        Assert.True(DeepArForecaster.Choose(small, [280], Horizon, 1, 1, TimeProvider.System, null, CancellationToken.None).Network.Options.IsCount);
        Assert.False(DeepArForecaster.Choose(large, [280], Horizon, 1, 1, TimeProvider.System, null, CancellationToken.None).Network.Options.IsCount);
    }

    [Fact]
    public void A_saved_model_forecasts_the_same()
    {
        DemandPanel panel = Shop(stores: 4, days: 300);
        HashSet<string> names = ["seasonal-naive", "trees", "deepar"];
        LearnedForecasts learned = new ForecastLearner(TimeProvider.System).Fit(panel, panel.Length, Horizon, names, 1, 2, null, CancellationToken.None);
        var ensemble = new ForecastEnsemble([.. names.Select(name => (learned.Models[name].Model, 1f / 3))]);
        var service = new ForecastService(ensemble, learned.Models["trees"].Intervals, panel.Period, Horizon, panel.Known);
        string folder = Path.Combine(Directory.CreateTempSubdirectory().FullName, "version");

        Cartwright.Learning.Formats.ModelFolder.Save(folder, new Cartwright.Learning.Formats.ModelCard
        {
            Model = "ensemble", TrainedAt = DateTimeOffset.UnixEpoch, Seed = 1, Options = System.Text.Json.JsonSerializer.SerializeToElement(1),
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal), DataHash = "", TrainSeconds = 0, ParameterCount = 0,
        }, temporary => ForecastModelFile.Save(temporary, service));
        ForecastService loaded = ForecastModelFile.Load(folder);

        Assert.Equal(service.Ahead(panel, DemandPlan.None).Grid.Center, loaded.Ahead(panel, DemandPlan.None).Grid.Center);
        Assert.Equal(service.Intervals.Scaled, loaded.Intervals.Scaled);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
