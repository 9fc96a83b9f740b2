using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>A part of a list.</summary>
/// <param name="Results">The part that was asked for.</param>
/// <param name="Next">Where the next part starts: repeat the request with <c>after=…</c>. Null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Results, string? Next);

internal static class Page
{
    public const int MaxCount = 200;

    public const int DefaultCount = 20;

    /// <exception cref="InvalidRequestException">The count is out of its range.</exception>
    public static int CheckCount(int? count) => count is null or (>= 1 and <= MaxCount)
        ? count ?? DefaultCount
        : throw new InvalidRequestException("count", $"The field count was {count}; it takes 1 to {MaxCount}.");
}
