using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Rules;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Rules;

/// <summary>A shop on disk with products that sell, and a clock that is turned by hand.</summary>
internal sealed class RuleShop : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-rules-");

    private RuleShop()
    {
    }

    public const int Products = 12;

    public HandClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero));

    public string Folder => Path.Combine(_folder.FullName, "shop");

    public Shop Shop { get; private set; } = null!;

    public VerbCaller Verbs => new(Shop);

    public Automator Automation => Shop.Automation;

    public static AutomationRule Prices => new()
    {
        Id = "prices",
        Name = "Prices",
        When = new RuleTrigger { Cron = "0 * * * *" },
        Do = new RuleAction { Slice = "pricing", Verb = "reprice" },
        Approval = new RuleApproval { Kind = ApprovalKind.Never },
        Mode = RuleMode.Live,
    };

    public static async Task<RuleShop> OpenAsync()
    {
        var made = new RuleShop();
        made.Shop = await Shop.OpenAsync(made.Folder, made.Clock);
        var random = new Random(3);
        var bought = new List<Interaction>();
        for (int p = 0; p < Products; p++)
        {
            await made.Shop.Catalog.PutProductAsync(new Product { Id = $"p{p}", Title = $"Product {p}", Category = "Things", Price = 20 + p, Cost = 9 + (p / 2m), Stock = 40 });
            for (int day = 60; day > 0; day--)
            {
                bought.Add(new Interaction
                {
                    Id = $"b-{p}-{day}", At = made.Clock.Now.AddDays(-day), Shopper = $"s{random.Next(30)}", Session = $"v{p}-{day}", Kind = InteractionKind.Purchase,
                    Product = $"p{p}", Quantity = 1 + random.Next(4), Price = 20 + p,
                });
            }
        }

        await made.Shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = bought });
        return made;
    }

    public Task PutAsync(AutomationRule rule) => Automation.PutRuleAsync(new PutRuleRequest { Rule = rule }, Verbs);

    public Task<RunResponse> RunAsync(string rule = "prices", RuleMode? mode = null, string? firing = null) =>
        Automation.RunAsync(new RunRequest { RuleId = rule, Mode = mode, Firing = firing }, Verbs);

    public async Task<IReadOnlyList<AutomationChange>> ChangesAsync(ChangeState? state = null) =>
        (await Automation.ChangesAsync(new ChangesRequest { State = state, Count = 10_000 })).Changes;

    public async Task<SortedDictionary<string, string>> ValuesAsync()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int p = 0; p < Products; p++)
        {
            Product product = await Shop.Catalog.FindProductAsync($"p{p}");
            values[product.Id] = $"{product.Price:0.00} {product.Stock} {string.Join(',', product.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}";
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
