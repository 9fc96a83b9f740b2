using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Automation;

/// <summary>Compares what models were trained on with what they read now.</summary>
/// <remarks>
/// Population stability index: the sum over bins of (share now - share then) · ln(share now / share then), the symmetric Kullback–Leibler divergence; Siddiqi, "Credit Risk
/// Scorecards", 2006, with its bounds 0.1 and 0.25. Chance alone makes it about (bins - 1) · (1/n + 1/m), which is taken off, so that few rows do not look like drift.
/// </remarks>
/// <param name="catalog">The shop.</param>
/// <param name="qualities">Measure the models of some slices on what happened since their trainings.</param>
public sealed class DriftWatch(ShopCatalog catalog, IReadOnlyList<IServedQuality> qualities, TimeProvider clock)
{
    private const int ReferenceDays = 90;
    private const int FewestRows = 200;

    /// <summary>A week has all its days; less of it looks like drift.</summary>
    private const int FewestDays = 7;

    private const int PriceBins = 10;
    private const int HourBins = 8;

    /// <summary>Products that have a bin of their own; the others share one.</summary>
    private const int ProductBins = 20;

    private const double WorseLooks = 0.8;
    private const double SureDeviations = 3;

    /// <summary>What every model in service reads now, against what it was trained on.</summary>
    /// <exception cref="NotFoundException">The slice that was asked for has no model in service.</exception>
    public async Task<DriftResponse> DriftAsync(DriftRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop live = await catalog.LiveAsync(cancellationToken);
        Snapshot shop = live.TailCount == 0 ? live.Snapshot : await catalog.Store.ReadSnapshotAsync(cancellationToken);
        var models = new List<ModelDrift>();
        foreach (string slice in ShopMeasures.TrainedSlices.Where(slice => request.Slice is null || request.Slice == slice))
        {
            if (await verbs.ReadAsync("version", slice, cancellationToken) is { } version && ShopMeasures.TrainedAt(version) is { } at)
            {
                models.Add(await Task.Run(() => Compare(shop, slice, version, at, request, cancellationToken), cancellationToken));
            }
        }

        return models.Count > 0 || request.Slice is null ? new DriftResponse(models) : throw new NotFoundException($"No {request.Slice} model is in service.");
    }

    /// <summary>What fires a rule that waits for drift: once for each week that a version in service has drifted; null where it has not.</summary>
    public async Task<string?> FiringAsync(AutomationRule rule, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        DriftResponse drift = await DriftAsync(new DriftRequest(), verbs, cancellationToken);
        return drift.Models.FirstOrDefault(model => model.Slice == rule.When.Drift && model.HasDrifted) is { } drifted
            ? string.Create(CultureInfo.InvariantCulture, $"drift of {drifted.Version}, week {(clock.GetUtcNow() - ShopMeasures.TrainedAt(drifted.Version)!.Value).Days / FewestDays}") : null;
    }

    /// <summary>Population stability index of two counts over the same bins, without what chance alone makes.</summary>
    internal static double Stability(IReadOnlyList<int> before, IReadOnlyList<int> since)
    {
        double n = before.Sum(), m = since.Sum(), sum = 0;
        int used = 0;
        for (int i = 0; i < before.Count; i++)
        {
            if (before[i] + since[i] == 0)
            {
                continue;
            }

            used++;
            double p = (before[i] + 0.5) / (n + (0.5 * before.Count)), q = (since[i] + 0.5) / (m + (0.5 * before.Count));
            sum += (q - p) * Math.Log(q / p);
        }

        return Math.Max(0, sum - ((used - 1) * ((1 / n) + (1 / m))));
    }

    private ModelDrift Compare(Snapshot shop, string slice, string version, DateTimeOffset trainedAt, DriftRequest request, CancellationToken cancellationToken)
    {
        long trained = ShopTime.ToMicroseconds(trainedAt);
        InteractionColumns all = shop.Interactions;
        long lastBefore = all.At.Where(at => at <= trained).DefaultIfEmpty(trained).Max();
        long from = lastBefore - (ReferenceDays * Day);
        long recent = Math.Max(trained, ShopTime.ToMicroseconds(clock.GetUtcNow()) - (request.RecentDays * Day));
        int[] before = [.. Enumerable.Range(0, all.Count).Where(i => all.At[i] > from && all.At[i] <= lastBefore)];
        int[] since = [.. Enumerable.Range(0, all.Count).Where(i => all.At[i] > recent)];
        (double? LookRate, double Deviation) lookedBefore = Looked(all, before), lookedSince = Looked(all, since);
        double days = (clock.GetUtcNow() - trainedAt).TotalDays;
        if (days < FewestDays)
        {
            return new ModelDrift(slice, version, [], lookedBefore.LookRate, lookedSince.LookRate, HasDrifted: false,
                string.Create(CultureInfo.InvariantCulture, $"Trained {days:0.#} days ago: it is looked at after {FewestDays}."));
        }

        if (before.Length < FewestRows || since.Length < FewestRows)
        {
            return new ModelDrift(slice, version, [], lookedBefore.LookRate, lookedSince.LookRate, HasDrifted: false,
                string.Create(CultureInfo.InvariantCulture, $"Too little to compare: {before.Length:#,0} interactions before the training and {since.Length:#,0} since; it takes {FewestRows} of each."));
        }

        InputDrift[] inputs = [.. Inputs(shop, before, since).OrderByDescending(input => input.Stability)];
        InputDrift most = inputs[0];
        bool looksFell = lookedBefore.LookRate is { } then && lookedSince.LookRate is { } now && now < WorseLooks * then
            && then - now > SureDeviations * Math.Sqrt((lookedBefore.Deviation * lookedBefore.Deviation) + (lookedSince.Deviation * lookedSince.Deviation));
        ServedQuality? quality = Measure(shop, slice, version, trained, recent, cancellationToken);
        bool hasDrifted = most.Stability > request.Bound || looksFell || quality is { IsWorse: true };
        string why = quality is { IsWorse: true } ? quality.Words
            : looksFell ? string.Create(CultureInfo.InvariantCulture, $"Of what is shown {lookedSince.LookRate:P1} is looked at; before the training it was {lookedBefore.LookRate:P1}.")
            : string.Create(CultureInfo.InvariantCulture, $"The most changed is {most.Input}, by {most.Stability:0.000}; {(hasDrifted ? "more" : "less")} than {request.Bound:0.###}.");
        return new ModelDrift(slice, version, inputs, lookedBefore.LookRate, lookedSince.LookRate, hasDrifted, why) { Quality = quality };
    }

    /// <summary>A version that is damaged, or gone by now, has no quality; whoever loads it to answer says so.</summary>
    private ServedQuality? Measure(Snapshot shop, string slice, string version, long trained, long from, CancellationToken cancellationToken)
    {
        try
        {
            return qualities.FirstOrDefault(one => one.Slice == slice)?.Measure(shop, version, trained, from, cancellationToken);
        }
        catch (Exception e) when (e is ModelFormatException or NotFoundException)
        {
            return null;
        }
    }

    private const long Day = 86_400_000_000L;

    private static IEnumerable<InputDrift> Inputs(Snapshot shop, int[] before, int[] since)
    {
        InteractionColumns all = shop.Interactions;
        yield return Of("kind", i => (int)all.Kind[i], Enum.GetValues<InteractionKind>().Length);
        yield return Of("hour", i => (int)(all.At[i] % Day / (Day / HourBins)), HourBins);

        string[] categories = [.. shop.Products.Select(product => product.Category ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] category = [.. shop.Products.Select(product => Array.BinarySearch(categories, product.Category ?? "", StringComparer.Ordinal))];
        yield return Of("category", i => !all.Kind[i].IsInterest() || all.Product[i] == Snapshot.None ? -1 : category[all.Product[i]], categories.Length);

        int[] popular = [.. before.Where(i => all.Kind[i].IsInterest() && all.Product[i] != Snapshot.None).GroupBy(i => all.Product[i]).OrderByDescending(of => of.Count()).ThenBy(of => of.Key).Take(ProductBins).Select(of => of.Key)];
        yield return Of("product", i => !all.Kind[i].IsInterest() || all.Product[i] == Snapshot.None ? -1 : Array.IndexOf(popular, all.Product[i]) is var at and >= 0 ? at : popular.Length, popular.Length + 1);

        float[] prices = [.. before.Select(i => all.Price[i]).Where(price => price > 0).Order()];
        if (prices.Length > 0)
        {
            float[] ends = [.. Enumerable.Range(1, PriceBins - 1).Select(k => prices[k * prices.Length / PriceBins])];
            yield return Of("price", i => !(all.Price[i] > 0) ? -1 : ends.Count(end => all.Price[i] >= end), PriceBins);
        }

        InputDrift Of(string input, Func<int, int> bin, int bins)
        {
            int[] Count(int[] rows)
            {
                int[] counts = new int[bins];
                foreach (int at in rows.Select(bin).Where(at => at >= 0))
                {
                    counts[at]++;
                }

                return counts;
            }

            int[] then = Count(before), now = Count(since);
            return new InputDrift(input, then.Sum() < FewestRows || now.Sum() < FewestRows ? 0 : Stability(then, now), then.Sum(), now.Sum());
        }
    }

    private static (double? LookRate, double Deviation) Looked(InteractionColumns all, int[] rows)
    {
        int shown = rows.Count(i => all.Kind[i] == InteractionKind.Impression);
        int looked = rows.Count(i => all.Position[i] > 0 && all.Kind[i] is InteractionKind.View or InteractionKind.Click);
        double rate = Math.Min(1, looked / (double)Math.Max(1, shown));
        return (shown == 0 ? null : rate, Math.Sqrt(rate * (1 - rate) / Math.Max(1, shown)));
    }
}
