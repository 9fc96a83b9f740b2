using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cartwright.Commerce.Catalog;

/// <summary>Attributes as a JSON object of texts, names in order, so that the same attributes are the same text.</summary>
internal static class AttributesJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyDictionary<string, string> attributes)
        => JsonSerializer.Serialize(new SortedDictionary<string, string>(attributes.ToDictionary(), StringComparer.Ordinal), Plain);

    public static IReadOnlyDictionary<string, string> Read(string json)
        => JsonSerializer.Deserialize<Dictionary<string, string>>(json, Plain) ?? EmptyAttributes.Instance;
}
