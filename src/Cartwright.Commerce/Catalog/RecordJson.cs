using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Cartwright.Commerce.Catalog;

/// <summary>Reads records from JSON by generated code, so that it works in trimmed programs.</summary>
internal static class RecordJson
{
    /// <summary>A record of which the text may leave out members: those keep the values of <paramref name="defaults"/>.</summary>
    /// <remarks>Generated readers forget the default values of init-only properties, so the members are laid over those of the defaults.</remarks>
    /// <exception cref="JsonException">The text is no JSON object, or a member is of another kind.</exception>
    public static T Read<T>(string json, T defaults, JsonTypeInfo<T> type)
        where T : class
    {
        // Members are checked where they stand in the text, for the line of an error. "null" is no record.
        _ = JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The text says null where an object is needed.");
        var options = new JsonDocumentOptions { AllowTrailingCommas = type.Options.AllowTrailingCommas, CommentHandling = type.Options.ReadCommentHandling };
        JsonObject members = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(json, documentOptions: options)!.AsObject())
        {
            members[name] = value?.DeepClone();
        }

        return members.Deserialize(type)!;
    }
}
