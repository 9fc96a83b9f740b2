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

    public static string Write(RecommendationPipeline pipeline) => JsonSerializer.Serialize(new SetPipelineRequest { Pipeline = pipeline }, ForPeople);

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
