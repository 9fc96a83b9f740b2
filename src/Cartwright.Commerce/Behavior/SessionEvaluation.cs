using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Behavior;

/// <summary>Measures how well purchases are told while sessions go on: learned before one midnight, tested on all sessions after it.</summary>
internal sealed class SessionEvaluation(TimeProvider clock)
{
    private const double TestShare = 0.2;
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <param name="folder">Where the shop was read from; its truth is read where it has one.</param>
    /// <param name="test">Sessions of another shop folder, all of them tested; null cuts them from the shop's.</param>
    /// <exception cref="ValidationException">There is too little to learn from or to test.</exception>
    public EvaluationReport Run(EvaluateRequest request, Snapshot shop, Snapshot? test, string? folder, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool hasTimes = shop.Info.HasRealTimes;
        Session[] sessions = SessionLearning.Ended(shop);
        (Session[] train, Session[] tested) = test is null ? Cut(sessions, hasTimes) : (sessions, SessionLearning.Ended(test));
        PeakMemory.Restart();
        LearnedSessions learned = SessionLearning.Fit(train, shop.Products, hasTimes, isJudge: null, request.Seed, request.Epochs, clock, progress, cancellation);
        SessionBatch batch = SessionBatch.InOrder(tested, 0, learned.Model.Vocabulary.Over((test ?? shop).Products), hasTimes, learned.Pasts);
        var measure = new SessionMeasure(batch, request.Seed);
        if (measure.Count == 0)
        {
            throw new ValidationException("The sessions to test have nothing before their first purchase, so there is nothing to tell.");
        }

        progress?.Report(new RunProgress("testing session-gru", 0, 0, "events"));
        var models = new List<ModelEvaluation> { new(SessionTraining.ModelName, "model", measure.Estimate(Told(learned.Model.Read(batch))), learned.Seconds, PeakMemory.Bytes) };
        foreach (string name in SessionBaselines.Names)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new RunProgress($"testing {name}", 0, 0, "events"));
            PeakMemory.Restart();
            long start = clock.GetTimestamp();
            Func<SessionBatch, SessionForetelling> baseline = SessionBaselines.Fit(name, learned.Train, learned.Validation, request.Seed, cancellation);
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            models.Add(new ModelEvaluation(name, "baseline", measure.Estimate(baseline(batch)), seconds, PeakMemory.Bytes));
        }

        if (test is null && folder is not null && SessionTruth.Read(folder) is { } truth && Oracle(tested, batch, truth) is { } oracle)
        {
            models.Add(new ModelEvaluation("oracle", "oracle", measure.Estimate(oracle), 0, PeakMemory.Bytes));
        }

        return new EvaluationReport
        {
            Data = shop.Info.Name,
            Protocol = test is null ? "time-split" : "test-folder",
            Seed = request.Seed,
            TestCount = measure.Count,
            Candidates = 0,
            Models = models,
        };
    }

    /// <summary>What one tells who knows all that a simulation hides; null where the sessions are not those of the truth.</summary>
    private static SessionForetelling? Oracle(Session[] sessions, SessionBatch batch, IReadOnlyDictionary<string, List<float>> truth)
    {
        float[] purchase = new float[batch.TokenCount];
        for (int s = 0; s < batch.Count; s++)
        {
            int interaction = -1;
            int unread = sessions[s].Events.Length - (batch.Offsets[s + 1] - batch.Offsets[s]);
            for (int i = 0; i < sessions[s].Events.Length; i++)
            {
                SessionEvent step = sessions[s].Events[i];
                interaction += step.Kind == InteractionKind.Impression ? (int)step.Quantity : 1;      // a list is as many interactions as products
                if (sessions[s].Id is not { } id || !truth.TryGetValue(id, out List<float>? chances) || interaction >= chances.Count)
                {
                    return null;
                }

                if (i >= unread)
                {
                    purchase[batch.Offsets[s] + i - unread] = chances[interaction];
                }
            }
        }

        return new SessionForetelling(purchase, null);
    }

    public static SessionForetelling Told(Intent[] intents) => new(Array.ConvertAll(intents, intent => intent.Purchase),
        Array.ConvertAll(intents, intent => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(intent.Actions)));

    /// <summary>The sessions before and after a midnight (UTC), at most a fifth of them after it; by place where times only keep an order.</summary>
    private static (Session[] Train, Session[] Test) Cut(Session[] sessions, bool hasTimes)
    {
        int cut = sessions.Length - (int)(TestShare * sessions.Length);
        if (hasTimes && cut < sessions.Length)
        {
            long midnight = ((sessions[cut].StartedAt / Day) + 1) * Day;
            int after = Array.FindIndex(sessions, session => session.StartedAt >= midnight);
            cut = after < 0 ? cut : after;
        }

        return cut < sessions.Length ? (sessions[..cut], sessions[cut..])
            : throw new ValidationException($"There are {sessions.Length} sessions, too few to learn from some and test on others.");
    }
}
