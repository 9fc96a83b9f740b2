using System.Text.Json;

namespace Cartwright.Commerce.Catalog;

/// <summary>Attributes as a JSON object of texts, names in order, so that the same attributes are the same text.</summary>
internal static class AttributesJson
{
    public static string Write(IReadOnlyDictionary<string, string> attributes)
        => JsonSerializer.Serialize(new SortedDictionary<string, string>(attributes.ToDictionary(), StringComparer.Ordinal),
            AttributesJsonContext.Plain.SortedDictionaryStringString);

    public static IReadOnlyDictionary<string, string> Read(string json)
        => JsonSerializer.Deserialize(json, AttributesJsonContext.Plain.DictionaryStringString) ?? EmptyAttributes.Instance;
}
