using System.Runtime.CompilerServices;

namespace Cartwright.Learning;

/// <summary>Refuses settings outside of what they may be; NaN is outside of everything.</summary>
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
}
