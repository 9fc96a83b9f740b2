using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Learning;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Behavior;

/// <summary>One training on a shop's sessions: to a version on disk, judged beside the baselines and the version in service.</summary>
/// <param name="versions">Where versions are kept.</param>
internal sealed class SessionTraining(VersionFolders versions, TimeProvider clock)
{
    public const string ModelName = "session-gru";

    private const string Judged = "logLoss";
    private const int JudgedOfTen = 2;

    /// <exception cref="ValidationException">There is nothing to learn from.</exception>
    public TableTrainResponse Run(TrainRequest request, Snapshot shop, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        Session[] sessions = SessionLearning.Ended(shop);
        LearnedSessions learned = SessionLearning.Fit(sessions, shop.Products, shop.Info.HasRealTimes, IsJudge, request.Seed, request.Epochs, clock, progress, cancellation);
        progress?.Report(new RunProgress("judging", 0, 0, "sessions"));
        var measure = new SessionMeasure(learned.Judged, request.Seed);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        Judge(ModelName, SessionEvaluation.Told(learned.Model.Read(learned.Judged)));
        foreach (string name in SessionBaselines.Names)
        {
            Judge(name, SessionBaselines.Fit(name, learned.Train, learned.Validation, request.Seed, cancellation)(learned.Judged));
        }

        double? toBeat = JudgeActive(shop, sessions, learned.From, request.Seed);
        var metrics = estimates.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        string version = versions.Save(new ModelCard
        {
            Model = ModelName,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(new SavedLesson(sessions.Length, request.Seed, request.Epochs), SavedSessionsJson.Default.SavedLesson),
            Metrics = metrics,
            DataHash = Hash(shop.Interactions),
            TrainSeconds = learned.Seconds,
            ParameterCount = learned.Model.Network.ParameterCount,
        }, folder => SessionModelFile.Save(folder, learned.Model));
        bool isActive = request.Activate || toBeat is null || metrics[$"{ModelName} {Judged}"] < toBeat;
        versions.Settle(version, isActive);
        return new TableTrainResponse(version, isActive, Summary(metrics, learned.Judged.Count, isActive, version), [],
            new Dictionary<string, double>(StringComparer.Ordinal) { [ModelName] = 1 }, estimates, learned.Seconds);

        void Judge(string name, SessionForetelling told)
        {
            foreach ((string metric, MetricEstimate estimate) in measure.Estimate(told))
            {
                estimates[$"{name} {metric}"] = estimate;
            }
        }
    }

    /// <summary>By when it began, so that the same session judges every version and none learns from it.</summary>
    private static bool IsJudge(Session session) => Seeds.Mix((ulong)session.StartedAt, 17) % 10 < JudgedOfTen;

    /// <returns>The loss of the version in service on the same sessions; null where there is none that can answer.</returns>
    private double? JudgeActive(Snapshot shop, Session[] sessions, int from, int seed) => versions.JudgeActive<double?>(active =>
    {
        SessionModel rival = SessionModelFile.Load(versions.FolderOf(active));
        SessionBatch all = SessionBatch.InOrder(sessions, from, rival.Vocabulary.Over(shop.Products), shop.Info.HasRealTimes, new(StringComparer.Ordinal));
        SessionBatch judged = all.Take([.. Enumerable.Range(0, all.Count).Where(s => IsJudge(sessions[from + s]))]);
        return rival.HasTimes == shop.Info.HasRealTimes ? new SessionMeasure(judged, seed).Estimate(SessionEvaluation.Told(rival.Read(judged)))[Judged].Value : null;
    });

    private static string Summary(Dictionary<string, double> metrics, int judged, bool isActive, string version)
    {
        string baselines = string.Join(", ", SessionBaselines.Names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {metrics[$"{name} auc"]:0.####}")));
        string found = string.Create(CultureInfo.InvariantCulture,
            $"Learned to tell while a session goes on whether it ends with a purchase: auc {metrics[$"{ModelName} auc"]:0.####} on {judged:N0} sessions kept aside ({baselines}); the next action is right {metrics[$"{ModelName} nextActionAccuracy"]:P0} of the time.");
        return isActive ? $"{found} It is in service now."
            : $"{found} It is not in service: the active version is as good or better on the same sessions. To use it all the same: 'cartwright behavior activate --version {version}'.";
    }

    private static string Hash(InteractionColumns rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(rows.At.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rows.Kind.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rows.Product.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rows.Session.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
