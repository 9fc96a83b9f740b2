using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Neighbors;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>
/// Computes <see cref="SegmentResponse"/>: an autoencoder puts what is known of each shopper into a few numbers and tells all again from them, which keeps what
/// shoppers have in common; shoppers of whom about the same is told become a segment.
/// </summary>
/// <remarks>
/// Distances are taken between what comes back, not between the few numbers themselves: those are stretched and turned otherwise by every seed. With
/// them the segments of two seeds agreed by an adjusted Rand index of 0.34 on the sample shop.
/// </remarks>
internal sealed class Segmentation(SegmentRequest request, TimeProvider clock)
{
    private const int FewestShoppers = 30;
    private const int LeastCount = 3;
    private const int MostCount = 8;

    // More shoppers than this change no center; all are sorted by what these taught.
    private const int MostLearnedFrom = 20_000;
    private const int MostCompared = 2_000;
    private const int Resamples = 5;
    private const int OtherSeeds = 3;
    private const int StartsAgain = 4;

    /// <summary>From here on, samples find about the same segments.</summary>
    private const double StableEnough = 0.8;

    /// <exception cref="ValidationException">There are too few shoppers.</exception>
    public SegmentResponse Of(Snapshot shop, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RunProgress("reading what shoppers did", 0, 0, "shoppers"));
        ShopperFeatures features = ShopperFeatures.Of(shop, clock.GetUtcNow());
        int fewest = Math.Max(FewestShoppers, 2 * (request.Segments ?? MostCount));
        if (features.Shoppers.Length < fewest)
        {
            throw new ValidationException($"{features.Shoppers.Length} shoppers did something in this shop; {fewest} are the fewest that can be sorted into segments.");
        }

        int width = features.Features.Count;
        float[] scaled = features.Scaled();
        float[] learned = Pick(scaled, Sample(features.Shoppers.Length), width);
        progress?.Report(new RunProgress("learning what shoppers have in common", 0, 0, "passes"));
        Autoencoder model = Learn(learned, width, request.Seed, cancellation);
        float[] told = AutoencoderTraining.Reconstruct(model, learned);
        var others = new List<float[]>();
        for (int i = 1; i <= OtherSeeds; i++)
        {
            progress?.Report(new RunProgress("learning again from other seeds", i - 1, OtherSeeds, "seeds"));
            others.Add(AutoencoderTraining.Reconstruct(Learn(learned, width, unchecked(request.Seed + i), cancellation), learned));
        }

        var tried = new List<TriedSegments>();
        foreach (int count in Counts())
        {
            progress?.Report(new RunProgress("weighing numbers of segments", tried.Count, Counts().Count(), "numbers"));
            tried.Add(Try(told, others, width, count, cancellation));
        }

        TriedSegments chosen = Choose([.. tried]);
        KMeans found = KMeans.Fit(told, width, chosen.Count, Seed(1));
        ShopperSegment[] segments = Describe(shop, features, AutoencoderTraining.Reconstruct(model, scaled), found);
        return new SegmentResponse(features.Shoppers.Length, features.Until, segments, tried, Summary(segments, chosen, features.Shoppers.Length));
    }

    private IEnumerable<int> Counts() => request.Segments is { } count ? [count] : Enumerable.Range(LeastCount, MostCount - LeastCount + 1);

    /// <summary>Which shoppers are learned from, in an order that means nothing.</summary>
    private int[] Sample(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Seeds.Random((ulong)request.Seed, 0).Shuffle(order);
        return order[..Math.Min(count, MostLearnedFrom)];
    }

    private Autoencoder Learn(float[] rows, int width, int seed, CancellationToken cancellation)
    {
        var model = new Autoencoder(new AutoencoderOptions { InputSize = width }, Seeds.Random((ulong)seed, 1));
        AutoencoderTraining.Fit(model, rows, seed, clock, progress: null, cancellation);
        return model;
    }

    private TriedSegments Try(float[] told, List<float[]> others, int width, int count, CancellationToken cancellation)
    {
        int[] reference = KMeans.Fit(told, width, count, Seed(1)).Assign(told);
        double bootstrap = 0;
        for (int resample = 0; resample < Resamples; resample++)
        {
            cancellation.ThrowIfCancellationRequested();
            Random random = Seeds.Random(Seed(2), (ulong)resample);
            int[] drawn = [.. Enumerable.Range(0, reference.Length).Select(_ => random.Next(reference.Length))];
            bootstrap += Clusters.AdjustedRandIndex(reference, KMeans.Fit(Pick(told, drawn, width), width, count, Seed(3 + (ulong)resample), StartsAgain).Assign(told));
        }

        double seeds = others.Average(other => Clusters.AdjustedRandIndex(reference, KMeans.Fit(other, width, count, Seed(1), StartsAgain).Assign(other)));
        int compared = Math.Min(reference.Length, MostCompared);
        return new TriedSegments(count, Clusters.Silhouette(told.AsSpan(0, compared * width), width, reference.AsSpan(0, compared)),
            Clusters.CalinskiHarabasz(told, width, reference), bootstrap / Resamples, seeds);
    }

    /// <summary>The clearest of those that are found again; where none is, the one that is found again best.</summary>
    private static TriedSegments Choose(TriedSegments[] tried)
    {
        TriedSegments[] stable = [.. tried.Where(one => Again(one) >= StableEnough)];
        return stable.Length > 0 ? stable.MaxBy(one => one.Silhouette)! : tried.MaxBy(Again)!;
    }

    private static double Again(TriedSegments tried) => Math.Min(tried.Stability, tried.SeedStability);

    private ShopperSegment[] Describe(Snapshot shop, ShopperFeatures features, float[] told, KMeans found)
    {
        int[] clusters = found.Assign(told);
        int size = told.Length / clusters.Length;
        int[][] members = [.. Enumerable.Range(0, found.Centers.Length / size).Select(cluster => Enumerable.Range(0, clusters.Length).Where(i => clusters[i] == cluster).ToArray())
            .Where(of => of.Length > 0).OrderByDescending(of => of.Sum(i => features.Tallies[i].Spent)).ThenByDescending(of => of.Length)];
        int[] segments = new int[clusters.Length];
        for (int segment = 0; segment < members.Length; segment++)
        {
            foreach (int i in members[segment])
            {
                segments[i] = segment;
            }
        }

        var naming = new SegmentNames(features, segments, members.Length);
        string[] names = naming.All();
        double all = features.Tallies.Sum(tally => tally.Spent);
        float[] centers = found.Centers.ToArray();
        return [.. members.Select((of, segment) =>
        {
            double spent = of.Sum(i => features.Tallies[i].Spent);
            int center = clusters[of[0]] * size;
            string[] typical = [.. of.OrderBy(i => Distance(told.AsSpan(i * size, size), centers.AsSpan(center, size))).ThenBy(i => i)
                .Take(request.Members).Select(i => shop.Shoppers[features.Shoppers[i]].Id)];
            return new ShopperSegment(names[segment], of.Length, (double)of.Length / clusters.Length, of.Count(i => features.Tallies[i].Purchases > 0) / (double)of.Length,
                spent, all == 0 ? 0 : spent / all, spent / of.Length, naming.Traits(segment), typical);
        })];
    }

    private static string Summary(ShopperSegment[] segments, TriedSegments chosen, int shoppers)
    {
        string clear = chosen.Silhouette switch { >= 0.5 => "They lie clearly apart", >= 0.25 => "They differ, with shoppers between them", _ => "They shade into each other" };
        string again = Again(chosen) switch
        {
            >= StableEnough => "are found again on other samples and seeds",
            >= 0.5 => "are mostly found again on other samples and seeds",
            _ => "change from one sample to the next, so take them as a rough picture",
        };
        string first = segments[0].SpentShare > 0
            ? string.Create(CultureInfo.InvariantCulture, $" {segments[0].Shoppers:#,0} {segments[0].Name} made {segments[0].SpentShare:P0} of what was spent.") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{shoppers:#,0} shoppers in {segments.Length} segments.{first} {clear} (silhouette {chosen.Silhouette:0.00}) and {again} (adjusted Rand index {chosen.Stability:0.00} and {chosen.SeedStability:0.00}).");
    }

    private ulong Seed(ulong purpose) => Seeds.Mix((ulong)request.Seed, purpose);

    private static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => System.Numerics.Tensors.TensorPrimitives.Distance(x, y);

    private static float[] Pick(float[] rows, int[] chosen, int width)
    {
        float[] picked = new float[chosen.Length * width];
        for (int i = 0; i < chosen.Length; i++)
        {
            rows.AsSpan(chosen[i] * width, width).CopyTo(picked.AsSpan(i * width));
        }

        return picked;
    }
}
