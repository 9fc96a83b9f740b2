using System.Globalization;

namespace Cartwright.Server.Storefront;

/// <summary>Addresses of the storefront's pages. Ids are the shop's own and may hold any character.</summary>
internal static class StoreLinks
{
    private const string Root = StorefrontHosting.Root;

    public static string Picture(string id) => $"{Root}/picture?id={Uri.EscapeDataString(id)}";

    /// <param name="position">Place in the list it is opened from, from 1; a click is posted with it.</param>
    /// <param name="query">The words the list answers, if any.</param>
    /// <param name="row">The row of the home page, where it is the one that was chosen to stand first.</param>
    public static string Product(string id, int? position = null, string? query = null, string? row = null) =>
        $"{Root}/product?id={Uri.EscapeDataString(id)}"
        + (position is { } place ? $"&position={place.ToString(CultureInfo.InvariantCulture)}" : "")
        + (string.IsNullOrEmpty(query) ? "" : $"&query={Uri.EscapeDataString(query)}")
        + (row is null ? "" : $"&row={Uri.EscapeDataString(row)}");

    public static string Category(string path) => StoreQuestion.Of(category: path).Address();
}
