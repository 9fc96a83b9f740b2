using System.Globalization;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Automation;

/// <summary>The simulated shop with automation: a real one that is told each morning what happened, whose rules run over its real verbs.</summary>
internal sealed class TrialRules(SimulateRequest request, TrialLane lane, ITrialShop shop, TrialClock clock, int seed)
{
    private static readonly TimeSpan Morning = TimeSpan.FromHours(6);

    /// <summary>More than the changes of the days that a rule may take back.</summary>
    private const int LatestChanges = 2_000;

    private readonly List<Sale> _sales = [];
    private readonly List<Interaction> _interactions = [];
    private readonly int[] _highest = [.. lane.World.Products.Select(_ => 0)];
    private int[] _first = [];
    private IReadOnlyList<AutomationChange> _today = [];

    public int Changes { get; private set; }

    public int Broken { get; private set; }

    public int Untraced { get; private set; }

    public int Undone { get; private set; }

    public int NotUndone { get; private set; }

    public int NotRestored { get; private set; }

    /// <summary>Keeps what happened for the next import.</summary>
    public void Note(int day, IReadOnlyList<Interaction> done, int[] sold)
    {
        _interactions.AddRange(done);
        for (int p = 0; p < sold.Length; p++)
        {
            if (lane.Market.IsSold(p, day))
            {
                _sales.Add(new Sale
                {
                    Date = lane.World.Calendar.DateOf(day),
                    Product = lane.World.Products[p].Id,
                    Units = sold[p],
                    Price = lane.Market.PriceCents[p] / 100m,
                    Promoted = lane.Market.IsPromoted[p] ? 1 : 0,
                    Covariates = new Dictionary<string, string>(StringComparer.Ordinal) { ["stock"] = lane.Market.Stock[p].ToString(CultureInfo.InvariantCulture) },
                });
                _highest[p] = lane.Market.IsPromoted[p] ? _highest[p] : Math.Max(_highest[p], lane.Market.PriceCents[p]);
            }
        }
    }

    /// <summary>Fills the shop with its past, sets the default rules live, and lets them learn.</summary>
    public async Task BeginAsync(int day, CancellationToken cancellationToken)
    {
        clock.Now = lane.World.Calendar.Midnight(day);
        await ImportAsync(cancellationToken);
        _first = [.. lane.Prices];
        foreach (AutomationRule rule in DefaultRules.All)
        {
            await shop.Automation.PutRuleAsync(new PutRuleRequest { Rule = Loose(rule) }, shop.Verbs, cancellationToken);
        }

        await shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.FirstPlace with { Seed = seed } }, cancellationToken);
        foreach (string learning in new[] { DefaultRules.Forecasts, DefaultRules.Recommendations })
        {
            await shop.Automation.RunAsync(new RunRequest { RuleId = learning, Firing = "begin" }, shop.Verbs, progress: null, cancellationToken);
        }
    }

    /// <summary>Tells the shop what happened yesterday, lets the rules run that are due, and does in the market what they changed.</summary>
    public async Task OpenAsync(int day, CancellationToken cancellationToken)
    {
        int[] before = [.. lane.Prices];
        clock.Now = lane.World.Calendar.Midnight(day) + Morning;
        await ImportAsync(cancellationToken);
        foreach (RuleStatus status in (await shop.Automation.RulesAsync(new RulesRequest(), cancellationToken)).Rules)
        {
            if (await FiringAsync(status.Rule, cancellationToken) is { } firing)
            {
                RunResponse run = await shop.Automation.RunAsync(new RunRequest { RuleId = status.Rule.Id, Firing = firing }, shop.Verbs, progress: null, cancellationToken);
                Changes += run.Changes.Count(change => change.State == ChangeState.Done);
            }

            await shop.Automation.TakeBackAsync(status.Rule, shop.Verbs, cancellationToken);
        }

        // What the journal says of this morning, oldest first: changes that were made, and that were taken back.
        ChangesResponse latest = await shop.Automation.ChangesAsync(new ChangesRequest { Count = LatestChanges }, cancellationToken);
        _today = [.. latest.Changes.Where(change => change.StateAt == clock.Now && change.State is ChangeState.Done or ChangeState.Undone).OrderBy(change => change.Id, StringComparer.Ordinal)];
        await ActAsync(day, before, cancellationToken);
    }

    /// <summary>What the shop shows in its first place.</summary>
    public async Task<FirstPlace> FirstAsync(int shopper, CancellationToken cancellationToken)
    {
        ChooseResponse choice = await shop.Experiments.ChooseAsync(new ChooseRequest { SlotId = DefaultRules.FirstPlace.Id, ShopperId = lane.World.Shoppers[shopper].Id }, cancellationToken);
        int[] products = choice.Arm switch
        {
            "for-you" => await AskAsync("recommend", "shopperId", lane.World.Shoppers[shopper].Id, cancellationToken),
            "like-last" when lane.Visits.LastLooked(shopper) is { } last => await AskAsync("similar", "productId", lane.World.Products[last].Id, cancellationToken),
            _ => [],
        };
        return new FirstPlace(products.Length > 0 ? products : lane.Popular(),
            isRewarded => shop.Experiments.RewardAsync(new RewardRequest { ChoiceId = choice.ChoiceId, Value = isRewarded ? 1 : 0 }, cancellationToken));
    }

    /// <summary>Takes all back that has a way back and was not delivered, and looks whether everything is as it was before.</summary>
    public async Task UndoAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<AutomationChange> all = (await shop.Automation.ChangesAsync(new ChangesRequest { State = ChangeState.Done, Count = 10_000 }, cancellationToken)).Changes;
        HashSet<string> fresh = [.. _today.Select(change => change.Id)];
        AutomationChange[] ways = [.. all.Where(change => change.Undo is not null)];
        var undone = new List<AutomationChange>();
        AutomationChange[][] parts =
        [
            [.. ways.Where(change => change.Kind == "price")],
            [.. ways.Where(change => change.Kind == "order" && fresh.Contains(change.Id))],          // what was delivered can't be sent back from here
            .. ways.Where(change => change.Kind == "version").OrderByDescending(change => change.Id, StringComparer.Ordinal).Select(change => new[] { change }),
        ];
        foreach (AutomationChange[] part in parts)
        {
            try
            {
                undone.AddRange(part.Length == 0 ? [] : (await shop.Automation.UndoAsync(new UndoRequest { ChangeIds = [.. part.Select(change => change.Id)] }, shop.Verbs, cancellationToken)).Changes);
            }
            catch (NotFoundException)
            {
                break;   // a slice keeps its last five versions; the ones before are gone
            }
        }

        Undone = undone.Count;
        NotUndone = ways.Length - undone.Count;
        foreach (AutomationChange earliest in undone.GroupBy(change => (change.Kind, change.Subject)).Select(same => same.MinBy(change => change.Id, StringComparer.Ordinal)!))
        {
            NotRestored += await shop.Verbs.ReadAsync(earliest.Kind, earliest.Subject, cancellationToken) == earliest.Before ? 0 : 1;
        }

        for (int p = 0; p < _first.Length; p++)
        {
            NotRestored += Cents(await shop.Catalog.FindProductAsync(lane.World.Products[p].Id, cancellationToken)) == _first[p] ? 0 : 1;
        }
    }

    private async Task<string?> FiringAsync(AutomationRule rule, CancellationToken cancellationToken) =>
        rule.When.Cron is not null ? (await shop.Automation.DueAsync(rule, cancellationToken))?.Firing
        : rule.When.Drift is not null ? await shop.Drift.FiringAsync(rule, shop.Verbs, cancellationToken) : null;

    /// <summary>The rule as the trial runs it: live, without a person to ask, within the limits of the request.</summary>
    private AutomationRule Loose(AutomationRule rule)
    {
        AutomationRule live = rule with { Mode = RuleMode.Live, Approval = new RuleApproval { Kind = ApprovalKind.Never } };
        return rule.Id switch
        {
            DefaultRules.Prices => live with
            {
                Do = rule.Do with { Request = new JsonObject { ["mostStep"] = request.MostStep, ["leastMargin"] = request.LeastMargin, ["coverDays"] = 1, ["seed"] = seed } },
                Limits = rule.Limits with { MostShare = request.MostStep },
            },
            DefaultRules.Orders => live with { Limits = rule.Limits with { MostAmountPerDay = (decimal)request.MostOrderedPerDay } },
            DefaultRules.Forecasts => live with { Do = rule.Do with { Request = new JsonObject { ["epochs"] = request.Epochs, ["seed"] = seed } } },
            _ => live with { Do = rule.Do with { Request = new JsonObject { ["model"] = "item-knn", ["seed"] = seed } } },
        };
    }

    private async Task ActAsync(int day, int[] before, CancellationToken cancellationToken)
    {
        decimal ordered = 0;
        foreach (AutomationChange order in _today.Where(change => change is { Kind: "order", State: ChangeState.Done }))
        {
            int units = (int)(double.Parse(order.After!, CultureInfo.InvariantCulture) - double.Parse(order.Before!, CultureInfo.InvariantCulture));
            int p = Index(order.Subject);
            ordered += units * (decimal)lane.World.Products[p].Cost;
            lane.Order(p, units, day);
        }

        Broken += ordered > (decimal)request.MostOrderedPerDay + 0.01m * _today.Count ? 1 : 0;
        for (int p = 0; p < before.Length; p++)
        {
            SimulatedProduct known = lane.World.Products[p];
            Product product = await shop.Catalog.FindProductAsync(known.Id, cancellationToken);
            lane.Prices[p] = Cents(product);
            double onOrder = double.Parse(product.Attributes.GetValueOrDefault("on_order", "0"), CultureInfo.InvariantCulture);
            Untraced += (IsTraced(known.Id, before[p], lane.Prices[p]) ? 0 : 1) + (onOrder == lane.Market.OnOrder[p] ? 0 : 1);
            Broken += lane.Prices[p] != before[p] && Breaks(p, before[p]) ? 1 : 0;
        }
    }

    /// <summary>Whether the journal leads from one price to the other: what was made begins where the last line ended, and what was taken back ends where it began.</summary>
    private bool IsTraced(string product, int before, int now)
    {
        AutomationChange[] lines = [.. _today.Where(change => change.Kind == "price" && change.Subject == product)];
        int at = before;
        foreach (AutomationChange line in lines.Where(line => line.At == clock.Now))
        {
            if (Money(line.Before) != at)
            {
                return false;
            }

            at = line.State == ChangeState.Done ? Money(line.After) : Money(line.Before);
        }

        AutomationChange? older = lines.FirstOrDefault(line => line.At != clock.Now);
        return now == (older is null ? at : Money(older.Before));
    }

    /// <summary>The guardrails once more, from their words.</summary>
    private bool Breaks(int p, int before)
    {
        int now = lane.Prices[p];
        return Math.Abs(now - before) > (request.MostStep * before) + 1e-6
            || now / 100.0 * (1 - request.LeastMargin) < lane.World.Products[p].Cost - 1e-6
            || now > 1.5 * _highest[p] + 1e-6;
    }

    private static int Cents(Product product) => (int)Math.Round(100 * product.Price!.Value);

    private static int Money(string? text) => (int)Math.Round(100 * decimal.Parse(text!, CultureInfo.InvariantCulture));

    private int Index(string id) => Array.FindIndex(lane.World.Products, product => product.Id == id);

    private async Task<int[]> AskAsync(string verb, string field, string id, CancellationToken cancellationToken)
    {
        string answer = await shop.Verbs.DoAsync(new VerbCall("recommendation", verb, new JsonObject { [field] = id, ["count"] = TrialLane.PlaceCount }.ToJsonString()), progress: null, cancellationToken);
        return [.. JsonNode.Parse(answer)!["results"]!.AsArray().Select(result => Index((string)result!["productId"]!)).Where(p => p >= 0)];
    }

    /// <summary>The morning's import: yesterday's sales and visits, today's shelf.</summary>
    private async Task ImportAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateDirectory(Path.Combine(shop.Scratch, "import")).FullName;
        File.WriteAllText(Path.Combine(folder, ShopFolder.InfoFile), ShopFolder.WriteInfo(new ShopInfo { Name = "Trial", Currency = "EUR", TimeZone = "UTC" }));
        using (var products = new CsvFileWriter<Product>(folder, new ProductsCsv(), []))
        {
            for (int p = 0; p < lane.World.Products.Length; p++)
            {
                products.Write(Row(p));
            }
        }

        using (var sales = new CsvFileWriter<Sale>(folder, new SalesCsv(), ["stock"]))
        {
            _sales.ForEach(sales.Write);
        }

        using (var interactions = new CsvFileWriter<Interaction>(folder, new InteractionsCsv(), []))
        {
            _interactions.ForEach(interactions.Write);
        }

        _sales.Clear();
        _interactions.Clear();
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = folder }, progress: null, cancellationToken);
    }

    private Product Row(int p)
    {
        SimulatedProduct product = lane.World.Products[p];
        return new Product
        {
            Id = product.Id,
            Title = product.Title,
            Category = ShopWords.Leaves[product.Leaf].Path,
            Brand = ShopWords.Brands[product.Brand],
            Price = lane.Prices[p] / 100m,
            Cost = (decimal)product.Cost,
            Stock = lane.Market.Stock[p],
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["lead_time_days"] = product.LeadTimeDays.ToString(CultureInfo.InvariantCulture),
                ["on_order"] = lane.Market.OnOrder[p].ToString(CultureInfo.InvariantCulture),
            },
        };
    }
}

/// <summary>A clock that the trial turns.</summary>
internal sealed class TrialClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = SimulatedCalendar.Usual.Midnight(0);

    public override DateTimeOffset GetUtcNow() => Now;
}
