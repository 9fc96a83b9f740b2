using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Access;
using Cartwright.Server.Resources;
using Cartwright.Server.Http;
using Cartwright.Server.Observing;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;

using Cartwright.Commerce.Tables;
using Cartwright.Commerce.Assistant.Speech;
using Assistant = Cartwright.Commerce.Assistant;
using Automation = Cartwright.Commerce.Automation;
using Behavior = Cartwright.Commerce.Behavior;
using Inventory = Cartwright.Commerce.Inventory;
using Pricing = Cartwright.Commerce.Pricing;
using Search = Cartwright.Commerce.Search;
using Vision = Cartwright.Commerce.Vision;

namespace Cartwright.Server.Documentation;

/// <summary>One example of every record that travels, shown in the OpenAPI document and at /docs.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ShopInfo Info = new() { Name = "sample", Currency = "EUR" };

    private static readonly Product Pan = new()
    {
        Id = "p-17",
        Title = "Cast Iron Pan",
        Description = "Holds heat for a steak and a lifetime.",
        Category = "Kitchen > Pans",
        Brand = "Ferro",
        Price = 39.90m,
        Cost = 18.50m,
        Stock = 12,
        CreatedAt = At,
        Tags = ["iron", "induction"],
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["diameter"] = "28 cm" },
    };

    private static readonly Reason BoughtPan = new("history", "because you bought Cast Iron Pan", "p-17", 1.42);

    private static readonly RankedProduct Lid = new("p-23", "Pan Lid", 14.90m, 7.31) { Currency = "EUR", Reasons = [BoughtPan] };

    private static readonly RecommendationPipeline Summer = new()
    {
        Diversity = 0.2,
        CategoryCap = 4,
        Rules = [new MerchandisingRule { Id = "iron", Action = MerchandisingAction.Boost, Tag = "iron", Strength = 0.8 }],
    };

    private static readonly ModelVersion Version = new("20260301-120000-sasrec", "sasrec", At, IsActive: true, Metrics("ndcg@10", 0.051), 412);

    private static readonly RunProgress Training = new("training sasrec", 12, 60, "epochs") { Values = Metrics("loss", 5.82) };

    private static readonly RunView Run = new("20260301-120000-3f9a1c", "recommendation", "train", RunStatus.Running, At, At, EndedAt: null,
        Training, System.Text.Json.Nodes.JsonNode.Parse("""{"model":"sasrec","seed":1}"""), Result: null, Error: null);

    private static readonly Pricing.PriceProposal Proposal = new()
    {
        Id = "20260301120000-p-17", ProductId = "p-17", At = At, CurrentPrice = 39.90m, ProposedPrice = 41.80m,
        ExpectedChange = 1.35, ExpectedLow = -0.4, ExpectedHigh = 3.1, HeldBy = "step",
        UnitsChange = -0.13, UnitsLow = -0.17, UnitsHigh = -0.09,
        Demand = [new Pricing.DemandPoint(37.10m, 2.04, 1.78, 2.33), new Pricing.DemandPoint(39.90m, 1.80, 1.61, 2.01), new Pricing.DemandPoint(41.80m, 1.67, 1.47, 1.88)],
        Inputs = new Pricing.ProposalInputs(18.50m, 39.90m, 12, 43.20m, UnitsPerDay: 1.8, Elasticity: -1.7, ElasticityDeviation: 0.3, Sales: 140, MostUnitsPerDay: 1.71),
        ModelVersion = "thompson to 2026-02-28, 180 days, seed 1",
    };

    private static readonly Behavior.SessionIntent Intent = new(Purchase: 0.71, Abandonment: 0.29, Leaving: 0,
        [new Behavior.NextAction("purchase", 0.52), new Behavior.NextAction("view", 0.31), new Behavior.NextAction("leave", 0.17)]);

    private static readonly Vision.PictureTag PanTag = new("Kitchen > Pans", 0.91);

    private static readonly Vision.LookAlike PotAlike = new("p-24", "Cast Iron Pot", 54.90m, "EUR", 0.71, "images/p-24.jpg");

    private static readonly KeyView Key = new("5c1f09a2b7de", "web shop", [ApiRoles.Ingest, ApiRoles.Query], At);

    private static readonly Assistant.HandOver LeftForPerson = new()
    {
        Id = "h-0199e5a0b1c27d34", At = At, ConversationId = "9Qy1c0pXv3mB7d2KeTzRLw", ShopperId = "s-7", SessionId = "v-55", Reason = "asked", Contact = "0660 555 01",
        Lines = [new Assistant.SaidLine(IsShopper: true, "I want to talk to a person")],
    };

    public static IReadOnlyDictionary<Type, object> All { get; } = new object[]
    {
        new InteractionsRequest
        {
            Interactions =
            [
                new Interaction { Id = "order-9001-1", At = At, Shopper = "s-7", Session = "v-55", Kind = InteractionKind.Purchase, Product = "p-17", Quantity = 1, Price = 39.90m },
                new Interaction { Id = "view-77", At = At.AddMinutes(2), Shopper = "s-7", Session = "v-55", Kind = InteractionKind.View, Product = "p-23" },
            ],
        },
        new InteractionsResponse(Accepted: 2, Duplicates: 0),
        new Commerce.Catalog.StatusRequest(),
        new Commerce.Catalog.StatusResponse(Info, new ShopCounts(1_000, 10_000, 1_000_000) { FirstInteractionAt = At.AddYears(-1), LastInteractionAt = At }),
        new Pricing.OptimizeRequest
        {
            Products =
            [
                new Pricing.PricedProduct
                {
                    Id = "p-17", Cost = 18.50m, CurrentPrice = 39.90m, Stock = 12, Prices = [34.99m, 37.99m, 39.99m, 42.99m],
                    Demand = [new Pricing.DemandCurve { Kind = Pricing.DemandKind.Elasticity, ReferenceUnits = 14, ReferencePrice = 39.90, Elasticity = -2.1 }],
                },
            ],
            Rules = [new Pricing.PricingRule { Kind = Pricing.RuleKind.Margin, Least = 0.3, Name = "at least 30 % margin" }],
        },
        new Pricing.RepriceRequest { ProductIds = ["p-17"], MostStep = 0.05 },
        new Pricing.RepriceResponse([Proposal with { Demand = [] }], Unchanged: 11, [new Pricing.SkippedProduct("p-31", "It has no sales to learn from.")], Proposal.ModelVersion),
        new Pricing.ProposalsRequest { Status = Pricing.ProposalStatus.Waiting },
        new Pricing.ProposalsResponse([Proposal]),
        new Pricing.ApproveRequest { ProposalIds = [Proposal.Id] },
        new Pricing.RejectRequest { ProposalIds = [Proposal.Id] },
        new Pricing.UndoRequest { ProposalIds = [Proposal.Id] },
        new TrainRequest { Model = "sasrec", Seed = 1, Minutes = 15 },
        new EvaluateRequest { Protocol = "leave-one-out", Model = "sasrec", Cutoff = [10, 20] },
        new RecommendRequest { ShopperId = "s-7", Count = 3, Category = "Kitchen", Explain = true },
        new RecommendResponse([Lid], "sasrec", Version.Version, Fallback: null),
        new SimilarRequest { ProductId = "p-17", Count = 3 },
        new SimilarResponse([Lid with { Reasons = null }], "sasrec", Version.Version, Fallback: null),
        new EvaluateBasketsRequest { Protocol = "repeats", Cutoff = [10] },
        new BoughtTogetherRequest { ProductId = "p-17", Count = 3, Explain = true },
        new ProductListResponse([Lid with { Reasons = [new Reason("together", "bought together in 12 of 40 orders", null, 0.31)] }], Fallback: null),
        new TrendingRequest { Days = 7, Count = 3 },
        new NewArrivalsRequest { Days = 30, ShopperId = "s-7", Attributes = ["diameter>=24"] },
        new CompleteBasketRequest { Basket = ["p-17"], Count = 3, Explain = true },
        new BuyAgainRequest { ShopperId = "s-7", Count = 3 },
        new BuyAgainResponse([Lid with { Reasons = null }], [new DuePurchase("p-23", Times: 4, At.AddDays(-12), EveryDays: 14.2, At.AddDays(2))], Fallback: null),
        new ExplainRequest { ShopperId = "s-7", ProductId = "p-23" },
        new ExplainResponse("p-23", 7.31, Rank: 1, [BoughtPan], "blend", Version.Version) { Parts = [new StageChange("model sasrec", 5.20), new StageChange("model ease", 2.11)] },
        new CompareRequest { Models = ["sasrec"], Protocol = "time-split" },
        new CompareResponse(new EvaluationReport
        {
            Data = "Sample shop", Protocol = "time-split", Seed = 1, TestCount = 584, Candidates = 100,
            Models = [new ModelEvaluation("sasrec", "model", new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["ndcg@10"] = new(0.051, 0.044, 0.058) }, 412, 180_000_000)],
        }, "ndcg@10", [new ModelPair("sasrec", "item-knn", new MetricEstimate(0.012, 0.006, 0.018), IsSure: true)]),
        new TuneRequest { Model = "ease", Trials = 30 },
        new TuneResponse("ease", "ndcg@10",
            [new TuneTrial(1, [], 0.2114, 4.1, 180_000_000), new TuneTrial(2, ["regularization=312", "dropout=0.41"], 0.2160, 0.9, 180_000_000)], Best: 2, ["regularization=312", "dropout=0.41"], IsKept: false,
            "Tried 2 sets of options of ease. The best reaches ndcg@10 0.2160 on the validation steps, the model's own choice 0.2114."),
        new OffPolicyRequest(),
        new OffPolicyResponse
        {
            Log = "lists explored for 1,204 visitors", Policy = "model", RowCount = 18_400, ActionCount = 310, PositionCount = 10,
            Logged = new MetricEstimate(0.0412, 0.0384, 0.0441),
            Estimates = [new PolicyEstimate("doubly-robust", new MetricEstimate(0.0455, 0.0421, 0.0489), new MetricEstimate(0.0043, 0.0012, 0.0074))],
            EffectiveSampleSize = 12_950, MeanWeight = 1.002, LargestWeight = 1.25, ClippedShare = 0, UnsupportedShare = 0, Warnings = [],
        },
        new TrainRankerRequest { Seed = 1, Minutes = 10 },
        new TrainRankerResponse("20260301-151000-ranker", IsActive: true, "Learned from 90,000 impressions: of a clicked product and one that was not, it gives the clicked one the higher chance in 78.1 % of pairs.",
            ["item-knn", "als"], Impressions: 300_000, Clicks: 24_000, Share: 0.4, [1, 0.66, 0.52], new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["ranker auc"] = new(0.781, 0.774, 0.788) }, TrainSeconds: 240),
        new EvaluateRankerRequest { Generators = ["item-knn", "als"] },
        new RankersRequest(),
        new PipelineRequest(),
        new PipelineResponse("20260301-150000", IsInService: true, Summer, [new PipelineVersion("20260301-150000", At, "iron pans for the summer")])
        {
            Generators = new Dictionary<string, double>(StringComparer.Ordinal) { ["ease"] = 0.6, ["session-knn"] = 0.4 },
        },
        new SetPipelineRequest { Pipeline = Summer, Note = "iron pans for the summer" },
        new ClearPipelineRequest { Note = "the summer is over" },
        new RestorePipelineRequest { Version = "20260301-150000" },
        new PreviewRequest { Pipeline = Summer, ShopperId = "s-7", Count = 3 },
        new PreviewResponse([Lid with { Reasons = null }], [Lid with { Stages = [new StageChange("rule iron", 0.8)] }], "blend"),
        new Commerce.Recommendation.StatusRequest(),
                new ActivateRequest { Version = Version.Version },
        new Assistant.TrainRequest { Seed = 1 },
        new Assistant.TrainResponse("20260301-152000-understanding-lstm", IsActive: true, "Learned to understand shoppers: intent right for 0.9612 of the 812 sentences kept aside.",
            ["add-to-basket", "find-product", "out-of-scope"], ["category", "price-max"], Given: 120, Generated: 4_310, new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["understanding-lstm accuracy"] = new(0.9612, 0.948, 0.974) }, TrainSeconds: 95),
        new Assistant.UnderstandRequest { Text = "do you have iron pans under 40" },
        new Assistant.UnderstandResponse("do you have iron pans under 40", new Assistant.Understanding
        {
            Intent = Assistant.ShopIntents.FindProduct,
            Confidence = 0.97,
            InScope = true,
            Slots = [new Assistant.SlotValue { Name = Assistant.ShopSlots.PriceMax, Value = "40", Confidence = 0.98, Start = 28, Length = 2 }],
            Alternatives = [new Assistant.IntentGuess(Assistant.ShopIntents.ProductStock, 0.02)],
        }, "20260301-152000-understanding-lstm"),
        new Assistant.StatusRequest(),
        new Assistant.ActivateRequest { Version = "20260301-152000-understanding-lstm" },
        new Assistant.EvaluateRequest { Seed = 1 },
        new TrainVoiceRequest { Spoken = 800, Seed = 1 },
        new TranscribeRequest { Sound = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA==" },
        new TranscribeResponse("show me pans", 0.93, [new HeardWord("show", 0.91, 0.12, 0.38), new HeardWord("me", 0.95, 0.38, 0.5), new HeardWord("pans", 0.93, 0.54, 0.98)],
            Seconds: 1.2, "ctc", "20260301-160000-ctc"),
        new SpeakRequest { Text = "The pan is in stock.", Voice = "slt" },
        new SpeakResponse("slt", Seconds: 1.6, Sound: "UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA==", Output: null),
        new VoiceStatusRequest(),
        new ActivateVoiceRequest { Version = "20260301-160000-ctc" },
        new Assistant.ReplyRequest { Text = "how much is the cast iron pan", ConversationId = "9Qy1c0pXv3mB7d2KeTzRLw" },
        new Assistant.ReplyResponse
        {
            ConversationId = "9Qy1c0pXv3mB7d2KeTzRLw", Text = "Cast Iron Pan costs 39.90 EUR.",
            Sentences = [new Assistant.ReplySentence("Cast Iron Pan costs 39.90 EUR.",
                [new Assistant.FactSource("product", "p-17", "title", "Cast Iron Pan"), new Assistant.FactSource("product", "p-17", "price", "39.90 EUR")])],
            Products = [new Assistant.ReplyProduct("p-17", "Cast Iron Pan", 39.90m, InStock: true) { Currency = "EUR" }],
            Basket = new Assistant.ReplyBasket([], 0) { Currency = "EUR" },
            Suggestions = ["Is it in stock?", "Add it to my basket"],
        },
        new Assistant.HandOversRequest(),
        new Assistant.HandOversResponse([LeftForPerson]),
        new Assistant.CloseHandOverRequest { Id = LeftForPerson.Id, Note = "called back" },
        LeftForPerson with { ClosedAt = At.AddHours(1), Note = "called back" },
        new Vision.TrainRequest { Model = "residual", Seed = 1 },
        new Vision.TrainResponse("20260301-150000-residual", IsActive: true,
            "Learned to tell what pictures show: right for 0.8132 of 372 pictures kept aside (majority 0.1398, color-means 0.2554). It is in service now.",
            ["Kitchen > Pans", "Kitchen > Pots"], Pictures: 2_948, Corrections: 4, [],
            new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["residual accuracy"] = new(0.8132, 0.7741, 0.8502) }, TrainSeconds: 240),
        new Vision.TagRequest { ProductId = "p-17", Count = 2 },
        new Vision.TagResponse([new Vision.TaggedPicture("p-17", [PanTag, new Vision.PictureTag("Kitchen > Pots", 0.06)])], [], PicturesPerSecond: 145, "residual", "20260301-150000-residual"),
        new Vision.ExplainRequest { ProductId = "p-17" },
        new Vision.ExplainResponse("Kitchen > Pans", 0.91, [[0.02, 0.31], [0.11, 1.84]], new Vision.PictureCell(1, 1), ChanceWithoutHottest: 0.14, [PanTag], "20260301-150000-residual"),
        new Vision.CorrectRequest { ProductId = "p-17", Label = "Kitchen > Pans" },
        new Vision.CorrectResponse("p-17", "Kitchen > Pans", CorrectionCount: 5, IsNewLabel: false),
        new Vision.EvaluateRequest { Model = "all", Seed = 1 },
        new Vision.MatchRequest { ProductId = "p-17", Count = 5 },
        new Vision.MatchResponse([PotAlike], PictureCount: 2_948, LookedAt: 0, Unreadable: 0, "20260301-150000-residual"),
        new Vision.DescribeRequest { ProductId = "p-17" },
        new Vision.DescribeResponse(PanTag, [new Vision.PictureTag("Kitchen > Pots", 0.06)], [new Vision.DraftColor("black", "#26262a", 0.81, 0.83)],
            [new Vision.DraftValue("material", "iron", 0.78, 0.64, "picture")], new Vision.DraftTitle("Black Iron Pan", 0.77), [PotAlike], "20260301-150000-residual"),
        new Vision.OddRequest { Category = "Kitchen > Pans" },
        new Vision.OddResponse([new Vision.OddPicture("p-91", Error: 4.12, Percentile: 0.997)], PictureCount: 2_948, JudgedCount: 2_948, [], "20260301-150000-residual"),
        new Vision.DrawRequest { Label = "Kitchen > Pans", Count = 16 },
        new Vision.DrawResponse("Kitchen > Pans", Pictures: 241, [new Vision.DrawingStage(0, 412.7), new Vision.DrawingStage(1_500, 38.4)], Floor: 3.1,
            "iVBORw0KGgo=", [], "20260301-150000-residual", "20260301-151500-dcgan", IsNew: true),
        new Vision.StatusRequest(),
        new Vision.ActivateRequest { Version = "20260301-150000-residual" },
        new Pricing.TrainRequest { Seed = 1 },
        new TableTrainResponse("20260301-130000-blend", IsActive: true,
            "Learned to predict price: rmsle 0.4821 on 3,881 rows kept aside (mean 1.312, linear 0.5904, nearest-neighbors 0.6017, trees 0.5011). It is a blend of network 52 %, trees 48 %. It is in service now.",
            [new TableColumnKind("title", ColumnKind.Text), new TableColumnKind("brand", ColumnKind.Category)],
            new Dictionary<string, double>(StringComparer.Ordinal) { ["network"] = 0.52, ["trees"] = 0.48 },
            new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["blend rmsle"] = new(0.4821, 0.4687, 0.4955) }, TrainSeconds: 184),
        new Pricing.PriceRequest { ProductId = "p-17", Explain = true },
        new Pricing.PriceResponse(41.20, 31.80, 52.60, IsSure: true, WhyNotSure: null, [new Pricing.PriceReason("brand", "Ferro", "Nordic", 6.40)], "20260301-130000-blend"),
        new Pricing.StatusRequest(),
        new KeptVersions(Version.Version, [Version]),
        new Pricing.ActivateRequest { Version = "20260301-130000-blend" },
        new Pricing.EvaluateRequest { Seed = 1 },
        new Pricing.ElasticityRequest { ProductIds = ["p-17", "p-23"] },
        new Behavior.EvaluateRequest { Seed = 1 },
        new Search.ReallocateRequest { Query = "cast iron pan", Count = 2, MostMove = 3 },
        new Search.ReallocateResponse([new Search.ReallocatedProduct("p-23", "Pan Lid", Place: 1, RankedPlace: 2, 0.18, 0.09, 0.29, Drawn: 0.26, Propensity: 0.41)], Searches: 84),
        new Search.TrainRequest { From = "judgments", Seed = 1 },
        new Search.TrainResponse("20260301-150000-ranker", IsActive: true,
            "Learned to rank from judgments of 112 queries: ndcg@10 0.8223 on 23 queries kept aside (words alone, bm25: 0.8080). It is in service now.", "judgments", Queries: 112,
            new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["ranker ndcg@10"] = new(0.8223, 0.7650, 0.8740) }, TrainSeconds: 38),
        new Search.StatusRequest(),
        new Search.ActivateRequest { Version = "20260301-150000-ranker" },
        new Search.EvaluateRequest { Model = "ranker" },
        new Search.EvaluateClicksRequest { Model = "dbn" },
        new Search.ClicksRequest { Query = "cast iron pan", Model = "ubm", Count = 3 },
        new Search.ClicksResponse(Searches: 1_250, Clicks: 410, "ubm", [new Search.ClickedPlace(1, 1_250, 0.18, 0.97, 0.19), new Search.ClickedPlace(2, 1_250, 0.07, 0.52, 0.14)],
            [new Search.ClickedProduct("p-17", 840, 0.16, 0.21)], "The first place is clicked 18 % of the time, the last (2) 7 %; by ubm, it is looked at 53.6 % as often as the first."),
        new Behavior.TrainRequest { Seed = 1 },
        new Behavior.ScoreRequest { ShopperId = "s-7", Explain = true },
        new Behavior.ScoreResponse("s-7", "v-55", Events: 4, At, IsOver: false, Intent, Return: 0.27, Row: null,
            [new Behavior.IntentReason("put Cast Iron Pan in the cart", 0.41, "p-17", At)], "20260301-140000-session-gru"),
        new Behavior.ShopperRequest { ShopperId = "s-7", Count = 10 },
        new Behavior.ShopperResponse("s-7", new Behavior.ShopperFacts(12, 3, 148.70, At.AddYears(-1), At, new Dictionary<string, string>(StringComparer.Ordinal) { ["country"] = "AT" }),
            Intent, IsOver: false, Return: 0.27, new Behavior.ShopperValue("s-7", 0.93, 4.2, 49.57, 208.19, ["bought on 3 days in 52 weeks", "last bought this week"]),
            [new Behavior.ShopperSession("v-55", At, At, "abandonment", [new Behavior.ShopperEvent(At, InteractionKind.Cart, "p-17", "Cast Iron Pan", 1, 39.90, Intent)])],
            Next: "10", "20260301-140000-session-gru"),
        new Behavior.StatusRequest(),
        new Behavior.ActivateRequest { Version = "20260301-140000-session-gru" },
        new Behavior.FunnelRequest { Steps = [InteractionKind.View, InteractionKind.Cart, InteractionKind.Purchase], By = "session" },
        new Behavior.FunnelResponse(
            [
                new Behavior.FunnelStep(InteractionKind.View, 12_000, 1, 1, null), new Behavior.FunnelStep(InteractionKind.Cart, 2_400, 0.2, 0.2, 4.5),
                new Behavior.FunnelStep(InteractionKind.Purchase, 960, 0.08, 0.4, 11),
            ],
            LargestLoss: 2, "Of 12,000 sessions with a view, 8.0 % reach a purchase; most are lost before the cart, which 20.0 % take."),
        new Behavior.RetentionRequest { Period = "month" },
        new Behavior.RetentionResponse([new Behavior.Cohort(new DateOnly(2026, 1, 1), 420, [0.31])], [0.31]),
        new Behavior.ValueRequest { Weeks = 52, Count = 20 },
        new Behavior.SegmentRequest { Members = 2, Seed = 1 },
        new Behavior.SegmentResponse(2_706, new DateOnly(2026, 2, 28),
            [
                new Behavior.ShopperSegment("recent, frequent buyers of Kitchen", 780, 0.288, 1, 257_242, 0.525, 329.80,
                    [new Behavior.SegmentTrait("days with a purchase", 8.3, 2.6, 1.4, "days with a purchase 8.3 (others 2.6)")], ["s-7", "s-41"]),
            ],
            [new Behavior.TriedSegments(3, 0.157, 607, 0.894, 0.837)],
            "2,706 shoppers in 3 segments. 780 recent, frequent buyers of Kitchen made 52 % of what was spent. They shade into each other (silhouette 0.16) and are found again on other samples and seeds (adjusted Rand index 0.89 and 0.84)."),
        new Behavior.AnomaliesRequest { Count = 20 },
        new Behavior.AnomaliesResponse(
            [
                new Behavior.Anomaly
                {
                    Kind = Behavior.AnomalyKind.Bot, Day = new DateOnly(2026, 2, 11), SessionId = "v-991", Rows = 412, Score = 18.4,
                    Reason = "No purchase. 412 views (usual 2), up to 58 acts a minute (usual 3), one every 1.1 s, 0 searches.",
                },
            ],
            [new Behavior.AnomalyCount(Behavior.AnomalyKind.Bot, 1, 412)], "1 finding in 98,204 interactions: 1 bot."),
        new Automation.AdviseRequest { Count = 5 },
        new Automation.AdviseResponse("41,200 EUR of revenue in the 30 days to 2026-03-01, 8 % more than in those before. 1 thing to do, 1 urgent, worth about 2,700 EUR in 30 days.",
            new Automation.ShopPerformance(new DateOnly(2026, 1, 31), new DateOnly(2026, 3, 1), "EUR", 41_200, 38_150, 1_040, 970, 2_300, 21_400),
            [
                new Advice
                {
                    Topic = AdviceTopic.Inventory, Text = "Order 12 products for 4,800 EUR; 3 of them will probably run out before an order of today arrives.",
                    Reasons = ["Cast Iron Pan: 60 in stock, 198 expected to be asked for until the delivery after the next."], Worth = 2_700, IsUrgent = true,
                    Command = "cartwright inventory replenish",
                },
            ],
            []),
        new Inventory.TrainRequest { Horizon = 28, Seed = 1 },
        new Inventory.TrainResponse("20260301-131500-ensemble", IsActive: true,
            "Learned to forecast 28 days: 9.8 % of the units of the last 28 days were off (17.9 % by the mean of four weeks, 14.2 % by the season before). It is a mean of trees 65 %, deepar 35 %. It is in service now.",
            new Dictionary<string, double>(StringComparer.Ordinal) { ["deepar"] = 0.35, ["trees"] = 0.65 },
            new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) { ["ensemble wape"] = new(0.098, 0.095, 0.102) }, TrainSeconds: 310),
        new Inventory.EvaluateRequest { Horizon = 28, Seed = 1 },
        new Inventory.ForecastRequest
        {
            ProductIds = ["p-17"], Horizon = 2,
            Plan = [new Inventory.PlannedSale { Date = new DateOnly(2026, 3, 3), ProductId = "p-17", Price = 34.90m, Promoted = 1 }],
        },
        new Inventory.ForecastResponse(Inventory.DemandPeriod.Day,
            [new Inventory.ProductForecast("p-17", "", 23.4, 18.2, 29.1, [new Inventory.PeriodForecast(new DateOnly(2026, 3, 2), 11.2, 8, 14.6), new Inventory.PeriodForecast(new DateOnly(2026, 3, 3), 11.9, 8.4, 15.5)])],
            "20260301-131500-ensemble"),
        new Inventory.ReplenishRequest { LeadTimeDays = 10, ReviewDays = 7, Count = 20 },
        new Inventory.ReplenishResponse(
            [
                new Inventory.Reorder
                {
                    ProductId = "p-17", Title = "Cast Iron Pan", Action = Inventory.ReorderAction.Order, Quantity = 240, Value = 4_800, Stock = 60, Demand = 198, ReorderPoint = 254,
                    SafetyStock = 56, ServiceLevel = 0.98, StockOutChance = 0.93, StockOutDate = new DateOnly(2026, 3, 7), ExpectedCost = 21.5, ExpectedCostWithoutOrder = 2_750,
                    Reasons = ["198 units are expected to be asked for in 17 days (10 to the delivery, 7 to the next order); with a chance of 98 % 254 suffice, 56 of them for safety."],
                },
            ],
            OrderCount: 1, OrderValue: 4_800, "20260301-131500-ensemble"),
        new Inventory.StatusRequest(),
        new Inventory.ActivateRequest { Version = "20260301-131500-ensemble" },
        new Search.SearchRequest { Query = "cast irn pan", Count = 1, Facets = ["brand", "price"], Explain = true },
        new Search.SearchResponse(
            [
                new Search.FoundProduct("p-17", "Cast Iron Pan", 39.90m, 7.12)
                {
                    Currency = "EUR", Highlight = "<mark>Cast</mark> <mark>Iron</mark> <mark>Pan</mark>",
                    Reasons = [new Reason("word", "\"pan\" in the title", null, 2.04)],
                },
            ],
            TotalCount: 4, [new Search.Facet("brand", [new Search.FacetValue("Ferro", 3), new Search.FacetValue("Oak & Steel", 1)])],
            [new Search.Correction("irn", "iron")], Relaxed: [], "bm25", Version: null),
        new Search.CompleteRequest { Prefix = "cast ir", Count = 3 },
        new Search.CompleteResponse([new Search.Completion("cast iron", 4)]),
        new Search.ExplainRequest { ProductId = "p-17", Query = "cast iron pan" },
        new Search.ExplainResponse("p-17", "Cast Iron Pan", 2.04, Rank: 1, [new Search.Contribution("pan", "title", 1, 12, 2.04, ReadAs: null)], ["cast"], "bm25", []),
        new Inventory.OrderRequest { Orders = [new Inventory.OrderedUnits { ProductId = "p-17", Units = 240 }] },
        new Inventory.OrderResponse([new Inventory.OnOrder("p-17", Before: 0, Now: 240)]),
        new RunStarted(Run.Id),
        Run,
        new Page<RunView>([Run], Next: Run.Id),
        Pan,
        new Page<Product>([Pan], Next: "20"),
        new ShopperView("s-7", At.AddYears(-1), new Dictionary<string, string>(StringComparer.Ordinal) { ["country"] = "AT" }, 1,
            [new ShopperAct(At, InteractionKind.Purchase, "p-17", "Cast Iron Pan")]),
        new ForgetReceipt("s-7", 63, Reviews: 2, Searches: 5, Orders: 3, HandOvers: 0, ExportsRemoved: 0, ResultsRemoved: 1, [Version.Version],
            "The shopper and 63 interactions are gone. 1 kept model versions learned from them; they go, and 1 models are trained anew.")
        {
            Relearned = [new Relearned("recommendation", "sasrec", "20260102-030405-1a2b3c")],
        },
        new NewKeyRequest { Name = "web shop", Roles = [ApiRoles.Ingest, ApiRoles.Query] },
        new NewKeyView(Key.Id, Key.Name, Key.Roles, Key.CreatedAt, "cw_… (shown this once)"),
        new Page<KeyView>([Key], Next: null),
        new Health("ready"),
        new ProblemBody(Problems.InvalidRequest.Type, Problems.InvalidRequest.Title, 400, "The field count was 0; it takes 1 to 100.",
            "/v1/recommendation/recommend", "4bf92f3577b34da6a3ce929d0e0e4736",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["count"] = ["The field count was 0; it takes 1 to 100."] }),
    }.Concat(AutomationExamples.All).ToDictionary(example => example.GetType());

    private static Dictionary<string, double> Metrics(string name, double value) => new(StringComparer.Ordinal) { [name] = value };
}
