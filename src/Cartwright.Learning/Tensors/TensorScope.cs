namespace Cartwright.Learning.Tensors;

/// <summary>A step: tensors made on this thread while it is open share its end, when their buffers go back to the pool.</summary>
/// <remarks>
/// Nobody disposes a tensor. Weights and whatever is made outside a scope belong to the garbage collector. A tensor that is
/// read after its scope has ended throws, since its buffer may be somebody else's by then; take <see cref="Tensor.ToArray"/>
/// before. Scopes nest and belong to the thread that opened them, which must also end them: no <c>await</c> between. With a scope end those that
/// were opened inside of it.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly TensorScope? _outer = Current;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<float[]> _buffers = [];
    private readonly ulong? _seed;
    private ulong _draws;
    private volatile bool _hasEnded;

    private TensorScope(ulong? seed)
    {
        _seed = seed;
        _current = this;
    }

    /// <summary>The innermost open scope of this thread.</summary>
    internal static TensorScope? Current => _current is { HasEnded: true } ? LeaveEnded() : _current;

    internal bool HasEnded => _hasEnded;

    /// <summary>Opens a scope for answers: dropout and the like have no seed here.</summary>
    public static TensorScope Begin() => new(null);

    /// <summary>Opens a scope for one training step.</summary>
    /// <param name="seed">All that is random in the step follows from it, so a step can be repeated to the bit.</param>
    public static TensorScope Begin(ulong seed) => new(seed);

    /// <summary>A seed that depends on the step's seed and on how many were drawn before it.</summary>
    /// <exception cref="InvalidOperationException">No scope with a seed is open.</exception>
    public static ulong NextSeed()
    {
        if (Current is not { _seed: { } seed } scope)
        {
            throw new InvalidOperationException(
                "Dropout was asked to train outside a training step. Open one with TensorScope.Begin(seed), or set IsTraining to false.");
        }

        return Seeds.Mix(seed, ++scope._draws);
    }

    /// <exception cref="InvalidOperationException">It was opened on another thread.</exception>
    public void Dispose()
    {
        if (HasEnded)
        {
            return;
        }

        if (_thread != Environment.CurrentManagedThreadId)
        {
            // The buffers may be in use there: they are left to the garbage collector, and that thread leaves the scope when it next looks.
            _hasEnded = true;
            throw new InvalidOperationException(
                "A TensorScope was ended on another thread than the one that opened it, where its tensors may be in use. End it where it was opened: no 'await' between Begin and Dispose.");
        }

        for (TensorScope? inner = Current; inner is not null && inner != this; inner = inner._outer)
        {
            if (!inner.HasEnded)
            {
                inner.End();
            }
        }

        End();
        _current = _outer;
    }

    private void End()
    {
        _hasEnded = true;
        foreach (float[] buffer in _buffers)
        {
            BufferPool.Return(buffer);
        }

        _buffers.Clear();
    }

    private static TensorScope? LeaveEnded()
    {
        while (_current is { HasEnded: true })
        {
            _current = _current._outer;
        }

        return _current;
    }

    internal float[] Rent(int length)
    {
        float[] buffer = BufferPool.Rent(length);
        _buffers.Add(buffer);
        return buffer;
    }
}
