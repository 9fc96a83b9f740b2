using System.ComponentModel.DataAnnotations;
using Cartwright.Cli.Answers;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Simulation;
using Cartwright.Server.Rules;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Cli.Demo;

/// <summary>Brings a shop to where it can be shown: filled, and with a model in service. What is there already is left.</summary>
internal static class DemoShop
{
    private const int MinPictures = 50;

    /// <summary>Passes over the pictures: about a minute on two cores for the thousand of a sample shop.</summary>
    private const int PictureEpochs = 40;

    /// <summary>Passes over what shoppers may say: half a minute on two cores.</summary>
    private const int LanguageEpochs = 16;

    /// <summary>Passes over visits: some twenty seconds of one processor for a sample shop; 'behavior train' finds when to stop.</summary>
    private const int VisitEpochs = 2;

    /// <summary>Passes of the recurrent forecaster, which is one of several: 'inventory train' finds when to stop.</summary>
    private const int SalesEpochs = 2;

    public static async Task PrepareAsync(DemoRequest request, Invocation at, CancellationToken cancellationToken)
    {
        await using Shop shop = await at.OpenOrCreateShopAsync(cancellationToken);
        ShopInfo info = await FillAsync(shop, request, at, cancellationToken);
        Commerce.Runs.KeptVersions status = await shop.Recommendation.StatusAsync(new(), cancellationToken);
        if (status.ActiveVersion is null)
        {
            Say(at, $"Training for {Wording.Plural(request.Minutes, "minute")} at most.");
            var train = new TrainRequest { Model = BlendTrainer.ModelName, Seed = request.Seed, Minutes = request.Minutes, Activate = true };
            object trained = await VerbCommand.RunAsync(VerbOf<TrainRequest>(), train, shop, at, cancellationToken);
            Tell(at, trained, info);
        }
        else
        {
            Say(at, $"Model {status.ActiveVersion} is in service already.");
            Tell(at, status, info);
        }

        await SetRulesAsync(shop, at, cancellationToken);
        await LearnRankingAsync(shop, request, at, info, cancellationToken);
        await LearnVisitsAsync(shop, request, at, info, cancellationToken);
        await LearnSalesAsync(shop, request, at, info, cancellationToken);
        await LearnPicturesAsync(shop, request, at, info, cancellationToken);
        await LearnLanguageAsync(shop, request, at, info, cancellationToken);
    }

    /// <summary>Sets the rules that most shops want, as dry runs, where there are none, and the slot that the storefront chooses by.</summary>
    private static async Task SetRulesAsync(Shop shop, Invocation at, CancellationToken cancellationToken)
    {
        if ((await shop.Automation.RulesAsync(new(), cancellationToken)).Rules.Count > 0)
        {
            return;
        }

        int count = await shop.Automation.SetDefaultsAsync(new VerbCaller(shop), cancellationToken);
        await shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.StoreHome }, cancellationToken);
        Say(at, $"{Wording.Plural(count, "rule")} of automation set, as dry runs: they say what they would do and do nothing. The storefront finds out which row should stand first.");
    }

    /// <summary>Teaches in which order results should stand; passed over where nobody judged or clicked enough.</summary>
    private static async Task LearnRankingAsync(Shop shop, DemoRequest request, Invocation at, ShopInfo info, CancellationToken cancellationToken)
    {
        if ((await shop.SearchRanking.StatusAsync(new(), cancellationToken)).ActiveVersion is not null)
        {
            return;
        }

        Say(at, "Learning in which order results should stand.");
        await TryAsync(new Commerce.Search.TrainRequest { Seed = request.Seed }, "Results stand by their words alone", shop, at, info, cancellationToken);
    }

    /// <summary>Teaches how visits end, for the Shoppers page.</summary>
    private static async Task LearnVisitsAsync(Shop shop, DemoRequest request, Invocation at, ShopInfo info, CancellationToken cancellationToken)
    {
        if ((await shop.Sessions.StatusAsync(new(), cancellationToken)).ActiveVersion is not null)
        {
            return;
        }

        Say(at, "Learning how visits end.");
        await TryAsync(new Commerce.Behavior.TrainRequest { Epochs = VisitEpochs, Seed = request.Seed }, "How a visit will end is not told", shop, at, info, cancellationToken);
    }

    /// <summary>Teaches what will sell, for the Stock page and the rule that orders.</summary>
    private static async Task LearnSalesAsync(Shop shop, DemoRequest request, Invocation at, ShopInfo info, CancellationToken cancellationToken)
    {
        if ((await shop.Inventory.StatusAsync(new(), cancellationToken)).ActiveVersion is not null)
        {
            return;
        }

        Say(at, "Learning what will sell.");
        await TryAsync(new Commerce.Inventory.TrainRequest { Epochs = SalesEpochs, Seed = request.Seed }, "What will sell is not told", shop, at, info, cancellationToken);
    }

    /// <summary>Teaches what the products look like, so that a dropped photo is told and found; passed over where products have no pictures.</summary>
    private static async Task LearnPicturesAsync(Shop shop, DemoRequest request, Invocation at, ShopInfo info, CancellationToken cancellationToken)
    {
        LiveShop live = await shop.Catalog.LiveAsync(cancellationToken);
        bool isTrained = (await shop.Vision.StatusAsync(new(), cancellationToken)).ActiveVersion is not null;
        if (isTrained || live.Products.Count(product => shop.Catalog.Pictures.FileOf(product) is not null) < MinPictures)
        {
            return;
        }

        Say(at, "Learning what the pictures show.");
        await TryAsync(new Commerce.Vision.TrainRequest { Epochs = PictureEpochs, Seed = request.Seed, Activate = true }, "Photos are not told",
            shop, at, info, cancellationToken);
    }

    /// <summary>Teaches what shoppers say of the shop's products.</summary>
    private static async Task LearnLanguageAsync(Shop shop, DemoRequest request, Invocation at, ShopInfo info, CancellationToken cancellationToken)
    {
        if ((await shop.AssistantLanguage.StatusAsync(new(), cancellationToken)).ActiveVersion is not null)
        {
            return;
        }

        Say(at, "Learning to understand shoppers.");
        await TryAsync(new Commerce.Assistant.TrainRequest { Epochs = LanguageEpochs, Seed = request.Seed }, "Nothing that is asked is understood", shop, at, info, cancellationToken);
    }

    /// <summary>A training that the demo can do without.</summary>
    /// <param name="without">What it is like without.</param>
    private static async Task TryAsync<TRequest>(TRequest train, string without, Shop shop, Invocation at, ShopInfo info, CancellationToken cancellationToken)
        where TRequest : class
    {
        try
        {
            Tell(at, await VerbCommand.RunAsync(VerbOf<TRequest>(), train, shop, at, cancellationToken), info);
        }
        catch (Exception refused) when (refused is ValidationException or ImportFormatException)
        {
            Say(at, $"{without}: {refused.Message}");
        }
    }

    /// <summary>A shopper who did enough for the answer to say something; null in an empty shop.</summary>
    public static async Task<string?> BusyShopperAsync(Shop shop, CancellationToken cancellationToken)
    {
        Snapshot snapshot = (await shop.Catalog.LiveAsync(cancellationToken)).Snapshot;
        int[] start = snapshot.Interactions.ShopperStart;
        return Enumerable.Range(0, snapshot.Shoppers.Count)
            .Where(shopper => start[shopper + 1] - start[shopper] >= 5)
            .Concat(Enumerable.Range(0, snapshot.Shoppers.Count))
            .Select(shopper => snapshot.Shoppers[shopper].Id)
            .FirstOrDefault();
    }

    private static async Task<ShopInfo> FillAsync(Shop shop, DemoRequest request, Invocation at, CancellationToken cancellationToken)
    {
        Commerce.Catalog.StatusResponse status = await shop.Catalog.StatusAsync(new(), cancellationToken);
        if (status.Counts.Interactions > 0)
        {
            Say(at, $"The shop in {at.ShopFolder} is there already; delete the folder to begin again.");
            return status.Info;
        }

        string folder = request.Data ?? Path.Combine(at.ShopFolder, "sample");
        if (request.Data is null && !Directory.Exists(folder))
        {
            Say(at, "Making a sample shop.");
            // A year that ended yesterday, so that "the last 30 days" and "today" mean something in it.
            var yesterday = DateOnly.FromDateTime(at.Clock.GetUtcNow().UtcDateTime.AddDays(-1));
            await SampleCommand.WriteAsync(new SampleRequest { Folder = folder, Scale = request.Scale, Seed = request.Seed, Until = yesterday }, at, cancellationToken);
        }

        Say(at, $"Reading {folder}.");
        object report = await VerbCommand.RunAsync(VerbOf<ImportRequest>(), new ImportRequest { Folder = folder }, shop, at, cancellationToken);
        status = await shop.Catalog.StatusAsync(new(), cancellationToken);
        Tell(at, report, status.Info);
        return status.Info;
    }

    private static Verb VerbOf<TRequest>() => VerbTable.All.Single(verb => verb.RequestType == typeof(TRequest));

    private static void Say(Invocation at, string text)
    {
        if (!at.IsJson)
        {
            at.Terminal.Line(text);
        }
    }

    private static void Tell(Invocation at, object answer, ShopInfo info)
    {
        if (!at.IsJson)
        {
            Answer.Write(at.Terminal, answer, info.Currency);
            at.Terminal.Line();
        }
    }
}
