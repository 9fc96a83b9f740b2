using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>Measures a slice's model in service on what happened since it was trained, as its training measured it on what was held out.</summary>
/// <remarks>Automation knows no model and no model knows of drift: whoever composes the shop measures the one for the other.</remarks>
public interface IServedQuality
{
    /// <summary>As on the command line: "recommendation".</summary>
    string Slice { get; }

    /// <param name="version">In service.</param>
    /// <param name="trainedAt">When it was trained, in microseconds since 1970.</param>
    /// <param name="from">From when on it is measured, at or after its training.</param>
    /// <returns>Null where it can't be told: too little happened since, or the card lacks the figure.</returns>
    ServedQuality? Measure(Snapshot shop, string version, long trainedAt, long from, CancellationToken cancellationToken);
}
