using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Behavior;

/// <summary>What the network must beat: the share of all sessions, the last action alone, and trees over all that was counted so far.</summary>
internal static class SessionBaselines
{
    public static IReadOnlyList<string> Names { get; } = ["base-rate", "markov", "trees"];

    private const float Prior = 1;
    private const int MostRows = 150_000;

    /// <returns>What it tells after each event of sessions.</returns>
    public static Func<SessionBatch, SessionForetelling> Fit(string name, SessionBatch train, SessionBatch validation, int seed, CancellationToken cancellation) => name switch
    {
        "base-rate" => BaseRate(train),
        "markov" => Markov(train),
        _ => Trees(train, validation, seed, cancellation),
    };

    private static Func<SessionBatch, SessionForetelling> BaseRate(SessionBatch train)
    {
        int[] judged = Judged(train);
        float rate = (float)judged.Count(i => IsPurchase(train, i)) / Math.Max(1, judged.Length);
        int usual = Enumerable.Range(0, SessionAction.Count).MaxBy(action => train.Next.Count(next => next == action));
        return batch => new SessionForetelling([.. Enumerable.Repeat(rate, batch.TokenCount)], [.. Enumerable.Repeat(usual, batch.TokenCount)]);
    }

    /// <summary>A chain of first order: what follows, and how it ends, depends on the last action alone.</summary>
    private static Func<SessionBatch, SessionForetelling> Markov(SessionBatch train)
    {
        int[] judged = Judged(train);
        float rate = (float)judged.Count(i => IsPurchase(train, i)) / Math.Max(1, judged.Length);
        float[] bought = new float[SessionAction.Count];
        float[] seen = new float[SessionAction.Count];
        foreach (int i in judged)
        {
            bought[train.Kinds[i]] += IsPurchase(train, i) ? 1 : 0;
            seen[train.Kinds[i]]++;
        }

        int[,] follows = new int[SessionAction.Count, SessionAction.Count];
        for (int i = 0; i < train.TokenCount; i++)
        {
            follows[train.Kinds[i], train.Next[i]]++;
        }

        int[] next = [.. Enumerable.Range(0, SessionAction.Count).Select(kind => Enumerable.Range(0, SessionAction.Count).MaxBy(action => follows[kind, action]))];
        return batch => new SessionForetelling(
            [.. batch.Kinds.Select(kind => (bought[kind] + (Prior * rate)) / (seen[kind] + Prior))], [.. batch.Kinds.Select(kind => next[kind])]);
    }

    private static Func<SessionBatch, SessionForetelling> Trees(SessionBatch train, SessionBatch validation, int seed, CancellationToken cancellation)
    {
        int[] judged = Thinned(Judged(train));
        int[] held = Judged(validation);
        var purchase = BoostedTrees.Fit(Columns(train, judged), [.. judged.Select(i => IsPurchase(train, i) ? 1f : 0)],
            new BoostedTreesOptions { Objective = TreeObjective.Classes, RoundCount = 400, LearningRate = 0.05f, Patience = 20 },
            new TreeValidation(Columns(validation, held), [.. held.Select(i => IsPurchase(validation, i) ? 1f : 0)]), seed: (ulong)seed, cancellation: cancellation);
        int[] all = Thinned([.. Enumerable.Range(0, train.TokenCount)]);
        int[] heldAll = [.. Enumerable.Range(0, validation.TokenCount)];
        var action = BoostedTrees.Fit(Columns(train, all), [.. all.Select(i => (float)train.Next[i])],
            new BoostedTreesOptions { Objective = TreeObjective.Classes, ClassCount = SessionAction.Count, RoundCount = 100, LearningRate = 0.2f, LeafCount = 15, Patience = 5 },
            new TreeValidation(Columns(validation, heldAll), [.. heldAll.Select(i => (float)validation.Next[i])]), seed: (ulong)seed, cancellation: cancellation);
        return batch =>
        {
            FeatureColumn[] columns = Columns(batch, [.. Enumerable.Range(0, batch.TokenCount)]);
            float[] next = action.Predict(columns);
            return new SessionForetelling(purchase.Predict(columns),
                [.. Enumerable.Range(0, batch.TokenCount).Select(i => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(next.AsSpan(i * SessionAction.Count, SessionAction.Count)))]);
        };
    }

    private static FeatureColumn[] Columns(SessionBatch batch, int[] rows)
    {
        int width = SessionReader.Names.Length;
        return
        [
            new FeatureColumn("last action", [.. rows.Select(i => (float)batch.Kinds[i])], SessionAction.Count),
            .. SessionReader.Names.Select((name, n) => new FeatureColumn(name, Array.ConvertAll(rows, i => batch.Numbers[(i * width) + n]))),
        ];
    }

    private static int[] Judged(SessionBatch batch) => [.. Enumerable.Range(0, batch.TokenCount).Where(i => batch.Outcomes[i] != SessionBatch.NoTarget)];

    private static int[] Thinned(int[] rows)
    {
        int step = (rows.Length / MostRows) + 1;
        return [.. rows.Where((_, i) => i % step == 0)];
    }

    private static bool IsPurchase(SessionBatch batch, int i) => batch.Outcomes[i] == (int)SessionOutcome.Purchase;
}
