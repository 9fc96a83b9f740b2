using System.Reflection;
using System.Text.Json.Nodes;
using Cartwright.Commerce;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>Says to a program what messages say to somebody at the command line: addresses in place of commands, fields in place of options.</summary>
/// <remarks>
/// Messages are written once, for all doors, with the words of the command line. "Run 'cartwright recommendation train --model als'" becomes
/// "Run POST /v1/recommendation/train {"model":"als"}", "--shopper-id" becomes "'shopperId'". What HTTP has no door for, a file above all, is said to be the command line's.
/// </remarks>
internal static class HttpWords
{
    private static readonly Dictionary<string, string> Resources = new(StringComparer.Ordinal)
    {
        ["runs"] = "GET /v1/runs",
        ["keys list"] = "GET /v1/keys",
        ["keys create"] = "POST /v1/keys",
    };

    /// <param name="message">What is said at the command line.</param>
    public static string Of(string message) => CommandWords.Replace(message, AddressOf, option => $"'{option}'");

    /// <summary>The same in each text of a JSON document that names a command.</summary>
    public static JsonNode? Of(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach ((string name, JsonNode? value) in fields.ToArray())
                {
                    if (Changed(value) is { } text)
                    {
                        fields[name] = text;
                    }
                }

                break;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    if (Changed(items[i]) is { } text)
                    {
                        items[i] = text;
                    }
                }

                break;
        }

        return node;
    }

    /// <returns>Null where it stays, or what is in it was changed in place.</returns>
    private static string? Changed(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue(out string? text))
        {
            return text.Contains("'cartwright ", StringComparison.Ordinal) ? Of(text) : null;
        }

        _ = Of(node);
        return null;
    }

    private static string AddressOf(string command)
    {
        if (Resources.FirstOrDefault(resource => command.StartsWith(resource.Key, StringComparison.Ordinal)).Value is { } address)
        {
            return address;
        }

        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Verb? verb = words.Length < 2 ? null : VerbTable.All.FirstOrDefault(verb => verb.Slice == words[0] && verb.Name == words[1]);
        if (verb is not { HasHttpDoor: true })
        {
            return CommandWords.OfCommandLine(command);
        }

        JsonObject body = BodyOf(verb, words[2..]);
        return $"POST {verb.Path}{(body.Count == 0 ? "" : " " + body.ToJsonString(WireJson.HttpOptions))}";
    }

    /// <summary>What the options of a command are in the request; files and what is only a placeholder are left out.</summary>
    private static JsonObject BodyOf(Verb verb, string[] words)
    {
        var body = new JsonObject();
        for (int i = 0; i < words.Length; i++)
        {
            PropertyInfo? field = !words[i].StartsWith("--", StringComparison.Ordinal) ? null
                : verb.RequestType.GetProperties().FirstOrDefault(property => WireJson.Name(property) == CommandWords.NameOf(words[i][2..]));
            string? value = i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal) ? words[i + 1] : null;
            if (field is null || field.IsDefined(typeof(PathFieldAttribute), inherit: true) || value?[0] == '<')
            {
                continue;
            }

            Type type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
            body[WireJson.Name(field)] = type == typeof(bool) ? true
                : value is null ? null
                : type == typeof(string) || type.IsEnum ? value
                : decimal.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out decimal number) ? number
                : new JsonArray([.. value.Split(',').Select(item => (JsonNode?)item)]);
        }

        return body;
    }
}
