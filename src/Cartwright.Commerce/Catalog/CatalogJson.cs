using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Catalog;

/// <summary>What the catalog keeps as JSON: <c>shop.json</c> and attributes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip,
    IgnoreReadOnlyProperties = true, WriteIndented = true)]
[JsonSerializable(typeof(ShopInfo))]
internal sealed partial class ShopInfoJson : JsonSerializerContext;

[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AttributesJsonContext : JsonSerializerContext
{
    /// <summary>Letters stand as they are, not as \u0000.</summary>
    public static AttributesJsonContext Plain { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
