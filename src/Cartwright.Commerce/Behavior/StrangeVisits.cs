using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>
/// Finds bots: visits that buy nothing, that are faster or longer than people's are, and that an autoencoder of ordinary visits would not have told from all else
/// that is known of them.
/// </summary>
internal sealed class StrangeVisits(Snapshot shop, int seed, TimeProvider clock)
{
    private const int MostLearnedFrom = 20_000;
    private const int FewestVisits = 200;

    /// <summary>So many visits, the strangest by single numbers, are not learned from: what is strange must not become usual.</summary>
    private const double LeftOut = 0.02;

    private const double MostDeviations = 8;

    /// <summary>How many spreads from the usual are strange. Of normal values less than one in a million is.</summary>
    private const double Strange = 5;

    /// <summary>Nobody looks at pages so fast for a minute.</summary>
    private const int InhumanPerMinute = 45;

    /// <summary>Fewer views are no visit to judge.</summary>
    private const int FewestViews = 10;

    private static readonly int ViewsColumn = Array.IndexOf(VisitFeatures.Names, "views");
    private static readonly int PeakColumn = Array.IndexOf(VisitFeatures.Names, "most acts a minute");

    /// <summary>Which rows of the shop are of bots, after <see cref="Find"/>.</summary>
    public bool[] IsOfBot { get; } = new bool[shop.Interactions.Count];

    public IReadOnlyList<Anomaly> Find(CancellationToken cancellation)
    {
        InteractionColumns rows = shop.Interactions;
        Suspect[] suspects = [.. Suspects(Visit.All(rows), "visit", cancellation), .. Suspects(Visit.Days(rows), "day", cancellation)];
        return [.. suspects.GroupBy(suspect => Who(rows, suspect.Visit.Start)).Select(of =>
        {
            Suspect worst = of.MaxBy(suspect => suspect.Score)!;
            int start = of.Min(suspect => suspect.Visit.Start);
            bool isKnown = rows.Shopper[start] >= 0;
            return new Anomaly
            {
                Kind = AnomalyKind.Bot,
                Day = TrackingDays.DayOf(rows.At[start]),
                ShopperId = isKnown ? shop.Shoppers[rows.Shopper[start]].Id : null,
                SessionId = !isKnown && rows.Session[start] >= 0 ? shop.Sessions[rows.Session[start]] : null,
                Rows = Enumerable.Range(start, of.Max(suspect => suspect.Visit.End) - start).Count(row => IsOfBot[row]),
                Score = Math.Min(worst.Score, AnomalySearch.MostScore),
                Reason = worst.Reason,
            };
        })];
    }

    /// <param name="unit">What they are, in the reason: "visit".</param>
    private List<Suspect> Suspects(List<Visit> visits, string unit, CancellationToken cancellation)
    {
        var features = new VisitFeatures[visits.Count];
        Parallel.For(0, features.Length, new ParallelOptions { CancellationToken = cancellation }, i => features[i] = VisitFeatures.Of(shop.Interactions, visits[i]));
        int width = VisitFeatures.Names.Length;
        double[] numbers = [.. features.SelectMany(visit => visit.Numbers())];
        RobustScale[] scales = [.. Enumerable.Range(0, width).Select(column => RobustScale.Of(Column(numbers, column, width), leastSpread: 0.25))];
        double[] untold = features.Length < FewestVisits ? [] : Untold(numbers, scales, cancellation);
        double usualViews = RobustScale.Of(features.Select(visit => (double)visit.Views)).Median;
        double usualPeak = RobustScale.Of(features.Select(visit => (double)visit.PeakPerMinute)).Median;

        var suspects = new List<Suspect>();
        for (int i = 0; i < features.Length; i++)
        {
            VisitFeatures of = features[i];
            double score = Math.Max(scales[ViewsColumn].Deviations(numbers[(i * width) + ViewsColumn]), scales[PeakColumn].Deviations(numbers[(i * width) + PeakColumn]));
            bool isStrange = untold.Length > 0 && untold[i] > Strange && score > Strange;
            if (of.Purchases == 0 && of.Views >= FewestViews && (isStrange || of.PeakPerMinute >= InhumanPerMinute))
            {
                IsOfBot.AsSpan(visits[i].Start, visits[i].End - visits[i].Start).Fill(true);
                suspects.Add(new Suspect(visits[i], score, string.Create(CultureInfo.InvariantCulture,
                    $"No purchase. {of.Views:#,0} views in a {unit} (usual {usualViews:0}), up to {of.PeakPerMinute:#,0} acts a minute (usual {usualPeak:0}), one every {of.Gap:0.#} s, {of.Searches:#,0} searches.")));
            }
        }

        return suspects;
    }

    /// <summary>How many spreads more views, or acts a minute, each visit has than what comes back of it, by the differences of ordinary visits.</summary>
    private double[] Untold(double[] numbers, RobustScale[] scales, CancellationToken cancellation)
    {
        int width = scales.Length;
        int count = numbers.Length / width;
        float[] scaled = new float[numbers.Length];
        double[] furthest = new double[count];
        for (int i = 0; i < numbers.Length; i++)
        {
            double deviations = scales[i % width].Deviations(numbers[i]);
            scaled[i] = (float)Math.Clamp(deviations, -MostDeviations, MostDeviations);
            furthest[i / width] = Math.Max(furthest[i / width], Math.Abs(deviations));
        }

        double edge = furthest.Order().ElementAt((int)((1 - LeftOut) * (count - 1)));
        int[] learned = [.. Enumerable.Range(0, count).Where(i => furthest[i] <= edge)];
        Seeds.Random((ulong)seed, 2).Shuffle(learned);
        var model = new Autoencoder(new AutoencoderOptions { InputSize = width, CodeSize = 4, HiddenSize = 32 }, Seeds.Random((ulong)seed, 3));
        AutoencoderTraining.Fit(model, [.. learned.Take(MostLearnedFrom).SelectMany(i => scaled[(i * width)..((i + 1) * width)])], seed, clock, progress: null, cancellation);
        float[] back = AutoencoderTraining.Reconstruct(model, scaled);
        double[] untold = new double[count];
        foreach (int column in (int[])[ViewsColumn, PeakColumn])
        {
            double[] more = [.. Enumerable.Range(0, count).Select(i => (double)scaled[(i * width) + column] - back[(i * width) + column])];
            RobustScale ordinary = RobustScale.Of(learned.Select(i => more[i]), leastSpread: 0.1);
            for (int i = 0; i < count; i++)
            {
                untold[i] = Math.Max(untold[i], ordinary.Deviations(more[i]));
            }
        }

        return untold;
    }

    private static (int Shopper, int Session) Who(InteractionColumns rows, int row) => rows.Shopper[row] >= 0 ? (rows.Shopper[row], Snapshot.None) : (Snapshot.None, rows.Session[row]);

    private static IEnumerable<double> Column(double[] numbers, int column, int width)
    {
        for (int i = column; i < numbers.Length; i += width)
        {
            yield return numbers[i];
        }
    }

    private sealed record Suspect(Visit Visit, double Score, string Reason);
}
