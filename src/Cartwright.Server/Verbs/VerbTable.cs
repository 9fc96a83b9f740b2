using Cartwright.Commerce.Access;
using Cartwright.Commerce.Evaluation;
using Cartwright.Server.Resources;
using Catalog = Cartwright.Commerce.Catalog;
using Recommendation = Cartwright.Commerce.Recommendation;

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
        new Verb<Recommendation.StatusRequest, Recommendation.StatusResponse>("recommendation", "status", ApiRoles.Query, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.StatusAsync(request, stop)),
        new Verb<Recommendation.ActivateRequest, Recommendation.StatusResponse>("recommendation", "activate", ApiRoles.Admin, IsLong: false, HasHttpDoor: true,
            (shop, request, _, stop) => shop.Recommendation.ActivateAsync(request, stop)),
    ];
}
