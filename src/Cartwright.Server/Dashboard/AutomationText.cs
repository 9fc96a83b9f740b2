using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Dashboard;

/// <summary>A rule, an experiment or a slot as the text that somebody edits: the JSON that its verb takes.</summary>
internal static class AutomationText
{
    private static JsonSerializerOptions ForPeople { get; } = new(WireJson.HttpOptions)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // the page escapes it
    };

    /// <summary>A rule to start from.</summary>
    public static string Rule { get; } = Write(DefaultRules.All[0] with { Id = "my-prices", Name = "Reprice each night in small steps" });

    /// <summary>An experiment to start from.</summary>
    public static string Experiment { get; } = Write(new Experiment
    {
        Id = "free-delivery",
        Name = "Free delivery from 30",
        Arms = [new ExperimentArm { Id = "from-50", Share = 0.5 }, new ExperimentArm { Id = "from-30", Share = 0.5 }],
    });

    /// <summary>A slot to start from.</summary>
    public static string Slot { get; } = Write(DefaultRules.FirstPlace);

    public static string Write(AutomationRule rule) => JsonSerializer.Serialize(new PutRuleRequest { Rule = rule with { SetAt = null } }, ForPeople);

    public static string Write(Experiment experiment) => JsonSerializer.Serialize(new PutExperimentRequest { Experiment = experiment }, ForPeople);

    public static string Write(ChoiceSlot slot) => JsonSerializer.Serialize(new PutSlotRequest { Slot = slot }, ForPeople);

    /// <exception cref="InvalidRequestException">It is no JSON, or not such a request; the message says where and what.</exception>
    public static T Read<T>(string text)
        where T : class => JsonBody.Read(text, (JsonTypeInfo<T>)WireJson.HttpOptions.GetTypeInfo(typeof(T)));
}
