using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>How well recordings were understood, with intervals over recordings.</summary>
/// <param name="actual">What each says.</param>
/// <param name="isLabeled">Whether they say a label each, and nothing else.</param>
internal sealed class VoiceMeasure(IReadOnlyList<IReadOnlyDictionary<string, string>> actual, bool isLabeled, int seed)
{
    /// <param name="heard">What was understood of each.</param>
    /// <returns>For labels <c>accuracy</c>; for slots <c>sentenceAccuracy</c> (all of them right, none too many) and <c>slotF1</c> (over all slots of all recordings).</returns>
    public IReadOnlyDictionary<string, MetricEstimate> Estimate(IReadOnlyList<IReadOnlyDictionary<string, string>> heard)
    {
        int[] hits = [.. actual.Select((said, i) => said.Count(slot => heard[i].GetValueOrDefault(slot.Key) == slot.Value))];
        MetricEstimate whole = Of(Bootstrap.Mean([.. actual.Select((said, i) => hits[i] == said.Count && heard[i].Count == said.Count ? 1.0 : 0)], seed));
        return isLabeled
            ? new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["accuracy"] = whole }
            : new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
            {
                ["sentenceAccuracy"] = whole,
                ["slotF1"] = Of(Bootstrap.Statistic(rows => rows.Sum(row => actual[row].Count + heard[row].Count) is var all && all == 0 ? 0
                    : 2.0 * rows.Sum(row => hits[row]) / all, actual.Count, seed)),
            };
    }

    private static MetricEstimate Of(BootstrapInterval interval) => new(interval.Value, interval.Low, interval.High);
}
