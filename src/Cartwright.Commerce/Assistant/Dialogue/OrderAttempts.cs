namespace Cartwright.Commerce.Assistant;

/// <summary>How often somebody tried to be told of an order that they could not name rightly: few tries an hour, over all conversations.</summary>
/// <remarks>Ids that no order has are counted alike, so that nothing tells them apart. At most 50,000 ids are remembered; the oldest go first.</remarks>
internal sealed class OrderAttempts(TimeProvider clock)
{
    private const int MostAnHour = 5;
    private const int MostIds = 50_000;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _failed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _order = new();

    public bool Allows(string orderId)
    {
        lock (_lock)
        {
            return !_failed.TryGetValue(orderId, out var failed) || failed.Count < MostAnHour || clock.GetUtcNow() - failed.Since >= Window;
        }
    }

    public void Failed(string orderId)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (_failed.TryGetValue(orderId, out var failed))
            {
                _failed[orderId] = now - failed.Since < Window ? (failed.Since, failed.Count + 1) : (now, 1);
                return;
            }

            while (_failed.Count >= MostIds)
            {
                _failed.Remove(_order.Dequeue());
            }

            _failed.Add(orderId, (now, 1));
            _order.Enqueue(orderId);
        }
    }
}
