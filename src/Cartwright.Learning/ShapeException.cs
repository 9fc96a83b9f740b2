using System.Runtime.CompilerServices;

namespace Cartwright.Learning;

/// <summary>Sizes that belong together do not fit: a mistake in the calling code, never in a user's data.</summary>
public sealed class ShapeException : ArgumentException
{
    public ShapeException()
    {
    }

    public ShapeException(string message)
        : base(message)
    {
    }

    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Refuses two sizes that differ; names the two expressions as the caller wrote them.</summary>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public static void ThrowUnlessEqual(
        long actual,
        long expected,
        [CallerArgumentExpression(nameof(actual))] string actualName = "",
        [CallerArgumentExpression(nameof(expected))] string expectedName = "")
    {
        if (actual != expected)
        {
            throw new ShapeException($"{actualName} is {actual}, but {expectedName} asks for {expected}.");
        }
    }
}
