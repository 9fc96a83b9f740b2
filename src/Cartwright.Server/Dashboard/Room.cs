namespace Cartwright.Server.Dashboard;

/// <summary>A place in the navigation. A new slice adds its line here, in the order of a merchant's day.</summary>
public sealed record Room(string Name, string Path, string Icon)
{
    public static readonly Room Home = new("Home", "/", "home");
    public static readonly Room Recommendations = new("Recommendations", "/recommendations", "spark");
    public static readonly Room Search = new("Search", "/search", "search");
    public static readonly Room Prices = new("Prices", "/prices", "tag");
    public static readonly Room Stock = new("Stock", "/stock", "box");
    public static readonly Room Shoppers = new("Shoppers", "/shoppers", "user");
    public static readonly Room Catalog = new("Catalog", "/catalog", "grid");
    public static readonly Room Assistant = new("Assistant", "/assistant", "talk");
    public static readonly Room Automation = new("Automation", "/automation", "clock");
    public static readonly Room Models = new("Models", "/models", "layers");
    public static readonly Room Data = new("Data", "/data", "database");
    public static readonly Room Settings = new("Settings", "/settings", "sliders");

    /// <summary>What a merchant opens daily.</summary>
    public static IReadOnlyList<Room> Daily { get; } = [Home, Recommendations, Search, Prices, Stock, Shoppers, Catalog, Assistant, Automation];

    /// <summary>What keeps the shop's intelligence running.</summary>
    public static IReadOnlyList<Room> Upkeep { get; } = [Models, Data, Settings];
}
