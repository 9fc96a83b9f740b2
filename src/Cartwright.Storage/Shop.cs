using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Inventory;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Search;
using Cartwright.Commerce.Vision;
using Cartwright.Storage.Sqlite;

namespace Cartwright.Storage;

/// <summary>A shop, opened: its store and every slice's verbs.</summary>
public sealed class Shop : IAsyncDisposable
{
    private const string DatabaseFile = "shop.db";

    private Shop(string folder, SqliteShopStore store, TimeProvider clock)
    {
        Folder = folder;
        Store = store;
        Catalog = new ShopCatalog(store, folder, clock);
        Inventory = new StockPlanner(Catalog, Path.Combine(folder, "models", "inventory"), clock);
        Pricing = new Pricer(Catalog, Path.Combine(folder, "models", "pricing"), clock);
        Behavior = new BehaviorAnalyst(Catalog, clock);
        Sessions = new SessionAnalyst(Catalog, Path.Combine(folder, "models", "behavior"), clock);
        AssistantLanguage = new LanguageAnalyst(Catalog, Path.Combine(folder, "models", "language"), clock);
        PriceSetter = new PriceSetter(Catalog, store, clock);
        SearchRanking = new SearchTrainer(Catalog, Path.Combine(folder, "models", "search"), clock);
        Search = new Searcher(Catalog, Path.Combine(folder, "models", "search"), clock);
        Assistant = new ShopAssistant(Catalog, store, new SearchedProducts(Search), AssistantLanguage.UnderstandAsync, clock);
        Gallery = new PictureGallery(Catalog, Path.Combine(folder, "models", "vision"), clock);
        Vision = new PictureAnalyst(Catalog, store, Path.Combine(folder, "models", "vision"), clock);
        AssistantVoice = new AssistantVoice(Catalog, Path.Combine(folder, "models", "voice"), clock);
        var automation = new SqliteAutomationStore(store);
        Automation = new Automator(Catalog, automation, clock);
        AutomationTrial = new AutomationTrial(clock);
        Drift = new DriftWatch(Catalog, [new RecommendationQuality(Path.Combine(folder, "models", "recommendation"), clock), new SessionQuality(Path.Combine(folder, "models", "behavior"))], clock);
        Experiments = new ExperimentDesk(Catalog, automation, clock);
        Recommendation = new Recommender(Catalog, Path.Combine(folder, "models", "recommendation"), Path.Combine(folder, "pipelines"), Path.Combine(folder, "models", "ranker"), clock, store, new VersionsOnTrial(Experiments))
        {
            Pictures = new GalleryPictures(Gallery),
        };
        RankingStage = new RankingStage(Catalog, Path.Combine(folder, "models", "recommendation"), Path.Combine(folder, "models", "ranker"), Path.Combine(folder, "pipelines"), clock);
        PolicyJudge = new PolicyJudge(Catalog, store, clock);
        Catalog.ForgetInMemory.Add(Experiments.Forget);
        Catalog.ForgetInMemory.Add(_ => Sessions.Forget());
        Forgetting = new ShopperForgetting(this, clock);
        Tuner = new Tuner(Catalog, Path.Combine(folder, "models", "recommendation"), clock);
        Adviser = new ShopAdviser(Catalog, [new StockAdvice(Inventory), new PriceAdvice(PriceSetter), new SearchAdvice(Catalog, Search), new ShopperAdvice(Behavior), new CatalogAdvice(), new RecommendationAdvice(Recommendation), new HandOverAdvice(Assistant), new AutomationAdvice(Automation)], clock);
    }

    /// <summary>Opens the shop kept in a folder; makes an empty one where there is none.</summary>
    /// <exception cref="StorageException">The folder can't be written or its database can't be read.</exception>
    public static Task<Shop> OpenAsync(string folder, TimeProvider? clock = null, CancellationToken cancellationToken = default)
        => Task.Run(
            () =>
            {
                clock ??= TimeProvider.System;
                try
                {
                    Directory.CreateDirectory(folder);
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                    throw new StorageException($"The folder {folder} can't be made: {refused.Message}", isTransient: false, refused);
                }

                return new Shop(folder, SqliteShopStore.Open(Path.Combine(folder, DatabaseFile), clock), clock);
            }, cancellationToken);

    /// <summary>Holds <c>shop.db</c>, <c>models/</c> and <c>runs/</c>.</summary>
    public string Folder { get; }

    public IShopStore Store { get; }

    public ShopCatalog Catalog { get; }

    public StockPlanner Inventory { get; }

    public Pricer Pricing { get; }

    public BehaviorAnalyst Behavior { get; }

    public SessionAnalyst Sessions { get; }

    public LanguageAnalyst AssistantLanguage { get; }

    public ShopAssistant Assistant { get; }

    public PriceSetter PriceSetter { get; }

    public SearchTrainer SearchRanking { get; }

    public Automator Automation { get; }

    public AutomationTrial AutomationTrial { get; }

    public DriftWatch Drift { get; }

    public ExperimentDesk Experiments { get; }

    public Recommender Recommendation { get; }

    /// <summary>Searches options of recommendation models.</summary>
    public Tuner Tuner { get; }

    /// <summary>What policies would have earned.</summary>
    public PolicyJudge PolicyJudge { get; }

    public RankingStage RankingStage { get; }

    public Searcher Search { get; }

    public PictureAnalyst Vision { get; }

    public PictureGallery Gallery { get; }

    /// <summary>How the shop does, and what should be done.</summary>
    public ShopAdviser Adviser { get; }
    public AssistantVoice AssistantVoice { get; }

    /// <summary>Forgets shoppers, everywhere at once.</summary>
    public ShopperForgetting Forgetting { get; }

    public async ValueTask DisposeAsync()
    {
        Automation.Dispose();
        Recommendation.Dispose();
        Search.Dispose();
        Gallery.Dispose();
        AssistantVoice.Dispose();
        Catalog.Dispose();
        await Store.DisposeAsync();
    }
}
