using System.Runtime.CompilerServices;

namespace Cartwright.Learning;

/// <summary>Refuses settings outside of what they may be; NaN is outside of everything.</summary>
/// <remarks>What gives the value back is for layers, which have no body to check in; the message names the layer.</remarks>
internal static class Ranges
{
    public static void ThrowUnlessPositive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite.");
        }
    }

    public static void ThrowUnlessNotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");
        }
    }

    /// <summary>From 0 to 1.</summary>
    public static void ThrowUnlessShare(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to 1.");
        }
    }

    /// <summary>From 0 to below 1.</summary>
    public static void ThrowUnlessBelowOne(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to below 1.");
        }
    }

    /// <summary>A count from <paramref name="least"/> up.</summary>
    public static int AtLeast(int least, int value, string layer, [CallerArgumentExpression(nameof(value))] string name = "") => value >= least
        ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} of {layer} must be {least} or more.");

    /// <summary>A size or a count: 1 or more.</summary>
    public static int Size(int value, string layer, [CallerArgumentExpression(nameof(value))] string name = "") => AtLeast(1, value, layer, name);

    /// <summary>More than 0.</summary>
    public static float Positive(float value, string layer, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && float.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} of {layer} must be more than 0 and finite.");

    /// <summary>0 or more.</summary>
    public static float NotNegative(float value, string layer, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && float.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} of {layer} must be 0 or more and finite.");

    /// <summary>From 0 to below 1.</summary>
    public static float Share(float value, string layer, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1
            ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} of {layer} must be from 0 to below 1.");
}
