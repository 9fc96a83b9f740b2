namespace Cartwright.Learning.Autograd;

/// <summary>While open on this thread, weights ask for no gradient: gradients flow to the inputs that are watched, and weights' stay as they are.</summary>
/// <remarks>Forward and backward both have to be inside.</remarks>
public readonly struct FrozenWeights : IDisposable
{
    [ThreadStatic]
    private static int _depth;

    public static bool IsOn => _depth > 0;

    public static FrozenWeights Begin()
    {
        _depth++;
        return default;
    }

    public void Dispose() => _depth--;
}
