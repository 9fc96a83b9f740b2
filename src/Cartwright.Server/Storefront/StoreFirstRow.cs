using Cartwright.Commerce.Automation;
using Cartwright.Server.Dashboard;
using Cartwright.Storage;

namespace Cartwright.Server.Storefront;

/// <summary>Which row of the home page stands first for a visitor: chosen by the slot <c>store-home</c> where the merchant set it up.</summary>
/// <remarks>
/// A session keeps its choice, so that rows do not jump about; a click into that row is its reward. In memory, for the last 5,000 sessions:
/// after a restart a session is chosen for anew, and a click on a page from before rewards nothing.
/// </remarks>
internal sealed class StoreFirstRow(Shop shop, TimeProvider clock, ILogger<StoreFirstRow> logger)
{
    private const int MostSessions = 5_000;

    /// <summary>How old the slot may be that a choice is made by.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _guard = new();
    private readonly Dictionary<string, ChooseResponse> _choices = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private Looked? _looked;

    /// <summary>The row that stands first; null where there is no such slot, or the browser only looks ahead.</summary>
    /// <param name="rows">Arms of the slot that the page can show to this visitor.</param>
    public async Task<string?> ChooseAsync(HttpContext http, IReadOnlyList<string> rows)
    {
        StoreVisit visit = StoreVisit.Of(http);
        if (ChoiceOf(visit.Session) is { } kept)
        {
            return kept.Arm;
        }

        if (StoreEvents.IsLookAhead(http))
        {
            return null;
        }

        try
        {
            string[] arms = [.. (await ArmsAsync(http.RequestAborted)).Intersect(rows, StringComparer.Ordinal)];
            if (arms.Length == 0)
            {
                return null;
            }

            ChooseResponse choice = await shop.Experiments.ChooseAsync(
                new ChooseRequest { SlotId = DefaultRules.StoreHome.Id, ShopperId = visit.Shopper ?? visit.Session, Arms = arms }, http.RequestAborted);
            return Keep(visit.Session, choice).Arm;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failure.Tell(exception, logger);   // into the log; the page stands in its usual order
            return null;
        }
    }

    /// <summary>Tells the slot that a product was opened from a row, where that row stood first for this visitor by choice.</summary>
    public async Task RewardAsync(HttpContext http, string? row)
    {
        if (row is null || StoreEvents.IsLookAhead(http) || ChoiceOf(StoreVisit.Of(http).Session) is not { } choice || choice.Arm != row)
        {
            return;
        }

        try
        {
            await shop.Experiments.RewardAsync(new RewardRequest { ChoiceId = choice.ChoiceId }, http.RequestAborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failure.Tell(exception, logger);   // into the log; the product is shown
        }
    }

    private async Task<IReadOnlyList<string>> ArmsAsync(CancellationToken cancellationToken)
    {
        if (_looked is { } looked && clock.GetElapsedTime(looked.At) < LookInterval)
        {
            return looked.Arms;
        }

        SlotsResponse slots = await shop.Experiments.SlotsAsync(new SlotsRequest(), cancellationToken);
        IReadOnlyList<string> arms = slots.Slots.FirstOrDefault(one => one.Slot.Id == DefaultRules.StoreHome.Id)?.Slot.Arms ?? [];
        _looked = new Looked(arms, clock.GetTimestamp());
        return arms;
    }

    private ChooseResponse? ChoiceOf(string session)
    {
        lock (_guard)
        {
            return _choices.GetValueOrDefault(session);
        }
    }

    /// <returns>The session's choice, which another of its requests may have made meanwhile.</returns>
    private ChooseResponse Keep(string session, ChooseResponse choice)
    {
        lock (_guard)
        {
            if (!_choices.TryAdd(session, choice))
            {
                return _choices[session];
            }

            _order.Enqueue(session);
            if (_order.Count > MostSessions)
            {
                _choices.Remove(_order.Dequeue());
            }

            return choice;
        }
    }

    private sealed record Looked(IReadOnlyList<string> Arms, long At);
}
