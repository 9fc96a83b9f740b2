using Cartwright.Commerce.Runs;
using Cartwright.Storage;
using Assistant = Cartwright.Commerce.Assistant;
using Behavior = Cartwright.Commerce.Behavior;
using Inventory = Cartwright.Commerce.Inventory;
using Pricing = Cartwright.Commerce.Pricing;
using Recommendation = Cartwright.Commerce.Recommendation;
using Search = Cartwright.Commerce.Search;
using Speech = Cartwright.Commerce.Assistant.Speech;
using Vision = Cartwright.Commerce.Vision;

namespace Cartwright.Server.Dashboard;

/// <summary>A question that models are trained for. A slice that learns adds its line here.</summary>
/// <param name="Key">Names it in a form.</param>
/// <param name="Name">What its models tell.</param>
/// <param name="Train">The command that makes a version.</param>
internal sealed record ModelKind(string Key, string Name, string Train,
    Func<Shop, CancellationToken, Task<KeptVersions>> StatusAsync, Func<Shop, string, CancellationToken, Task> ActivateAsync)
{
    public static readonly ModelKind Recommendation = new("recommendation", "Recommendations", "cartwright recommendation train",
        (shop, stop) => shop.Recommendation.StatusAsync(new Recommendation.StatusRequest(), stop),
        (shop, version, stop) => shop.Recommendation.ActivateAsync(new Recommendation.ActivateRequest { Version = version }, stop));

    public static IReadOnlyList<ModelKind> Others { get; } =
    [
        new("ranker", "Order of what is recommended", "cartwright recommendation train-ranker",
            (shop, stop) => shop.RankingStage.RankersAsync(new Recommendation.RankersRequest(), stop),
            async (shop, version, stop) =>
            {
                Recommendation.RecommendationPipeline now = (await shop.Recommendation.PipelineAsync(new Recommendation.PipelineRequest(), stop)).Pipeline;
                await shop.Recommendation.SetPipelineAsync(new Recommendation.SetPipelineRequest { Pipeline = now with { Ranker = version }, Note = "put in from the models' page" }, stop);
            }),
        new("search", "Order of search results", "cartwright search train",
            (shop, stop) => shop.SearchRanking.StatusAsync(new Search.StatusRequest(), stop),
            (shop, version, stop) => shop.SearchRanking.ActivateAsync(new Search.ActivateRequest { Version = version }, stop)),
        new("pricing", "What products should cost", "cartwright pricing train",
            (shop, stop) => shop.Pricing.StatusAsync(new Pricing.StatusRequest(), stop),
            (shop, version, stop) => shop.Pricing.ActivateAsync(new Pricing.ActivateRequest { Version = version }, stop)),
        new("inventory", "What will sell", "cartwright inventory train",
            (shop, stop) => shop.Inventory.StatusAsync(new Inventory.StatusRequest(), stop),
            (shop, version, stop) => shop.Inventory.ActivateAsync(new Inventory.ActivateRequest { Version = version }, stop)),
        new("visits", "Who buys in a visit", "cartwright behavior train --predict purchase",
            (shop, stop) => shop.Sessions.StatusAsync(new Behavior.StatusRequest { Predict = Behavior.Foretold.Purchase }, stop),
            (shop, version, stop) => shop.Sessions.ActivateAsync(new Behavior.ActivateRequest { Version = version }, stop)),
        new("returns", "Who comes back", "cartwright behavior train --predict returns",
            (shop, stop) => shop.Sessions.StatusAsync(new Behavior.StatusRequest { Predict = Behavior.Foretold.Returns }, stop),
            (shop, version, stop) => shop.Sessions.ActivateAsync(new Behavior.ActivateRequest { Version = version }, stop)),
        new("vision", "What pictures show", "cartwright vision train",
            (shop, stop) => shop.Vision.StatusAsync(new Vision.StatusRequest(), stop),
            (shop, version, stop) => shop.Vision.ActivateAsync(new Vision.ActivateRequest { Version = version }, stop)),
        new("language", "What shoppers mean", "cartwright assistant train",
            (shop, stop) => shop.AssistantLanguage.StatusAsync(new Assistant.StatusRequest(), stop),
            (shop, version, stop) => shop.AssistantLanguage.ActivateAsync(new Assistant.ActivateRequest { Version = version }, stop)),
        new("voice", "What shoppers say aloud", "cartwright assistant train-voice",
            (shop, stop) => shop.AssistantVoice.VoiceStatusAsync(new Speech.VoiceStatusRequest(), stop),
            (shop, version, stop) => shop.AssistantVoice.ActivateVoiceAsync(new Speech.ActivateVoiceRequest { Version = version }, stop)),
    ];
}
