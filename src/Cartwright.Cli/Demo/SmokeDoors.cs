using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Recommendation;
using TrainRequest = Cartwright.Commerce.Recommendation.TrainRequest;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Cli.Demo;

/// <summary>One worked question per verb, asked at the command line and in the library, and lent to HTTP.</summary>
/// <param name="folder">The shop folder that is imported.</param>
/// <param name="scratch">Where files may be made.</param>
internal sealed class SmokeDoors(Invocation at, TriedDoors tried, string folder, string scratch)
{
    private int _fresh;

    /// <summary>A shopper and a product of the shop, once it is filled.</summary>
    public string Shopper { get; private set; } = "";

    public string Product { get; private set; } = "";

    public string Folder => folder;

    private string _version = "";
    private string _pipeline = "";

    /// <summary>The version that the experiment is about: later trainings put others into service, and arms with shoppers stay as they are.</summary>
    private string? _tried;
    private string _priceVersion = "";
    private string _stockVersion = "";
    private string _sessionVersion = "";
    private string _pictureVersion = "";
    private string _pictureLabel = "";
    private string _searchVersion = "";
    private string _languageVersion = "";
    private string _voiceVersion = "";
    private string _approved = "";
    private string _made = "";
    private string _handOver = "";

    /// <summary>A shopper of a moment ago, from whom no model has learned: to be forgotten.</summary>
    private string _guest = "";
    private readonly Queue<string> _proposals = [];
    private readonly Queue<string> _changes = [];

    public async Task TryCommandsAsync(CancellationToken cancellationToken)
    {
        foreach (Verb verb in VerbTable.All)
        {
            await tried.TryAsync($"command   {verb.Slice} {verb.Name}", () => RunCommandAsync([verb.Slice, verb.Name, .. Words(verb)], cancellationToken));
            await LearnAsync(verb, cancellationToken);
        }

        foreach (string[] words in new string[][] { [], ["--help"], ["--version"], ["keys", "list"], ["keys", "create", "smoke", "--roles", "query"] })
        {
            string name = words is [] ? "(nothing typed)" : string.Join(' ', words);
            await tried.TryAsync($"command   {name}", () => RunCommandAsync(words, cancellationToken));
        }
    }

    public async Task TryLibraryAsync(Shop shop, CancellationToken cancellationToken)
    {
        foreach (Verb verb in VerbTable.All)
        {
            await tried.TryAsync($"library   {verb.Slice} {verb.Name}", async () =>
            {
                object answer = await verb.InvokeAsync(shop, Request(verb), progress: null, cancellationToken);
                return verb.ResponseType.IsInstanceOfType(answer) ? null : $"answered a {answer.GetType().Name}";
            });
            await LearnAsync(verb, cancellationToken);
        }
    }

    /// <summary>The verb's question as a record.</summary>
    public object Request(Verb verb)
    {
        if (verb.RequestType == typeof(OptimizeRequest))
        {
            return JsonSerializer.Deserialize(File.ReadAllText(ProblemFile()), verb.RequestType, WireJson.HttpOptions)!;
        }

        ParseResult parsed = new CommandTree(at.Terminal, at.Clock).Parse([verb.Slice, verb.Name, .. Words(verb)]);
        return ((CliCommand)parsed.CommandResult.Command).Form!.Read(parsed);
    }

    /// <summary>What to type behind the verb. A verb that is missing here is asked without options.</summary>
    private string[] Words(Verb verb) => (verb.Slice, verb.Name) switch
    {
        ("catalog", "import") => [folder],
        ("catalog", "export") => [Path.Combine(scratch, $"export-{_fresh++}")],
        ("catalog", "interactions") => ["--file", InteractionsFile()],
        ("catalog", "forget") => [_guest],
        ("assistant", "train") => ["--epochs", "1", "--activate"],
        ("assistant", "evaluate") => ["--epochs", "1"],
        ("assistant", "understand") => ["do you have a pan under 40"],
        ("assistant", "activate") => ["--version", _languageVersion],
        ("pricing", "train") => ["--epochs", "2", "--activate"],
        ("pricing", "evaluate") => ["--epochs", "2"],
        ("pricing", "price") => ["--product-id", Product, "--explain"],
        ("pricing", "optimize") => [ProblemFile()],
        ("pricing", "simulate") => ["--days", "5"],
        ("pricing", "approve") => ["--proposal-ids", _approved = NextProposal()],
        ("pricing", "reject") => ["--proposal-ids", NextProposal()],
        ("pricing", "undo") => ["--proposal-ids", _approved],
        ("pricing", "activate") => ["--version", _priceVersion],
        ("inventory", "train" or "evaluate") => ["--epochs", "1"],
        ("inventory", "activate") => ["--version", _stockVersion],
        ("behavior", "train" or "evaluate") => ["--epochs", "2"],
        ("behavior", "score") => ["--shopper-id", Shopper, "--explain"],
        ("behavior", "shopper") => [Shopper],
        ("behavior", "activate") => ["--version", _sessionVersion],
        ("assistant", "reply") => ["where is my order?", "--explain"],
        ("assistant", "replay") => ["--conversations", ConversationsFile(), "--rounds", "1"],
        ("assistant", "close-handover") => [_handOver],
        ("search", "reallocate") => ["pan"],
        ("search", "evaluate-clicks") => ["--data", folder],
        ("search", "train") => ["--epochs", "1", "--activate"],
        ("search", "activate") => ["--version", _searchVersion],
        ("search", "evaluate") => ["--epochs", "1"],
        ("recommendation", "train") => ["--epochs", "1", "--activate"],
        ("recommendation", "evaluate") => ["--model", "item-knn", "--epochs", "1"],
        ("recommendation", "recommend") => ["--shopper-id", Shopper, "--explain"],
        ("recommendation", "similar" or "bought-together") => [Product],
        ("recommendation", "complete-basket") => ["--basket", Product, "--explain"],
        ("recommendation", "evaluate-baskets") => ["--model", "item-knn"],
        ("recommendation", "buy-again") => ["--shopper-id", Shopper, "--explain"],
        ("recommendation", "tune") => ["--model", "item-knn", "--trials", "2"],
        ("recommendation", "compare") => ["--models", "item-knn", "--epochs", "1"],
        ("recommendation", "train-ranker") => ["--epochs", "1", "--activate"],
        ("recommendation", "evaluate-ranker") => ["--data", folder, "--generators", "item-knn", "--epochs", "1"],
        ("recommendation", "set-pipeline" or "preview") => ["--file", Json($$"""{ "pipeline": { "diversity": 0.2, "rules": [{ "id": "smoke", "action": "pin", "productIds": ["{{Product}}"] }] } }""")],
        ("recommendation", "clear-pipeline") => ["--note", "smoke"],
        ("recommendation", "restore-pipeline") => ["--version", _pipeline],
        ("recommendation", "explain") => ["--shopper-id", Shopper, "--product-id", Product],
        ("recommendation", "activate") => [_version],
        ("search", "search") => ["pan", "--facets", "brand,price", "--explain"],
        ("search", "complete") => ["pa"],
        ("search", "explain") => ["--product-id", Product, "--query", "pan"],
        ("search", "evaluate-speed") => SpeedFiles(),
        ("vision", "train") => ["--epochs", "1", "--activate"],
        ("vision", "evaluate") => ["--model", "residual", "--epochs", "1"],
        ("vision", "draw") => ["--label", _pictureLabel, "--steps", "2", "--count", "2"],
        ("vision", "evaluate-gallery") => ["--data", folder, "--epochs", "1"],
        ("vision", "tag" or "explain" or "match" or "describe") => ["--product-id", Product],
        ("vision", "correct") => ["--product-id", Product, "--label", "Smoke"],
        ("vision", "activate") => [_pictureVersion],
        ("assistant", "train-voice") => ["--spoken", "20", "--epochs", "1", "--activate"],
        ("assistant", "transcribe") => ["--sound", SmokeRecordings.ToneText(scratch)],
        ("assistant", "speak") => ["The pan is in stock."],
        ("assistant", "activate-voice") => ["--version", _voiceVersion],
        ("assistant", "evaluate-voice") => [.. SmokeRecordings.Write(scratch), "--model", "slot-heads", "--epochs", "1"],
        ("inventory", "order") => ["--file", Json($$"""{ "orders": [{ "productId": "{{Product}}", "units": 5 }] }""")],
        ("automation", var name) => AutomationWords(name),
        _ => [],
    };

    private string[] AutomationWords(string name) => name switch
    {
        "put-rule" => ["--file", Json("""{ "rule": { "id": "smoke", "name": "Smoke", "when": { "cron": "30 5 * * *" }, "do": { "slice": "pricing", "verb": "reprice" }, "mode": "live", "limits": { "mostChangesPerRun": 4 } } }""")],
        "run" => ["--rule-id", "smoke", "--history-days", "3"],
        "approve" => ["--change-ids", _made = NextChange()],
        "reject" => ["--change-ids", NextChange()],
        "undo" => ["--change-ids", _made],
        "put-experiment" => ["--file", Json($$"""{ "experiment": { "id": "smoke", "name": "Smoke", "outcome": "recorded", "slice": "recommendation", "arms": [{ "id": "now", "share": 0.5, "version": "{{_tried ??= _version}}" }, { "id": "new", "share": 0.5, "version": "{{_tried}}" }] } }""")],
        "assign" => ["--experiment-id", "smoke", "--shopper-id", Shopper],
        "record" => ["--experiment-id", "smoke", "--shopper-id", Shopper, "--value", "1"],
        "promote" => ["--experiment-id", "smoke"],
        "simulate" => ["--days", "2", "--history-days", "60", "--products", "10", "--shoppers", "200", "--shops", "1", "--epochs", "1"],
        "put-slot" => ["--file", Json("""{ "slot": { "id": "smoke", "name": "Smoke", "arms": ["one", "two"] } }""")],
        "choose" => ["--slot-id", "smoke"],
        "reward" => ["--choice-id", "smoke-1"],
        "remove-rule" => ["--rule-id", "smoke"],
        _ => [],
    };

    private string NextChange() => _changes.TryDequeue(out string? id) ? id : "";

    private string Json(string text)
    {
        string file = Path.Combine(scratch, $"request-{_fresh++}.json");
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs the command as a pipe sees it; it must end with 0 and print one JSON document.</summary>
    private async Task<string?> RunCommandAsync(string[] words, CancellationToken cancellationToken)
    {
        bool isJson = words is [var first, _, ..] && first[0] != '-';
        var output = new StringWriter();
        var error = new StringWriter();
        var terminal = new Terminal(output, error, watchedWidth: null, isErrorWatched: false, hasColor: false);
        string[] args = isJson ? [.. words, "--shop", at.ShopFolder, "--json"] : words;
        int exitCode = await CommandLine.RunAsync(args, terminal, at.Clock, cancellationToken);
        if (exitCode != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}: {error.ToString().ReplaceLineEndings(" ").Trim()}");
        }

        if (isJson)
        {
            using var document = JsonDocument.Parse(output.ToString());
        }

        return output.ToString().Length == 0 ? "printed nothing" : null;
    }

    /// <summary>Ids that later questions need.</summary>
    public async Task LearnAsync(Verb verb, CancellationToken cancellationToken)
    {
        if (!Invocation.IsShop(at.ShopFolder))
        {
            return;
        }

        await using Shop shop = await at.OpenShopAsync(cancellationToken);
        if (verb.RequestType == typeof(ImportRequest))
        {
            Shopper = await DemoShop.BusyShopperAsync(shop, cancellationToken) ?? "";
            Product = (await shop.Catalog.LiveAsync(cancellationToken)).Products[0].Id;
        }
        else if (verb is { Slice: "assistant", Name: "reply" } && shop.Store is IAssistantStore waiting)
        {
            // So small a model may not understand that a person is wanted: one is left here, to be listed and closed.
            _handOver = $"h-smoke-{_fresh++}";
            await waiting.PutHandOverAsync(new HandOver { Id = _handOver, At = at.Clock.GetUtcNow(), ConversationId = "smoke", Reason = "asked", Lines = [] }, cancellationToken);
        }
        else if (verb is { Slice: "pricing", Name: "train" })
        {
            _priceVersion = (await shop.Pricing.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "pricing", Name: "reprice" })
        {
            _proposals.Clear();
            foreach (PriceProposal proposal in (await shop.PriceSetter.ProposalsAsync(new ProposalsRequest(), cancellationToken)).Proposals)
            {
                _proposals.Enqueue(proposal.Id);
            }
        }
        else if (verb is { Slice: "automation", Name: "run" })
        {
            _changes.Clear();
            foreach (AutomationChange change in (await shop.Automation.ChangesAsync(new ChangesRequest { State = ChangeState.Waiting }, cancellationToken)).Changes)
            {
                _changes.Enqueue(change.Id);
            }
        }
        else if (verb is { Slice: "inventory", Name: "train" })
        {
            _stockVersion = (await shop.Inventory.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "behavior", Name: "train" })
        {
            _sessionVersion = (await shop.Sessions.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "vision", Name: "train" })
        {
            _pictureLabel = (await shop.Catalog.LiveAsync(cancellationToken)).Products.Where(product => product.Image is not null)
                .GroupBy(product => product.Category, StringComparer.Ordinal).MaxBy(same => same.Count())?.Key ?? "";
            _pictureVersion = (await shop.Vision.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "assistant", Name: "train" })
        {
            _languageVersion = (await shop.AssistantLanguage.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "assistant", Name: "train-voice" })
        {
            _voiceVersion = (await shop.AssistantVoice.VoiceStatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "search", Name: "train" })
        {
            _searchVersion = (await shop.SearchRanking.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";
        }
        else if (verb is { Slice: "recommendation", Name: "set-pipeline" })
        {
            _pipeline = (await shop.Recommendation.PipelineAsync(new(), cancellationToken)).Version;
        }
        else if (verb.RequestType == typeof(TrainRequest))
        {
            _version = (await shop.Recommendation.StatusAsync(new(), cancellationToken)).ActiveVersion ?? "";

            // What was explored now would have its rewards still to come: two places of some days ago are left here.
            await ((IExposureStore)shop.Store).KeepAsync([.. Enumerable.Range(1, 2).Select(place =>
                new Exposure("smoke", place, at.Clock.GetUtcNow().AddDays(-3), Shopper, SessionId: null, "smoke", Product, 0.5, Product))], cancellationToken);
        }
    }

    private string ConversationsFile()
    {
        string file = Path.Combine(scratch, "conversations.json");
        File.WriteAllText(file, """{ "conversations": [{ "name": "hello", "says": ["Hello"], "goal": { "kind": "basket-empty" } }] }""");
        return file;
    }

    private string NextProposal() => _proposals.TryDequeue(out string? id) ? id : "";

    private string[] SpeedFiles()
    {
        string titles = Path.Combine(scratch, "titles.tsv");
        string queries = Path.Combine(scratch, "queries.tsv");
        File.WriteAllText(titles, "1\tCast Iron Pan\n2\tPan Lid\n");
        File.WriteAllText(queries, "two\tiron pan\t1\n");
        return ["--titles", titles, "--queries", queries];
    }

    private string ProblemFile()
    {
        string file = Path.Combine(scratch, "problem.json");
        File.WriteAllText(file, """{ "products": [{ "id": "syrup", "cost": 4.1, "floor": 4.5, "ceiling": 12, "demand": [{ "kind": "linear", "intercept": 60, "slope": 5 }] }] }""");
        return file;
    }

    private string InteractionsFile()
    {
        string file = Path.Combine(scratch, "interactions.json");
        var request = new InteractionsRequest
        {
            Interactions =
            [
                new Interaction { Id = $"smoke-{_fresh++}", At = at.Clock.GetUtcNow(), Shopper = Shopper, Kind = InteractionKind.View, Product = Product },
                new Interaction { Id = $"smoke-{_fresh++}", At = at.Clock.GetUtcNow(), Shopper = _guest = $"smoke-guest-{_fresh}", Kind = InteractionKind.View, Product = Product },
            ],
        };
        File.WriteAllText(file, JsonSerializer.Serialize(request, WireJson.Options));
        return file;
    }
}
