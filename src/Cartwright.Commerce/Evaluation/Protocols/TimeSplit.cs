using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>One date for all: what happened before trains, what shoppers who were known by then did after it tests.</summary>
/// <remarks>The dates are midnights, UTC: the first with at most 20 % of all steps on or after it for the test, and the first with at
/// most 20 % of the rest for validation. All products of a shopper after the date are relevant. Products in the history are no
/// candidates where shoppers rarely come back to one (<see cref="RankingSplit.RarelyRepeats"/>).</remarks>
internal static class TimeSplit
{
    private const double TestShare = 0.2;
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <exception cref="ValidationException">The shop's times only keep an order.</exception>
    public static RankingSplit Cut(Sequences sequences, ShopInfo info)
    {
        if (!info.HasRealTimes)
        {
            throw new ValidationException($"'time-split' needs real times, and the times of '{info.Name}' only keep the order of events "
                + "(\"times\": \"order\" in shop.json). Use 'leave-one-out'.");
        }

        return Cut(sequences, TestShare);
    }

    /// <param name="testShare">Share of the steps after the date, at most.</param>
    internal static RankingSplit Cut(Sequences sequences, double testShare)
    {
        long testFrom = MidnightBefore(sequences.At, testShare);
        if (!sequences.At.Any(at => at < testFrom))
        {
            throw new ValidationException("'time-split' needs steps before those that test, and all steps of the data have the same time. Use 'leave-one-out'.");
        }

        long validationFrom = MidnightBefore([.. sequences.At.Where(at => at < testFrom)], testShare);
        var parts = new StepPart[sequences.StepCount];
        for (int step = 0; step < parts.Length; step++)
        {
            long at = sequences.At[step];
            parts[step] = at >= testFrom ? StepPart.Test : at >= validationFrom ? StepPart.Validation : StepPart.Train;
        }

        return RankingSplit.Cut(sequences, parts, RankingSplit.RarelyRepeats(sequences), onlyKnown: true);
    }

    /// <returns>The first midnight on or after which at most the share of the times lies; in a shop younger than that, the time itself.</returns>
    internal static long MidnightBefore(long[] times, double share)
    {
        if (times.Length == 0)
        {
            return long.MaxValue;
        }

        long[] sorted = [.. times.Order()];
        long at = sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * (1 - share)))];
        long midnight = (at + MicrosecondsPerDay - 1) / MicrosecondsPerDay * MicrosecondsPerDay;
        return midnight <= sorted[^1] ? midnight : at;
    }
}
