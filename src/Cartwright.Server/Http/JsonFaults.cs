using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>Finds out, once a body was refused, which fields are at fault and what was meant.</summary>
internal static class JsonFaults
{
    private const int MaxErrors = 20;

    public static InvalidRequestException Explain(ReadOnlySequence<byte> body, JsonTypeInfo type, JsonException error)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = type.Options.MaxDepth });
            Walk(document.RootElement, type, "", faults);
        }
        catch (JsonException malformed)
        {
            return new InvalidRequestException("",
                $"The body is not valid JSON: line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.");
        }

        string path = error.Path is { Length: > 2 } at ? at[2..] : "";
        return faults.Count > 0
            ? new InvalidRequestException(faults)
            : new InvalidRequestException(path, path.Length > 0 ? $"The value of {path} can't be read." : "The body can't be read.");
    }

    private static void Walk(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string[]> faults)
    {
        if (faults.Count >= MaxErrors)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                WalkFields(element, type, path, faults);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array && type.ElementType is { } inner:
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item, type.Options.GetTypeInfo(inner), $"{path}[{i++}]", faults);
                }

                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object && type.ElementType is { } inner:
                foreach (JsonProperty entry in element.EnumerateObject())
                {
                    Walk(entry.Value, type.Options.GetTypeInfo(inner), $"{path}.{entry.Name}", faults);
                }

                break;
            default:
                if (!CanRead(element, type))
                {
                    faults[path] = [$"{(path.Length > 0 ? path : "The body")} must be {Expected(type.Type)}{Guess(element, type.Type)}."];
                }

                break;
        }
    }

    private static void WalkFields(JsonElement element, JsonTypeInfo type, string path, Dictionary<string, string[]> faults)
    {
        string prefix = path.Length > 0 ? path + "." : "";
        var missing = type.Properties.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (JsonProperty field in element.EnumerateObject())
        {
            missing.Remove(field.Name);
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => p.Name == field.Name);
            if (property is null)
            {
                faults[prefix + field.Name] = [Unknown(prefix + field.Name, field.Name, type)];
            }
            else if (field.Value.ValueKind == JsonValueKind.Null)
            {
                if (!property.IsSetNullable && property.Set is not null)
                {
                    faults[prefix + field.Name] = [$"{prefix}{field.Name} is null; give a value or leave it out."];
                }
            }
            else if (property.Set is not null)
            {
                Walk(field.Value, type.Options.GetTypeInfo(property.PropertyType), prefix + field.Name, faults);
            }
        }

        foreach (string name in missing)
        {
            faults[prefix + name] = [$"The {prefix}{name} field is required."];
        }
    }

    private static string Unknown(string path, string name, JsonTypeInfo type)
    {
        bool isPath = type.Type.GetProperties().Any(p => p.IsDefined(typeof(PathFieldAttribute), inherit: true) && WireJson.Name(p) == name);
        if (isPath)
        {
            return $"{path} holds a path; over HTTP a verb works on the shop's own data. Leave it out.";
        }

        string[] names = [.. type.Properties.Where(p => p.Get is not null || p.Set is not null).Select(p => p.Name)];   // neither: it is no field of the JSON
        string? near = NearMiss.Of(name, names);
        string known = names.Length is > 0 and <= 20 ? $" Known fields: {string.Join(", ", names)}." : "";
        return $"There is no field {path}." + (near is null ? known : $" Did you mean '{near}'?");
    }

    private static bool CanRead(JsonElement element, JsonTypeInfo type)
    {
        try
        {
            element.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Words(plain)),
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number",
            _ when plain == typeof(double) || plain == typeof(float) => "a number",
            _ when plain == typeof(decimal) => "a decimal number such as 12.50 or \"12.50\"",
            _ when plain == typeof(DateTimeOffset) => "a time as ISO 8601, such as \"2026-03-01T12:00:00Z\"",
            _ when plain == typeof(DateOnly) => "a day, such as \"2026-03-01\"",
            _ when plain != typeof(string) && typeof(System.Collections.IDictionary).IsAssignableFrom(plain) => "an object",
            _ when typeof(System.Collections.IEnumerable).IsAssignableFrom(plain) => "a list",
            _ => "an object",
        };
    }

    private static string Guess(JsonElement element, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum && element.ValueKind == JsonValueKind.String && NearMiss.Of(element.GetString()!, Words(plain)) is { } near
            ? $"; did you mean '{near}'?"
            : "";
    }

    private static string[] Words(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
}
