namespace Cartwright.Learning.Tensors;

/// <summary>A step: tensors made on this thread while it is open share its end, when their buffers go back to the pool.</summary>
/// <remarks>
/// Nobody disposes a tensor. Weights and whatever is made outside a scope belong to the garbage collector. A tensor that is
/// read after its scope has ended throws, since its buffer may be somebody else's by then; take <see cref="Tensor.ToArray"/>
/// before. Scopes nest and belong to the thread that opened them.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly TensorScope? _outer = _current;
    private readonly List<float[]> _buffers = [];
    private readonly ulong? _seed;
    private ulong _draws;

    private TensorScope(ulong? seed)
    {
        _seed = seed;
        _current = this;
    }

    /// <summary>The innermost open scope of this thread.</summary>
    internal static TensorScope? Current => _current;

    internal bool HasEnded { get; private set; }

    /// <summary>Opens a scope for answers: dropout and the like have no seed here.</summary>
    public static TensorScope Begin() => new(null);

    /// <summary>Opens a scope for one training step.</summary>
    /// <param name="seed">All that is random in the step follows from it, so a step can be repeated to the bit.</param>
    public static TensorScope Begin(ulong seed) => new(seed);

    /// <summary>A seed that depends on the step's seed and on how many were drawn before it.</summary>
    /// <exception cref="InvalidOperationException">No scope with a seed is open.</exception>
    public static ulong NextSeed()
    {
        if (_current is not { _seed: { } seed } scope)
        {
            throw new InvalidOperationException(
                "Dropout was asked to train outside a training step. Open one with TensorScope.Begin(seed), or set IsTraining to false.");
        }

        return Seeds.Mix(seed, ++scope._draws);
    }

    public void Dispose()
    {
        if (HasEnded)
        {
            return;
        }

        HasEnded = true;
        _current = _outer;
        foreach (float[] buffer in _buffers)
        {
            BufferPool.Return(buffer);
        }

        _buffers.Clear();
    }

    internal float[] Rent(int length)
    {
        float[] buffer = BufferPool.Rent(length);
        _buffers.Add(buffer);
        return buffer;
    }
}
