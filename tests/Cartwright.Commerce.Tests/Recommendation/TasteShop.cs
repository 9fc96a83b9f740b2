using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Recommendation;

/// <summary>A real shop in a folder that is gone after the test: 40 products of four tastes, 200 shoppers who have one each.</summary>
public sealed class TasteShop : IAsyncLifetime
{
    private static readonly DateTimeOffset Opening = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-taste-").FullName;

    public Shop Shop { get; private set; } = null!;

    public SettableClock Clock { get; } = new(Opening.AddDays(100));

    public string ModelFolder => Path.Combine(_folder, "models", "recommendation");

    public Recommender Recommender => Shop.Recommendation;

    public async Task InitializeAsync()
    {
        Shop = await Shop.OpenAsync(_folder, Clock);
        for (int p = 0; p < 40; p++)
        {
            await Shop.Catalog.PutProductAsync(new Product
            {
                Id = Id(p),
                Title = "The " + Id(p),
                Category = p % 10 < 5 ? $"Taste {p / 10} > Fine" : $"Taste {p / 10}",
                Brand = $"Brand {p / 10}",
                Price = 10 + p,
                Stock = p % 10 == 9 ? 0 : 5,
                Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["size"] = string.Create(CultureInfo.InvariantCulture, $"{p % 7} cm"), ["color"] = ColorOf(p) },
            });
        }

        var random = new Random(11);
        var steps = new List<Interaction>();
        for (int s = 0; s < 200; s++)
        {
            int taste = s % 4 * 10;
            int[] products = [.. Enumerable.Range(0, 10)];
            random.Shuffle(products);
            for (int i = 0; i < 7; i++)
            {
                steps.Add(new Interaction
                {
                    Id = $"i{s}-{i}",
                    At = Opening.AddDays(s % 90).AddHours(i * 30),
                    Shopper = $"s{s}",
                    Kind = i % 2 == 0 ? InteractionKind.View : InteractionKind.Purchase,
                    Product = Id(taste + products[i]),
                });
            }
        }

        await AppendAsync([.. steps]);
    }

    public async Task DisposeAsync()
    {
        await Shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Closes the shop and reads it from its file again.</summary>
    public async Task ReopenAsync()
    {
        await Shop.DisposeAsync();
        Shop = await Shop.OpenAsync(_folder, Clock);
    }

    public static string Id(int product) => string.Create(CultureInfo.InvariantCulture, $"p{product:00}");

    public static string ColorOf(int product) => product % 2 == 0 ? "red" : "blue";

    /// <summary>0 to 3: which taste a product is of.</summary>
    public static int TasteOf(string productId) => int.Parse(productId.AsSpan(1), CultureInfo.InvariantCulture) / 10;

    public async Task AppendAsync(params Interaction[] interactions)
    {
        foreach (Interaction[] batch in interactions.Chunk(1000))
        {
            await Shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = batch });
        }
    }

    public Task DidAsync(string shopper, InteractionKind kind, params string[] products) => AppendAsync([.. products.Select((product, i) => new Interaction
    {
        At = Clock.GetUtcNow().AddSeconds(i),
        Shopper = shopper,
        Kind = kind,
        Product = product,
    })]);

    public async Task<string> TrainAsync(string model = "item-knn", bool activate = false)
    {
        TrainResponse trained = await Recommender.TrainAsync(new TrainRequest { Model = model, Activate = activate, Epochs = model == "sasrec" ? 3 : null });
        return trained.Version;
    }
}

public sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>The clock and what is measured with it move on together.</summary>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
