using Cartwright.Commerce.Access;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Server.Resources;
using Assistant = Cartwright.Commerce.Assistant;
using Automation = Cartwright.Commerce.Automation;
using Behavior = Cartwright.Commerce.Behavior;
using Catalog = Cartwright.Commerce.Catalog;
using Inventory = Cartwright.Commerce.Inventory;
using Pricing = Cartwright.Commerce.Pricing;
using Recommendation = Cartwright.Commerce.Recommendation;
using Search = Cartwright.Commerce.Search;
using Vision = Cartwright.Commerce.Vision;

namespace Cartwright.Server.Verbs;

/// <summary>Every verb the program has. A new slice adds its lines here and nowhere else.</summary>
public static class VerbTable
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        new Verb<Catalog.ImportRequest, Catalog.ImportReport>("catalog", "import", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Catalog.ImportAsync(request, progress, stop))
        {
            Files = VerbFiles.Upload,
        },
        new Verb<Catalog.ExportRequest, Catalog.ExportResponse>("catalog", "export", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Catalog.ExportAsync(request, progress, stop))
        {
            Files = VerbFiles.Download,
        },
        new Verb<Catalog.InteractionsRequest, Catalog.InteractionsResponse>("catalog", "interactions", ApiRoles.Ingest, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Catalog.AppendAsync(request, stop))
        {
            WithIdempotencyKey = InteractionIds.From,
        },
        new Verb<Catalog.StatusRequest, Catalog.StatusResponse>("catalog", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Catalog.StatusAsync(request, stop)),
        new Verb<Assistant.TrainRequest, Assistant.TrainResponse>("assistant", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.AssistantLanguage.TrainAsync(request, progress, stop)),
        new Verb<Assistant.UnderstandRequest, Assistant.UnderstandResponse>("assistant", "understand", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantLanguage.UnderstandAsync(request, stop)),
        new Verb<Assistant.StatusRequest, KeptVersions>("assistant", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantLanguage.StatusAsync(request, stop)),
        new Verb<Assistant.ActivateRequest, KeptVersions>("assistant", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantLanguage.ActivateAsync(request, stop)),
        new Verb<Assistant.EvaluateRequest, EvaluationReport>("assistant", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.AssistantLanguage.EvaluateAsync(request, progress, stop)),
        new Verb<Automation.AdviseRequest, Automation.AdviseResponse>("automation", "advise", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Adviser.AdviseAsync(request, stop)),
        new Verb<Pricing.TrainRequest, TableTrainResponse>("pricing", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Pricing.TrainAsync(request, progress, stop)),
        new Verb<Pricing.PriceRequest, Pricing.PriceResponse>("pricing", "price", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Pricing.PriceAsync(request, stop)),
        new Verb<Pricing.StatusRequest, KeptVersions>("pricing", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Pricing.StatusAsync(request, stop)),
        new Verb<Pricing.ActivateRequest, KeptVersions>("pricing", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Pricing.ActivateAsync(request, stop)),
        new Verb<Pricing.EvaluateRequest, EvaluationReport>("pricing", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Pricing.EvaluateAsync(request, progress, stop)),
        new Verb<Pricing.ElasticityRequest, Pricing.ElasticityResponse>("pricing", "elasticity", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Pricing.ElasticityAsync(request, progress, stop)),
        new Verb<Pricing.OptimizeRequest, Pricing.OptimizeResponse>("pricing", "optimize", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.PriceSetter.OptimizeAsync(request, progress, stop)),
        new Verb<Pricing.RepriceRequest, Pricing.RepriceResponse>("pricing", "reprice", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.PriceSetter.RepriceAsync(request, progress, stop)),
        new Verb<Pricing.ProposalsRequest, Pricing.ProposalsResponse>("pricing", "proposals", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.PriceSetter.ProposalsAsync(request, stop)),
        new Verb<Pricing.ApproveRequest, Pricing.ProposalsResponse>("pricing", "approve", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.PriceSetter.ApproveAsync(request, stop)),
        new Verb<Pricing.RejectRequest, Pricing.ProposalsResponse>("pricing", "reject", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.PriceSetter.RejectAsync(request, stop)),
        new Verb<Pricing.UndoRequest, Pricing.ProposalsResponse>("pricing", "undo", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.PriceSetter.UndoAsync(request, stop)),
        new Verb<Pricing.SimulateRequest, Pricing.SimulateResponse>("pricing", "simulate", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
            (shop, request, progress, stop) => shop.PriceSetter.SimulateAsync(request, progress, stop)),
        new Verb<Behavior.TrainRequest, TableTrainResponse>("behavior", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Sessions.TrainAsync(request, progress, stop)),
        new Verb<Behavior.ScoreRequest, Behavior.ScoreResponse>("behavior", "score", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Sessions.ScoreAsync(request, stop)),
        new Verb<Behavior.ShopperRequest, Behavior.ShopperResponse>("behavior", "shopper", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Sessions.ShopperAsync(request, stop)),
        new Verb<Behavior.StatusRequest, KeptVersions>("behavior", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Sessions.StatusAsync(request, stop)),
        new Verb<Behavior.ActivateRequest, KeptVersions>("behavior", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Sessions.ActivateAsync(request, stop)),
        new Verb<Behavior.EvaluateRequest, EvaluationReport>("behavior", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Behavior.EvaluateAsync(request, progress, stop)),
        new Verb<Behavior.ValueRequest, Behavior.ValueResponse>("behavior", "value", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Behavior.ValueAsync(request, stop)),
        new Verb<Behavior.FunnelRequest, Behavior.FunnelResponse>("behavior", "funnel", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Behavior.FunnelAsync(request, stop)),
        new Verb<Behavior.RetentionRequest, Behavior.RetentionResponse>("behavior", "retention", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Behavior.RetentionAsync(request, stop)),
        new Verb<Behavior.SegmentRequest, Behavior.SegmentResponse>("behavior", "segment", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Behavior.SegmentAsync(request, progress, stop)),
        new Verb<Behavior.AnomaliesRequest, Behavior.AnomaliesResponse>("behavior", "anomalies", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Behavior.AnomaliesAsync(request, progress, stop)),
        new Verb<Inventory.TrainRequest, Inventory.TrainResponse>("inventory", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Inventory.TrainAsync(request, progress, stop)),
        new Verb<Inventory.EvaluateRequest, EvaluationReport>("inventory", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Inventory.EvaluateAsync(request, progress, stop)),
        new Verb<Inventory.ForecastRequest, Inventory.ForecastResponse>("inventory", "forecast", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Inventory.ForecastAsync(request, stop)),
        new Verb<Inventory.ReplenishRequest, Inventory.ReplenishResponse>("inventory", "replenish", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Inventory.ReplenishAsync(request, stop)),
        new Verb<Inventory.StatusRequest, KeptVersions>("inventory", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Inventory.StatusAsync(request, stop)),
        new Verb<Inventory.ActivateRequest, KeptVersions>("inventory", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Inventory.ActivateAsync(request, stop)),
        new Verb<Recommendation.TrainRequest, Recommendation.TrainResponse>("recommendation", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Recommendation.TrainAsync(request, progress, stop))
        {
            IsShared = true,
        },
        new Verb<Recommendation.EvaluateRequest, EvaluationReport>("recommendation", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Recommendation.EvaluateAsync(request, progress, stop)),
        new Verb<Recommendation.RecommendRequest, Recommendation.RecommendResponse>("recommendation", "recommend", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.RecommendAsync(request, stop)),
        new Verb<Recommendation.SimilarRequest, Recommendation.SimilarResponse>("recommendation", "similar", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.SimilarAsync(request, stop)),
        new Verb<Recommendation.ExplainRequest, Recommendation.ExplainResponse>("recommendation", "explain", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.ExplainAsync(request, stop)),
        new Verb<Recommendation.StatusRequest, KeptVersions>("recommendation", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.StatusAsync(request, stop)),
        new Verb<Recommendation.ActivateRequest, KeptVersions>("recommendation", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.ActivateAsync(request, stop)),
        new Verb<Search.ReallocateRequest, Search.ReallocateResponse>("search", "reallocate", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Search.ReallocateAsync(request, stop)),
        new Verb<Search.TrainRequest, Search.TrainResponse>("search", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.SearchRanking.TrainAsync(request, progress, stop)),
        new Verb<Search.StatusRequest, KeptVersions>("search", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.SearchRanking.StatusAsync(request, stop)),
        new Verb<Search.ActivateRequest, KeptVersions>("search", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.SearchRanking.ActivateAsync(request, stop)),
        new Verb<Search.EvaluateRequest, EvaluationReport>("search", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.SearchRanking.EvaluateAsync(request, progress, stop)),
        new Verb<Search.EvaluateClicksRequest, EvaluationReport>("search", "evaluate-clicks", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
            (shop, request, progress, stop) => shop.SearchRanking.EvaluateClicksAsync(request, progress, stop)),
        new Verb<Search.ClicksRequest, Search.ClicksResponse>("search", "clicks", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.SearchRanking.ClicksAsync(request, stop)),
        new Verb<Search.SearchRequest, Search.SearchResponse>("search", "search", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Search.SearchAsync(request, stop)),
        new Verb<Search.CompleteRequest, Search.CompleteResponse>("search", "complete", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Search.CompleteAsync(request, stop)),
        new Verb<Search.ExplainRequest, Search.ExplainResponse>("search", "explain", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Search.ExplainAsync(request, stop)),
        new Verb<Search.EvaluateSpeedRequest, Search.EvaluateSpeedResponse>("search", "evaluate-speed", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
            (shop, request, _, stop) => shop.Search.EvaluateSpeedAsync(request, stop)),
        new Verb<Vision.TrainRequest, Vision.TrainResponse>("vision", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Vision.TrainAsync(request, progress, stop)),
        new Verb<Vision.TagRequest, Vision.TagResponse>("vision", "tag", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Vision.TagAsync(request, stop))
        {
            MostBodyBytes = Vision.PictureFields.MostCharacters,
        },
        new Verb<Vision.ExplainRequest, Vision.ExplainResponse>("vision", "explain", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Vision.ExplainAsync(request, stop))
        {
            MostBodyBytes = Vision.PictureFields.MostCharacters,
        },
        new Verb<Vision.CorrectRequest, Vision.CorrectResponse>("vision", "correct", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Vision.CorrectAsync(request, stop))
        {
            MostBodyBytes = Vision.PictureFields.MostCharacters,
        },
        new Verb<Vision.EvaluateRequest, EvaluationReport>("vision", "evaluate", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Vision.EvaluateAsync(request, progress, stop)),
        new Verb<Vision.MatchRequest, Vision.MatchResponse>("vision", "match", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Gallery.MatchAsync(request, stop))
        {
            MostBodyBytes = Vision.PictureFields.MostCharacters,
        },
        new Verb<Vision.DescribeRequest, Vision.DescribeResponse>("vision", "describe", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Gallery.DescribeAsync(request, stop))
        {
            MostBodyBytes = Vision.PictureFields.MostCharacters,
        },
        new Verb<Vision.OddRequest, Vision.OddResponse>("vision", "odd", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Gallery.OddAsync(request, progress, stop)),
        new Verb<Vision.DrawRequest, Vision.DrawResponse>("vision", "draw", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.Gallery.DrawAsync(request, progress, stop)),
        new Verb<Vision.EvaluateGalleryRequest, EvaluationReport>("vision", "evaluate-gallery", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
            (shop, request, progress, stop) => shop.Gallery.EvaluateGalleryAsync(request, progress, stop)),
        new Verb<Vision.StatusRequest, KeptVersions>("vision", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Vision.StatusAsync(request, stop)),
        new Verb<Vision.ActivateRequest, KeptVersions>("vision", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Vision.ActivateAsync(request, stop)),
        new Verb<Assistant.Speech.TrainVoiceRequest, Assistant.Speech.TrainVoiceResponse>("assistant", "train-voice", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            (shop, request, progress, stop) => shop.AssistantVoice.TrainVoiceAsync(request, progress, stop)),
        new Verb<Assistant.Speech.TranscribeRequest, Assistant.Speech.TranscribeResponse>("assistant", "transcribe", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantVoice.TranscribeAsync(request, stop))
        {
            MostBodyBytes = Assistant.Speech.TranscribeRequest.MostCharacters,
        },
        new Verb<Assistant.Speech.SpeakRequest, Assistant.Speech.SpeakResponse>("assistant", "speak", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantVoice.SpeakAsync(request, stop)),
        new Verb<Assistant.Speech.VoiceStatusRequest, KeptVersions>("assistant", "voice-status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantVoice.VoiceStatusAsync(request, stop)),
        new Verb<Assistant.Speech.ActivateVoiceRequest, KeptVersions>("assistant", "activate-voice", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.AssistantVoice.ActivateVoiceAsync(request, stop)),
        new Verb<Assistant.Speech.EvaluateVoiceRequest, EvaluationReport>("assistant", "evaluate-voice", ApiRoles.Admin, IsLong: true, HasHttpDoor: false,
            (shop, request, progress, stop) => shop.AssistantVoice.EvaluateVoiceAsync(request, progress, stop)),
    ];
}
