namespace Cartwright.Commerce.Recommendation;

/// <summary>Keeps what was shown by chance, and with which.</summary>
public interface IExposureStore
{
    /// <summary>Places that are kept, the newest: about 200 bytes each.</summary>
    const int MostKept = 1_000_000;

    /// <summary>Keeps the places of lists that were shown; those of a list that is kept already are left out, the oldest above <see cref="MostKept"/> go.</summary>
    Task KeepAsync(IReadOnlyList<Exposure> exposures, CancellationToken cancellationToken = default);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<Exposure>> ListExposuresAsync(CancellationToken cancellationToken = default);
}

/// <summary>A place of a list that was left to chance.</summary>
/// <param name="ListId">Names the list: the same one shown again has the same name.</param>
/// <param name="Place">From 1.</param>
/// <param name="At">When it was shown.</param>
/// <param name="ShopperId">To whom; null for somebody unknown, who then has a session.</param>
/// <param name="SessionId">In which visit; null where none was named.</param>
/// <param name="Policy">Versions of pipeline and model that made the list.</param>
/// <param name="ProductId">What was shown.</param>
/// <param name="Propensity">The chance with which it was drawn for the place, given what stood above: more than 0, at most 1.</param>
/// <param name="ModelProductId">What would have stood there without chance, given what stood above.</param>
public sealed record Exposure(
    string ListId,
    int Place,
    DateTimeOffset At,
    string? ShopperId,
    string? SessionId,
    string Policy,
    string ProductId,
    double Propensity,
    string ModelProductId);
