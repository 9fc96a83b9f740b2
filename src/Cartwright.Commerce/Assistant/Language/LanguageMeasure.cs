using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Assistant;

/// <summary>How well utterances were understood, with intervals over utterances.</summary>
internal sealed class LanguageMeasure(IReadOnlyList<UtteranceExample> examples, int seed)
{
    private readonly bool _hasSlots = examples.Any(example => example.Tags is not null);

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(ToldLanguage told)
    {
        (string[]? intents, string[][]? tags) = told;
        var metrics = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        if (intents is not null)
        {
            AddIntents(metrics, intents);
        }

        if (tags is not null && _hasSlots)
        {
            PieceCounts[] counts = [.. examples.Select((example, i) => PieceCounts.Of(example, tags[i]))];
            metrics["slotF1"] = Of(Bootstrap.Statistic(rows => PieceCounts.F1(rows.Select(row => counts[row])), counts.Length, seed));
        }

        if (intents is not null && tags is not null && _hasSlots)
        {
            metrics["sentenceAccuracy"] = Of(Bootstrap.Mean([.. examples.Select((example, i) =>
                intents[i] == example.Intent && (example.Tags is null || example.Tags.SequenceEqual(tags[i], StringComparer.Ordinal)) ? 1.0 : 0)], seed));
        }

        return metrics;
    }

    /// <summary>Accuracy over what is in scope, where a refused sentence is wrong; the share of the others that is refused; F1 of each intent, averaged.</summary>
    private void AddIntents(SortedDictionary<string, MetricEstimate> metrics, string[] told)
    {
        double[] Rights(bool inScope) => [.. examples.Select((example, i) => (example, isRight: told[i] == example.Intent ? 1.0 : 0))
            .Where(e => e.example.Intent != ShopIntents.OutOfScope == inScope).Select(e => e.isRight)];
        (double[] inside, double[] outside) = (Rights(inScope: true), Rights(inScope: false));
        if (inside.Length > 0)
        {
            metrics["accuracy"] = Of(Bootstrap.Mean(inside, seed));
        }

        if (outside.Length > 0)
        {
            metrics["oosRecall"] = Of(Bootstrap.Mean(outside, seed));
        }

        string[] names = [.. examples.Select(example => example.Intent).Distinct().Order(StringComparer.Ordinal)];
        var number = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
        int[] actual = [.. examples.Select(example => number[example.Intent])];
        int[] named = [.. told.Select(name => number.GetValueOrDefault(name, -1))];
        metrics["macroF1"] = Of(Bootstrap.Statistic(rows => MacroF1(rows, actual, named, names.Length), actual.Length, seed));
    }

    /// <summary>In one pass, since there may be a hundred intents.</summary>
    private static double MacroF1(int[] rows, int[] actual, int[] named, int count)
    {
        int[] hits = new int[count];
        int[] all = new int[count];
        foreach (int row in rows)
        {
            all[actual[row]]++;
            if (named[row] >= 0)
            {
                all[named[row]]++;
                hits[named[row]] += named[row] == actual[row] ? 1 : 0;
            }
        }

        // An intent that was not drawn and not named says nothing.
        double[] f1 = [.. Enumerable.Range(0, count).Where(i => all[i] > 0).Select(i => 2.0 * hits[i] / all[i])];
        return f1.Length == 0 ? 0 : f1.Average();
    }

    private static MetricEstimate Of(BootstrapInterval interval) => new(interval.Value, interval.Low, interval.High);

    /// <summary>Pieces of one utterance: those told rightly, those told, those there.</summary>
    private readonly record struct PieceCounts(int Hits, int Told, int There)
    {
        public static PieceCounts Of(UtteranceExample example, string[] told)
        {
            if (example.Tags is null)
            {
                return default;
            }

            (List<TaggedPiece> named, List<TaggedPiece> actual) = (UtteranceExample.Pieces(told), UtteranceExample.Pieces(example.Tags));
            return new PieceCounts(named.Intersect(actual).Count(), named.Count, actual.Count);
        }

        public static double F1(IEnumerable<PieceCounts> counts)
        {
            (int hits, int both) = (0, 0);
            foreach (PieceCounts count in counts)
            {
                hits += count.Hits;
                both += count.Told + count.There;
            }

            return both == 0 ? 0 : 2.0 * hits / both;
        }
    }
}

/// <summary>What a model told of utterances.</summary>
/// <param name="Intents">Of each utterance; null where it tells slots alone.</param>
/// <param name="Tags">Of each utterance's words; null where it tells intents alone.</param>
internal readonly record struct ToldLanguage(string[]? Intents, string[][]? Tags);
