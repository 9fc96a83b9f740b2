using Cartwright.Commerce.Assistant;

namespace Cartwright.Server.Dashboard;

/// <summary>What was said in the console's conversations, with sources, for the page to show again: in memory, until half an hour after the last sentence.</summary>
/// <remarks>At most 100 conversations of 30 sentences each, some 10 MB; the oldest go first.</remarks>
internal sealed class TalkDesk(TimeProvider clock)
{
    private const int MostTalks = 100;
    private const int MostExchanges = 30;

    private static readonly TimeSpan Keeping = TimeSpan.FromMinutes(30);

    private readonly Lock _guard = new();
    private readonly LinkedList<Talk> _talks = [];

    /// <returns>Empty where the conversation is no longer here.</returns>
    public IReadOnlyList<Exchange> Of(string? conversation)
    {
        lock (_guard)
        {
            return [.. _talks.FirstOrDefault(talk => talk.Id == conversation && talk.At + Keeping >= clock.GetUtcNow())?.Exchanges ?? []];
        }
    }

    /// <param name="before">The conversation as it was called until now: one that ended goes on under another id.</param>
    public void Add(string? before, string? shopper, Exchange exchange)
    {
        lock (_guard)
        {
            Talk? talk = _talks.FirstOrDefault(one => one.Id == before && one.Id == exchange.Reply.ConversationId);
            if (talk is not null)
            {
                _talks.Remove(talk);
            }

            talk = new Talk(exchange.Reply.ConversationId, shopper, clock.GetUtcNow(), [.. (talk?.Exchanges ?? []).Append(exchange).TakeLast(MostExchanges)]);
            _talks.AddLast(talk);
            while (_talks.Count > MostTalks || _talks.First!.Value.At + Keeping < talk.At)
            {
                _talks.RemoveFirst();
            }
        }
    }

    /// <summary>Lets go of what was said for a shopper.</summary>
    public void Forget(string shopper)
    {
        lock (_guard)
        {
            foreach (Talk talk in _talks.Where(talk => talk.Shopper == shopper).ToArray())
            {
                _talks.Remove(talk);
            }
        }
    }

    private sealed record Talk(string Id, string? Shopper, DateTimeOffset At, IReadOnlyList<Exchange> Exchanges);
}

/// <summary>A sentence and its answer.</summary>
internal sealed record Exchange(string Said, ReplyResponse Reply);
