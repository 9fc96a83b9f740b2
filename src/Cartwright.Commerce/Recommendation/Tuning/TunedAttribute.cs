namespace Cartwright.Commerce.Recommendation;

/// <summary>An option that a search may choose: within these bounds, or among all values of an enumeration.</summary>
/// <remarks>The bounds are where good values have been found; a request may give any value that the option's own range takes.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TunedAttribute : Attribute
{
    /// <summary>All values of an enumeration.</summary>
    public TunedAttribute()
    {
    }

    /// <param name="from">Smallest value that is tried.</param>
    /// <param name="to">Largest.</param>
    public TunedAttribute(double from, double to) => (From, To) = (from, to);

    public double From { get; }

    public double To { get; }

    /// <summary>True where a factor matters and not a difference: 1 is as far from 10 as 10 from 100.</summary>
    public bool IsLogarithmic { get; init; }
}
