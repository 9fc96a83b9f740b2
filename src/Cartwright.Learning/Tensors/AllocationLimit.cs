namespace Cartwright.Learning.Tensors;

/// <summary>
/// Most numbers that the tensors made on this thread may hold together until it is disposed of, so that a model that came from elsewhere can't
/// take all memory. What is made inside an inner limit counts for the outer ones as well.
/// </summary>
internal sealed class AllocationLimit : IDisposable
{
    [ThreadStatic]
    private static AllocationLimit? _current;

    private readonly AllocationLimit? _outer;
    private readonly string _taker;
    private readonly long _most;
    private long _taken;

    private AllocationLimit(long most, string taker)
    {
        (_most, _taker, _outer) = (most, taker, _current);
        _current = this;
    }

    /// <param name="most">Numbers that may be taken.</param>
    /// <param name="taker">What takes them, as the error says it.</param>
    public static AllocationLimit Begin(long most, string taker) => new(most, taker);

    /// <summary>Numbers that one tensor may have: the least of all limits.</summary>
    public static long Most
    {
        get
        {
            long most = Array.MaxLength;
            for (AllocationLimit? limit = _current; limit is not null; limit = limit._outer)
            {
                most = Math.Min(most, limit._most);
            }

            return most;
        }
    }

    /// <summary>Whether a tensor of so many numbers may be at all; asked before anything else is made of its sizes.</summary>
    public static bool HasRoomFor(long count) => count <= Most;

    /// <summary>Counts numbers that are about to be allocated.</summary>
    /// <exception cref="ShapeException">They are more than what is left.</exception>
    public static void Take(long count)
    {
        for (AllocationLimit? limit = _current; limit is not null; limit = limit._outer)
        {
            long left = limit._most - limit._taken;
            if (count > left)
            {
                throw new ShapeException(
                    $"Room for {count} more numbers is asked for, and {left} are left of the {limit._most} that {limit._taker} may take. Give smaller inputs, or export the model with smaller sizes.");
            }
        }

        for (AllocationLimit? limit = _current; limit is not null; limit = limit._outer)
        {
            limit._taken += count;
        }
    }

    public void Dispose() => _current = _outer;
}
