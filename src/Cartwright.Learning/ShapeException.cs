using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="message">Says what was asked and what was found; is put together only where it is needed.</param>
    /// <exception cref="ShapeException">It does not fit.</exception>
    internal static void Require([DoesNotReturnIf(false)] bool fits, [InterpolatedStringHandlerArgument(nameof(fits))] ref ShapeMessage message)
    {
        if (!fits)
        {
            throw new ShapeException(message.ToString());
        }
    }

    /// <summary>The check of a kernel, whose callers know their shapes and have said more about them before.</summary>
    /// <param name="length">Numbers in a span, as <c>x.Length</c>: the message names what stands before the point.</param>
    /// <exception cref="ShapeException">There are more numbers than needed, or fewer.</exception>
    internal static void ThrowUnlessLength(long length, long needed, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != needed)
        {
            int end = name.AsSpan().IndexOfAnyExcept(NameCharacters);
            throw new ShapeException($"'{(end < 0 ? name : name[..end])}' holds {length} numbers; the sizes given with it ask for {needed}.");
        }
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

/// <summary>The text of a <see cref="ShapeException"/>, which costs nothing where nothing is thrown.</summary>
[InterpolatedStringHandler]
internal ref struct ShapeMessage
{
    private DefaultInterpolatedStringHandler _text;

    public ShapeMessage(int literalLength, int formattedCount, bool fits, out bool isNeeded)
    {
        isNeeded = !fits;
        _text = fits ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>A shape, as [2, 3].</summary>
    public void AppendFormatted(ReadOnlySpan<int> shape) => _text.AppendFormatted($"[{string.Join(", ", shape.ToArray())}]");

    public override string ToString() => _text.ToString();
}
