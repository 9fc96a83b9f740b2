using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Automation;

/// <summary>Answers how the shop does and what should be done, from what each side of it advises.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="advisers">One for each side that is looked at.</param>
public sealed class ShopAdviser(ShopCatalog catalog, IReadOnlyList<IAdviser> advisers, TimeProvider clock)
{
    /// <summary>Older advice is asked for anew while it is still given: forecasts and searches over a whole shop take seconds, and a page asks at every visit.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly IAdviser[] _ofDecisions = [.. advisers.Where(adviser => adviser.IsOfDecisions)];
    private readonly IAdviser[] _ofTheShop = [.. advisers.Where(adviser => !adviser.IsOfDecisions)];
    private readonly Lock _asking = new();
    private Task<Heard>? _heard;
    private Task<Heard>? _next;
    private LiveShop? _heardOf;
    private string _decidedThen = "";
    private long _heardAt;

    /// <summary>How the shop does, and what should be done now. What waits for a decision is as it is now; where nothing was decided since, the rest may be a minute old.</summary>
    public async Task<AdviseResponse> AdviseAsync(AdviseRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        Heard decisions = await AskAsync(_ofDecisions, shop).WaitAsync(cancellationToken);
        Heard heard = await HearAsync(shop, string.Join('\n', decisions.Advice.Select(one => one.Text))).WaitAsync(cancellationToken);
        ShopPerformance? performance = await Task.Run(() => PerformanceOf(shop.Snapshot, request.Days), cancellationToken);
        Advice[] advice = [.. decisions.Advice.Concat(heard.Advice).OrderByDescending(one => one.IsUrgent).ThenByDescending(one => one.Worth ?? 0).ThenBy(one => one.Topic)];
        return new AdviseResponse(Summary(performance, advice, shop.Snapshot.Info.Currency), performance, [.. advice.Take(request.Count)], [.. decisions.Unseen, .. heard.Unseen]);
    }

    /// <summary>What was heard last, while it is asked anew where that is long ago; nobody but the first waits.</summary>
    /// <param name="decisions">What waits for a decision: where that is not what it was, something was decided, and what was heard before it may be wrong.</param>
    private Task<Heard> HearAsync(LiveShop shop, string decisions)
    {
        lock (_asking)
        {
            if (_heard is null || _heard.IsFaulted || _heardOf != shop || _decidedThen != decisions)
            {
                _heardOf = shop;
                _decidedThen = decisions;
                _heardAt = clock.GetTimestamp();
                _next = null;
                _heard = AskAsync(_ofTheShop, shop);   // Not stopped with the one who asked first: others wait for it too.
            }
            else if (_next is { IsCompleted: true })
            {
                _heard = _next.IsFaulted ? _heard : _next;
                _next = null;
            }
            else if (_next is null && _heard.IsCompleted && clock.GetElapsedTime(_heardAt) > Freshness)
            {
                _heardAt = clock.GetTimestamp();
                _next = AskAsync(_ofTheShop, shop);
            }

            return _heard;
        }
    }

    private static async Task<Heard> AskAsync(IAdviser[] asked, LiveShop shop)
    {
        var advice = new List<Advice>();
        var unseen = new List<string>();
        foreach (IAdviser adviser in asked)
        {
            try
            {
                advice.AddRange(await Task.Run(() => adviser.AdviseAsync(shop)));
            }
            catch (Exception failed) when (failed is ModelFormatException or ModelNotTrainedException or ValidationException or StorageException or NotFoundException)
            {
                unseen.Add($"{adviser.Topic}: {failed.Message}");
            }
        }

        return new Heard(advice, unseen);
    }

    private static ShopPerformance? PerformanceOf(Snapshot shop, int days)
    {
        if (!shop.Info.HasRealTimes || ActivityByDay.Of(shop) is not { } activity)
        {
            return null;
        }

        DateOnly to = activity.LastDay;
        DateOnly from = to.AddDays(1 - days);
        DateOnly before = from.AddDays(-days);
        bool canCompare = before >= activity.FirstDay;
        return new ShopPerformance(from < activity.FirstDay ? activity.FirstDay : from, to, shop.Info.Currency,
            activity.Revenue(from, to), canCompare ? activity.Revenue(before, from.AddDays(-1)) : null,
            activity.Count(InteractionKind.Purchase, from, to), canCompare ? activity.Count(InteractionKind.Purchase, before, from.AddDays(-1)) : null,
            activity.Shoppers(from, to), activity.Count(InteractionKind.View, from, to));
    }

    private static string Summary(ShopPerformance? performance, Advice[] advice, string currency)
    {
        string does = performance switch
        {
            null => "What happened when is not known, so there is no before and after to compare.",
            { RevenueChange: { } change } => Advice.Say($"{performance.Revenue:N0} {currency} of revenue in the {Days(performance)} days to {performance.To:yyyy-MM-dd}, {Math.Abs(change):P0} {(change >= 0 ? "more" : "less")} than in those before."),
            _ => Advice.Say($"{performance.Revenue:N0} {currency} of revenue in the {Days(performance)} days to {performance.To:yyyy-MM-dd}."),
        };
        decimal worth = advice.Sum(one => one.Worth ?? 0);
        int urgent = advice.Count(one => one.IsUrgent);
        string act = advice.Length == 0 ? "Nothing needs to be done now."
            : Advice.Say($"{advice.Length:N0} {(advice.Length == 1 ? "thing" : "things")} to do{(urgent > 0 ? Advice.Say($", {urgent:N0} urgent") : "")}{(worth > 0 ? Advice.Say($", worth about {worth:N0} {currency} in 30 days") : "")}.");
        return $"{does} {act}";
    }

    private static int Days(ShopPerformance performance) => performance.To.DayNumber - performance.From.DayNumber + 1;

    private sealed record Heard(IReadOnlyList<Advice> Advice, IReadOnlyList<string> Unseen);
}
