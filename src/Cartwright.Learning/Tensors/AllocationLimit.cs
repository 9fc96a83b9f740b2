namespace Cartwright.Learning.Tensors;

/// <summary>Most numbers that the tensors made on this thread may hold together until it is disposed of, so that a model that came from elsewhere can't take all memory.</summary>
internal sealed class AllocationLimit : IDisposable
{
    [ThreadStatic]
    private static AllocationLimit? _current;

    private readonly AllocationLimit? _outer;
    private readonly long _most;
    private long _taken;

    private AllocationLimit(long most)
    {
        (_most, _outer) = (most, _current);
        _current = this;
    }

    public static AllocationLimit Begin(long most) => new(most);

    /// <summary>Numbers that may be taken in all.</summary>
    public static long Most => _current?._most ?? Array.MaxLength;

    /// <summary>Whether a tensor of so many numbers may be at all; asked before anything else is made of its sizes.</summary>
    public static bool HasRoomFor(long count) => count <= Most;

    /// <summary>Counts numbers that are about to be allocated.</summary>
    /// <exception cref="ShapeException">They are more than what is left.</exception>
    public static void Take(long count)
    {
        if (_current is not { } limit)
        {
            return;
        }

        long left = limit._most - limit._taken;
        limit._taken += count <= left ? count : throw new ShapeException(
            $"Room for {count} more numbers is asked for, and {left} are left of the {limit._most} that a run with these inputs may take. Give smaller inputs, or export the model with smaller sizes.");
    }

    public void Dispose() => _current = _outer;
}
