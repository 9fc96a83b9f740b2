using System.Buffers.Text;
using System.Security.Cryptography;

namespace Cartwright.Commerce.Assistant;

/// <summary>The conversations under way, in memory.</summary>
/// <remarks>
/// At most 10,000, each of at most about 75 kB (mostly far less), and each until it was left alone for half an hour or has 200 sentences; then the next
/// sentence begins a new one. Where all places are taken, the one that was left alone for the longest gives way. A restart ends all of them: what must last
/// is in the store (the basket's interactions, what waits for a person). An id is 128 random bits: who has it goes on with the conversation, and who
/// says to be another shopper begins one of their own.
/// </remarks>
internal sealed class Conversations(TimeProvider clock)
{
    private const int MostCount = 10_000;
    private const int MostTurns = 200;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byId = new(StringComparer.Ordinal);

    /// <summary>The one that was left alone for the longest is first.</summary>
    private readonly LinkedList<Kept> _byUse = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>The conversation of this id, if it is this shopper's and still goes on; else a new one.</summary>
    public Conversation Continue(string? id, string? shopperId)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_lock)
        {
            while (_byUse.First is { } oldest && (now - oldest.Value.UsedAt > IdleTime || _byId.Count >= MostCount))
            {
                Remove(oldest);
            }

            if (id is not null && _byId.TryGetValue(id, out LinkedListNode<Kept>? known)
                && known.Value.Conversation.ShopperId == shopperId && known.Value.Conversation.TurnCount < MostTurns)
            {
                known.Value = known.Value with { UsedAt = now };
                _byUse.Remove(known);
                _byUse.AddLast(known);
                return known.Value.Conversation;
            }

            var begun = new Conversation(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), shopperId);
            _byId.Add(begun.Id, _byUse.AddLast(new Kept(begun, now)));
            return begun;
        }
    }

    /// <summary>Ends what a shopper said, so that nothing of it is left in memory.</summary>
    public void Forget(string shopperId)
    {
        lock (_lock)
        {
            for (LinkedListNode<Kept>? node = _byUse.First, next; node is not null; node = next)
            {
                next = node.Next;
                if (node.Value.Conversation.ShopperId == shopperId)
                {
                    Remove(node);
                }
            }
        }
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        _byUse.Remove(node);
        _byId.Remove(node.Value.Conversation.Id);
    }

    private sealed record Kept(Conversation Conversation, DateTimeOffset UsedAt);
}
