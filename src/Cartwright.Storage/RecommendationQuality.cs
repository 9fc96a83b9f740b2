using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Storage;

/// <summary>Whether the recommendation model in service still finds the next product in its top 10.</summary>
/// <remarks>
/// As a training judges the version in service: the first product that each shopper wanted in a stretch of time, after what they had wanted before it, among all products
/// of the shop. One that is newer than the model is a miss. It has fallen where it lies a fifth below the card's figure and by more than two and a half deviations of both (of a hundred looks at shoppers who stayed as they were less than one says so).
/// </remarks>
/// <param name="folder"><c>models/recommendation</c> of the shop.</param>
internal sealed class RecommendationQuality(string folder, TimeProvider clock) : IServedQuality
{
    private const string Figure = "recall@10";
    private const int Cutoff = 10;
    private const int FewestShoppers = 100;
    private const int MostShoppers = 5_000;

    /// <summary>Of the steps before a training, what it held out; every second shopper of those judged.</summary>
    private const double HeldOutShare = 0.05;

    private const double Worse = 0.8;
    private const double SureDeviations = 2.5;

    private readonly ModelVersions _versions = new(folder);

    public string Slice => "recommendation";

    public ServedQuality? Measure(Snapshot shop, string version, long trainedAt, long from, CancellationToken cancellationToken)
    {
        ModelCard card = _versions.Folders.Card(version);
        if (!shop.Info.HasRealTimes || !card.Metrics.TryGetValue($"{card.Model} {Figure}", out double then))
        {
            return null;
        }

        Sequences sequences = SequenceReader.ByShopper(shop, Enum.GetValues<InteractionKind>().Where(kind => kind.IsInterest()).ToHashSet(), merged: true);
        RankingSplit split = FirstSteps(sequences, from, long.MaxValue);
        RankingCases cases = split.Test.Sample(MostShoppers);
        long heldOutFrom = TimeSplit.MidnightBefore([.. sequences.At.Where(at => at <= trainedAt)], HeldOutShare);
        int judges = FirstSteps(sequences, heldOutFrom, trainedAt).Test.Cases.Count / 2;
        if (cases.Cases.Count < FewestShoppers || judges == 0)
        {
            return null;
        }

        LoadedVersion loaded = _versions.Load(version);
        var model = new RenumberedModel(loaded.Model, loaded.ProductIds, shop.ProductIndex, shop.Products.Count);
        RankingMeasurement measured = new ModelComparison(shop.Products, hasRealTimes: true, clock).Measure(model, split, cases, [Cutoff], cancellationToken);
        MetricEstimate now = RankingMeasurement.Estimate([measured], card.Seed, withFullMap: false)[Figure];
        double deviation = Math.Sqrt((then * (1 - then) / judges) + (now.Value * (1 - now.Value) / cases.Cases.Count));
        return new ServedQuality(Figure, then, now.Value, now.Low, now.High, cases.Cases.Count, now.Value < Worse * then && then - now.Value > SureDeviations * deviation,
            FormattableString.Invariant($"It finds the next product in its top 10 for {now.Value:P1} of {cases.Cases.Count:#,0} shoppers since (95 %: {now.Low:P1} to {now.High:P1}); in its training it was {then:P1}."));
    }

    /// <summary>Each shopper's first step in a stretch of time, after all of theirs before it.</summary>
    private static RankingSplit FirstSteps(Sequences sequences, long from, long until)
    {
        var parts = new StepPart[sequences.StepCount];
        for (int s = 0; s < sequences.Count; s++)
        {
            int first = sequences.Start[s];
            while (first < sequences.Start[s + 1] && sequences.At[first] < from)
            {
                first++;
            }

            parts.AsSpan(first..sequences.Start[s + 1]).Fill(StepPart.None);
            if (first < sequences.Start[s + 1] && sequences.At[first] <= until)
            {
                parts[first] = StepPart.Test;
            }
        }

        return RankingSplit.Cut(sequences, parts, RankingSplit.RarelyRepeats(sequences), onlyKnown: true);
    }
}
