namespace Cartwright.Server.Dashboard;

/// <summary>Addresses of pages about one thing. Ids are the shop's own and may hold any character.</summary>
internal static class Links
{
    public static string Product(string id) => $"/catalog/product?id={Uri.EscapeDataString(id)}";

    public static string Picture(string id) => $"/catalog/picture?id={Uri.EscapeDataString(id)}";

    public static string Shopper(string id) => $"/recommendations?shopper={Uri.EscapeDataString(id)}";

    public static string Timeline(string shopperId) => $"/shoppers?shopper={Uri.EscapeDataString(shopperId)}";

    public static string Stock(string productId) => $"/stock?product={Uri.EscapeDataString(productId)}";

    public const string Assistant = "/assistant";

    public static string Talk(string? conversation, string? shopper) => $"{Assistant}?conversation={Uri.EscapeDataString(conversation ?? "")}"
        + (string.IsNullOrEmpty(shopper) ? "" : $"&shopper={Uri.EscapeDataString(shopper)}");

    public const string Photo = "/catalog/photo";

    public static string PhotoOf(string id) => $"{Photo}?id={Uri.EscapeDataString(id)}";

    public static string PhotoPicture(string id) => $"{Photo}/picture?id={Uri.EscapeDataString(id)}";

    public static string Forgetting(string id) => $"/shoppers/forgetting/{Uri.EscapeDataString(id)}";

    public static string Run(string id) => $"/models/runs/{Uri.EscapeDataString(id)}";
}
