namespace Cartwright.Commerce.Recommendation;

/// <summary>Says which version of the model a visitor gets while versions are tried against each other.</summary>
public interface IVersionTrial
{
    /// <param name="visitor">A shopper's id, or a session's for somebody who is not signed in; the same one gets the same version always.</param>
    /// <returns>The version; null where none is on trial, and the one in service answers.</returns>
    ValueTask<string?> VersionForAsync(string visitor, CancellationToken cancellationToken = default);

    /// <summary>Every version that visitors may get: they stay on disk however many newer ones there are.</summary>
    ValueTask<IReadOnlyList<string>> ListVersionsAsync(CancellationToken cancellationToken = default);
}
