using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Inventory;

/// <summary>One training: from the shop's demand to a version on disk, judged on the last horizon beside the baselines and the version in service.</summary>
/// <remarks>What is judged knows nothing of that horizon; what is kept has then learned from it too.</remarks>
internal sealed class ForecastTraining(VersionFolders versions, TimeProvider clock)
{
    private const string Judged = "wape";

    /// <exception cref="ValidationException">There is too little to learn from.</exception>
    public TrainResponse Run(TrainRequest request, DemandPanel panel, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        int horizon = ForecastEvaluation.DefaultHorizon(request.Horizon, panel.Period);
        int origin = panel.Length - horizon;
        if (origin < 2 * horizon)
        {
            throw new ValidationException($"The sales span {ForecastEvaluation.Words(panel.Length, panel.Period)}, too few to learn to forecast {horizon} of them. Forecast fewer with --horizon.");
        }

        long start = clock.GetTimestamp();
        var learner = new ForecastLearner(clock);
        HashSet<string> names = [.. ForecastLearner.Names];
        LearnedForecasts judges = learner.Fit(panel, origin, horizon, names, request.Seed, request.Epochs, progress, cancellation);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        foreach ((string name, LearnedForecaster model) in judges.Models)
        {
            foreach ((string metric, MetricEstimate estimate) in Measure(panel, origin, horizon, model.Model, model.Intervals, request.Seed))
            {
                estimates[$"{name} {metric}"] = estimate;
            }
        }

        double? toBeat = JudgeActive(panel, origin, horizon, request.Seed);
        HashSet<string> members = [.. ((ForecastEnsemble)judges.Models["ensemble"].Model).Members.Select(m => m.Model.Name), "ensemble"];
        LearnedForecaster serving = learner.Fit(panel, panel.Length, horizon, members, request.Seed, request.Epochs, progress, cancellation).Models["ensemble"];
        var service = new ForecastService((ForecastEnsemble)serving.Model, serving.Intervals, panel.Period, horizon, panel.Known);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        var metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        string version = versions.Save(new ModelCard
        {
            Model = "ensemble",
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedAsking(panel.Period, horizon, request.Seed, request.Epochs), SavedAskingJson.Default.SavedAsking),
            Metrics = metrics,
            DataHash = panel.Fingerprint(),
            TrainSeconds = seconds,
            ParameterCount = service.Model.Members.Select(m => m.Model).OfType<DeepArForecaster>().Sum(m => m.Network.ParameterCount),
            Notes = service.Model.Members.ToDictionary(m => $"weight of {m.Model.Name}", m => m.Weight.ToString("0.00", CultureInfo.InvariantCulture), StringComparer.Ordinal),
        }, folder => ForecastModelFile.Save(folder, service));
        bool isActive = request.Activate || toBeat is null || metrics[$"ensemble {Judged}"] < toBeat;
        versions.Settle(version, isActive);
        return new TrainResponse(version, isActive, Summary(service, metrics, isActive, version),
            service.Model.Members.ToDictionary(m => m.Model.Name, m => (double)m.Weight, StringComparer.Ordinal), estimates, seconds);
    }

    private static IReadOnlyDictionary<string, MetricEstimate> Measure(DemandPanel panel, int origin, int horizon, IForecaster model, ForecastIntervals intervals, int seed)
    {
        var measure = new ForecastMeasure(panel, origin);
        measure.Add(origin, model.Forecast(panel.HideFrom(origin), origin, horizon), intervals);
        return measure.Estimate(seed);
    }

    /// <returns>The WAPE of the version in service on the same periods; null where there is none that can answer.</returns>
    private double? JudgeActive(DemandPanel panel, int origin, int horizon, int seed) => versions.JudgeActive<double?>(active =>
    {
        ForecastService rival = ForecastModelFile.Load(versions.FolderOf(active));
        bool isSameQuestion = rival.Period == panel.Period && rival.Horizon == horizon && rival.Known.SequenceEqual(panel.Known, StringComparer.Ordinal);
        return isSameQuestion ? Measure(panel, origin, horizon, rival.Model, rival.Intervals, seed)[Judged].Value : null;
    });

    private static string Summary(ForecastService service, Dictionary<string, double> metrics, bool isActive, string version)
    {
        string words = ForecastEvaluation.Words(service.Period);
        string parts = string.Join(", ", service.Model.Members.OrderByDescending(m => m.Weight).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Model.Name} {m.Weight:P0}")));
        string found = string.Create(CultureInfo.InvariantCulture,
            $"Learned to forecast {service.Horizon} {words}: {metrics["ensemble wape"]:P1} of the units of the last {service.Horizon} {words} were off ({metrics["recent-mean wape"]:P1} by the mean of four weeks, {metrics["seasonal-naive wape"]:P1} by the season before). It is a mean of {parts}.");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same {words}. To use it all the same: 'cartwright inventory activate --version {version}'.";
    }
}

/// <summary>What a version was trained for, for its card.</summary>
internal sealed record SavedAsking(DemandPeriod Period, int Horizon, int Seed, int? Epochs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SavedAsking))]
internal sealed partial class SavedAskingJson : JsonSerializerContext;
