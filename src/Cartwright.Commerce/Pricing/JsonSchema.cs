using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Checks JSON against a schema, and guesses what was meant where a name is unknown.</summary>
/// <remarks>
/// The keywords that our schemas use: type, enum, properties, required, additionalProperties false, items, minItems, maxItems, minLength,
/// maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, and $ref into $defs. "JSON Schema", draft 2020-12.
/// </remarks>
internal static class JsonSchema
{
    private const int MostFaults = 50;

    /// <returns>A sentence for each fault, in the order of the document; none where it follows the schema.</returns>
    public static IReadOnlyList<string> Faults(JsonElement value, JsonElement schema)
    {
        var faults = new List<string>();
        Check(value, schema, schema, "", faults);
        return faults;
    }

    private static void Check(JsonElement value, JsonElement schema, JsonElement root, string path, List<string> faults)
    {
        if (faults.Count >= MostFaults)
        {
            return;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            schema = root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]);
        }

        string what = path.Length == 0 ? "The document" : path;
        if (schema.TryGetProperty("enum", out JsonElement words))
        {
            string[] allowed = [.. words.EnumerateArray().Select(word => word.GetString()!)];
            if (value.ValueKind != JsonValueKind.String || !allowed.Contains(value.GetString(), StringComparer.Ordinal))
            {
                faults.Add($"{what} was {Shown(value)}; it takes {string.Join(", ", allowed)}.{Guess(value.ValueKind == JsonValueKind.String ? value.GetString()! : "", allowed)}");
            }

            return;
        }

        string type = schema.GetProperty("type").GetString()!;
        if (!IsOf(value, type))
        {
            faults.Add($"{what} was {Shown(value)}; it takes {(type[0] is 'a' or 'o' or 'i' ? "an" : "a")} {type}.");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, schema, root, path, faults);
                break;
            case JsonValueKind.Array:
                CheckCount(value.GetArrayLength(), "entries", schema, "minItems", "maxItems", what, faults);
                int i = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Check(item, schema.GetProperty("items"), root, $"{path}[{i++}]", faults);
                }

                break;
            case JsonValueKind.String:
                CheckCount(value.GetString()!.Length, "characters", schema, "minLength", "maxLength", what, faults);
                break;
            case JsonValueKind.Number:
                CheckNumber(value.GetDouble(), schema, what, faults);
                break;
        }
    }

    private static void CheckObject(JsonElement value, JsonElement schema, JsonElement root, string path, List<string> faults)
    {
        JsonElement properties = schema.GetProperty("properties");
        string prefix = path.Length == 0 ? "" : path + ".";
        foreach (JsonProperty field in value.EnumerateObject())
        {
            if (properties.TryGetProperty(field.Name, out JsonElement of))
            {
                Check(field.Value, of, root, prefix + field.Name, faults);
            }
            else
            {
                string[] known = [.. properties.EnumerateObject().Select(property => property.Name)];
                faults.Add($"There is no field {prefix}{field.Name}.{Guess(field.Name, known)}");
            }
        }

        if (schema.TryGetProperty("required", out JsonElement required))
        {
            faults.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"The field {prefix}{name.GetString()} is missing."));
        }
    }

    private static void CheckCount(int count, string unit, JsonElement schema, string least, string most, string what, List<string> faults)
    {
        if ((schema.TryGetProperty(least, out JsonElement low) && count < low.GetInt32()) || (schema.TryGetProperty(most, out JsonElement high) && count > high.GetInt32()))
        {
            string from = schema.TryGetProperty(least, out low) ? $" at least {low.GetInt32():#,0}" : "";
            string to = schema.TryGetProperty(most, out high) ? $" at most {high.GetInt32():#,0}" : "";
            faults.Add($"{what} has {count:#,0} {unit}; it takes{from}{to}.");
        }
    }

    private static void CheckNumber(double number, JsonElement schema, string what, List<string> faults)
    {
        foreach ((string keyword, string words, Func<double, double, bool> holds) in Limits)
        {
            if (schema.TryGetProperty(keyword, out JsonElement limit) && !holds(number, limit.GetDouble()))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what} was {number}; it must be {words} {limit.GetDouble()}."));
            }
        }
    }

    private static readonly (string Keyword, string Words, Func<double, double, bool> Holds)[] Limits =
    [
        ("minimum", "at least", (n, limit) => n >= limit),
        ("maximum", "at most", (n, limit) => n <= limit),
        ("exclusiveMinimum", "more than", (n, limit) => n > limit),
        ("exclusiveMaximum", "less than", (n, limit) => n < limit),
    ];

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new InvalidOperationException($"The schema's type {type} is not read here."),
    };

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > 40 } text ? text[..40] + "…" : value.GetRawText(),
    };

    private static string Guess(string word, IReadOnlyCollection<string> known) => NearMiss.Of(word, known) is { } near ? $" Did you mean '{near}'?" : "";
}
