using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Dashboard;

/// <summary>A rule as the text that somebody edits: the JSON that <c>put-rule</c> takes, without what is as it would be anyhow.</summary>
internal static class RuleText
{
    private static JsonSerializerOptions ForPeople { get; } = new(WireJson.HttpOptions)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // the page escapes it
    };

    /// <summary>One to start from.</summary>
    public static string Example { get; } = Write(DefaultRules.All[0] with { Id = "my-prices", Name = "Reprice each night in small steps" });

    public static string Write(AutomationRule rule) => JsonSerializer.Serialize(new PutRuleRequest { Rule = rule with { SetAt = null } }, ForPeople);

    /// <exception cref="InvalidRequestException">It is no JSON, or no rule; the message says where and what.</exception>
    public static PutRuleRequest Read(string text) => JsonBody.Read(text, (JsonTypeInfo<PutRuleRequest>)WireJson.HttpOptions.GetTypeInfo(typeof(PutRuleRequest)));
}
