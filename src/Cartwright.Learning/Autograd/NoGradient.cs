namespace Cartwright.Learning.Autograd;

/// <summary>While open on this thread, operations remember nothing: for answers, which need no gradient.</summary>
public readonly struct NoGradient : IDisposable
{
    [ThreadStatic]
    private static int _depth;

    public static bool IsOn => _depth > 0;

    public static NoGradient Begin()
    {
        _depth++;
        return default;
    }

    public void Dispose() => _depth--;
}
