using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Dashboard;

/// <summary>A pipeline in words, and as the JSON that somebody edits.</summary>
internal static class PipelineWords
{
    private static JsonSerializerOptions ForPeople { get; } = new(WireJson.HttpOptions)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // the page escapes it
    };

    /// <summary>A pipeline to start from: it mixes a little and does nothing else.</summary>
    public static RecommendationPipeline Example { get; } = new() { Diversity = 0.2, CategoryCap = 5 };

    /// <summary>What a rule may do, as JSON names it and in words.</summary>
    public static IReadOnlyList<(string Value, string Words)> Actions { get; } =
        [("pin", "Pin: put at a place"), ("boost", "Boost: lift"), ("bury", "Bury: lower"), ("hide", "Hide: never show")];

    public static string Write(RecommendationPipeline pipeline, string note = "") => JsonSerializer.Serialize(new SetPipelineRequest { Pipeline = pipeline, Note = note }, ForPeople);

    /// <summary>"rules-1-strength" for the field "rules[1].strength".</summary>
    public static string FieldId(string name) => name.Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '-');

    /// <exception cref="InvalidRequestException">It is no JSON, or no pipeline; the message says where and what.</exception>
    public static SetPipelineRequest Read(string text) => JsonBody.Read(text, (JsonTypeInfo<SetPipelineRequest>)WireJson.HttpOptions.GetTypeInfo(typeof(SetPipelineRequest)));

    public static string Does(MerchandisingRule rule) => rule.Action switch
    {
        MerchandisingAction.Pin => $"puts at place {Figures.Count(rule.Place)}",
        MerchandisingAction.Boost => $"lifts by {Figures.Number(rule.Strength)} deviations",
        MerchandisingAction.Bury => $"lowers by {Figures.Number(rule.Strength)} deviations",
        _ => "never shows",
    };

    /// <summary>"sasrec +1.2", "rule iron +0.8".</summary>
    public static string Stage(StageChange stage) =>
        $"{(stage.Stage.StartsWith("model ", StringComparison.Ordinal) ? ModelQuality.Name(stage.Stage["model ".Length..]) : stage.Stage)} {stage.Change.ToString("+0.##;-0.##;0", CultureInfo.InvariantCulture)}";
}
