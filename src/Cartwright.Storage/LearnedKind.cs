using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Behavior = Cartwright.Commerce.Behavior;
using Inventory = Cartwright.Commerce.Inventory;
using Search = Cartwright.Commerce.Search;

namespace Cartwright.Storage;

/// <summary>A kind of model that learns from what shoppers did, and how one of its versions is trained again.</summary>
/// <remarks>Prices, pictures and language are learned from tables, products and the merchant's own texts: no shopper is in them.</remarks>
internal sealed class LearnedKind
{
    private readonly Func<JsonElement, bool, bool> _learns;
    private readonly Func<JsonElement, bool, object> _request;

    private LearnedKind(string shop, string folder, string slice, Func<JsonElement, bool, object> request, Func<JsonElement, bool, bool>? learns = null)
    {
        (Slice, _request, _learns) = (slice, request, learns ?? ((_, _) => true));
        Versions = new VersionFolders(Path.Combine(shop, "models", folder), slice);
    }

    public string Slice { get; }

    public VersionFolders Versions { get; }

    /// <param name="shop">The shop's folder.</param>
    public static IEnumerable<LearnedKind> Of(string shop) =>
    [
        new(shop, "recommendation", "recommendation", (card, isActive) =>
            RecordJson.Read(card.GetRawText(), new TrainRequest(), RequestJson.Default.TrainRequest) with { Activate = isActive, ResumeRunId = null }),
        new(shop, "ranker", "ranker", (card, isActive) =>
            RecordJson.Read(card.GetRawText(), new TrainRankerRequest(), RankerJson.Default.TrainRankerRequest) with { Activate = isActive }),
        new(shop, "behavior", "behavior", (card, isActive) =>
            new Behavior.TrainRequest { Predict = Behavior.Foretold.Purchase, Seed = Number(card, "seed") ?? 1, Epochs = Number(card, "epochs"), Activate = isActive }),
        new(shop, "behavior-returns", "behavior", (card, isActive) =>
            new Behavior.TrainRequest { Predict = Behavior.Foretold.Returns, Seed = Number(card, "seed") ?? 1, Epochs = Number(card, "epochs"), Activate = isActive }),
        new(shop, "search", "search", (card, isActive) =>
            new Search.TrainRequest { From = "clicks", Seed = Number(card, "seed") ?? 1, Epochs = Number(card, "epochs"), Activate = isActive },
            (card, _) => card.TryGetProperty("from", out JsonElement from) && from.GetString() == "clicks"),
        new(shop, "inventory", "inventory", (card, isActive) => new Inventory.TrainRequest
        {
            Horizon = Number(card, "horizon"),
            Period = card.TryGetProperty("period", out JsonElement period) && Enum.TryParse(period.GetString(), ignoreCase: true, out Inventory.DemandPeriod said) ? said : null,
            Seed = Number(card, "seed") ?? 1,
            Epochs = Number(card, "epochs"),
            Activate = isActive,
        }, (_, hasSales) => !hasSales),
    ];

    /// <summary>Whether a version learned from what shoppers did.</summary>
    /// <param name="hasSales">Whether the shop has sales beside its purchases.</param>
    public bool Learns(string version, bool hasSales) => _learns(Versions.Card(version).Options, hasSales);

    /// <summary>The training that makes such a version again; null where its card can't be read.</summary>
    /// <param name="isActive">The new one goes into service, whatever it is worth: the old one must go.</param>
    public Lesson? LessonOf(string version, bool isActive)
    {
        try
        {
            ModelCard card = Versions.Card(version);
            return new Lesson(Slice, card.Model, _request(card.Options, isActive));
        }
        catch (Exception damaged) when (damaged is ModelFormatException or JsonException)
        {
            return null;
        }
    }

    private static int? Number(JsonElement card, string name) =>
        card.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
