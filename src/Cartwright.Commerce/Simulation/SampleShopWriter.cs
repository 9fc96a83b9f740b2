using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Simulation;

/// <summary>Writes the simulation as a shop folder: what grows with the days as they pass, the rest at the end.</summary>
internal sealed class SampleShopWriter : IDisposable
{
    /// <summary>Name of the sales channel whose customers nobody knows; web sales stand in the interactions.</summary>
    private const string Counter = "counter";

    private readonly string _folder;
    private readonly ShopWorld _world;
    private readonly Random _random;
    private readonly Faults? _faults;
    private readonly CsvFileWriter<Interaction> _interactions;
    private readonly CsvFileWriter<Sale> _sales;
    private readonly CsvFileWriter<CompetitorPrice> _competitors;
    private readonly CsvFileWriter<Review> _reviews;
    private readonly SampleOrders _orders;
    private readonly SessionTruth? _truth;                // none beside faults: what is recorded then is not what was done

    /// <param name="orders">Writes what was ordered into the same folder; closed with this.</param>
    /// <param name="faults">What is wrong with what is recorded; null where all is right.</param>
    public SampleShopWriter(string folder, ShopWorld world, Random random, SampleOrders orders, Faults? faults = null)
    {
        _faults = faults;
        _orders = orders;
        _folder = folder;
        _world = world;
        _random = random;
        _interactions = new(folder, new InteractionsCsv(), []);
        _sales = new(folder, new SalesCsv(), ["stock"]);
        _competitors = new(folder, new CompetitorPricesCsv(), []);
        _reviews = new(folder, new ReviewsCsv(), []);
        _truth = faults is null ? new SessionTruth(folder) : null;
    }

    public long InteractionCount => _interactions.Count;

    public long PurchaseCount { get; private set; }

    public void WriteDay(MarketDay market, IReadOnlyList<SimulatedEvent> events)
    {
        List<Interaction> interactions = [.. events.Select(happened => ToInteraction(happened))];
        foreach (Interaction interaction in _faults?.Record(market.Day, interactions, _interactions.Count) ?? interactions)
        {
            PurchaseCount += interaction.Kind == InteractionKind.Purchase ? 1 : 0;
            _interactions.Write(interaction with { Id = $"i{_interactions.Count + 1:D8}" });
        }

        _orders.WriteDay(events);
        foreach (SimulatedEvent happened in events)
        {
            if (SessionOf(happened) is { } session)
            {
                _truth?.Write(happened, session);
            }
        }

        foreach (SimulatedEvent happened in events.Where(happened => happened.Kind == InteractionKind.Rating && _random.Chance(0.4)))
        {
            WriteReview(happened);
        }

        var date = _world.Calendar.DateOf(market.Day);
        for (int p = 0; p < _world.Products.Length; p++)
        {
            SimulatedProduct product = _world.Products[p];
            if (market.Day < product.LaunchDay)
            {
                continue;
            }

            _sales.Write(new Sale
            {
                Date = date,
                Product = product.Id,
                Store = Counter,
                Units = market.SoldOverTheCounter[p],
                Price = Money(market.PriceCents[p]),
                Promoted = market.IsPromoted[p] ? 1 : 0,
                Covariates = new Dictionary<string, string>(1, StringComparer.Ordinal) { ["stock"] = Whole(market.Stock[p]) },
            });
            if (market.CompetitorCents.Length > 0)
            {
                WriteCompetitors(product.Id, market.Day, market.CompetitorCents[p]);
            }
        }
    }

    /// <summary>Writes the files that say what there is at the end: the shop, its products and shoppers, and what its queries mean.</summary>
    public void WriteCatalog(MarketDay last, bool[] askedQueries)
    {
        var info = new ShopInfo { Name = "Sample shop", Currency = "EUR", Language = "en", TimeZone = "UTC", Times = "real" };
        File.WriteAllText(Path.Combine(_folder, ShopFolder.InfoFile), ShopFolder.WriteInfo(info));
        WriteProducts(last);
        WriteShoppers();
        WriteJudgments(askedQueries);
        WriteTexts();
    }

    public void Dispose()
    {
        _interactions.Dispose();
        _sales.Dispose();
        _competitors.Dispose();
        _reviews.Dispose();
        _orders.Dispose();
        _truth?.Dispose();
    }

    private static string? SessionOf(in SimulatedEvent happened) => happened.Session == 0 ? null : $"s{happened.Session:D7}";

    private Interaction ToInteraction(in SimulatedEvent happened) => new()
    {
        At = _world.Calendar.Midnight(0).AddSeconds(happened.Second),
        Shopper = happened.Shopper < 0 ? null : _world.Shoppers[happened.Shopper].Id,
        Session = SessionOf(happened),
        Kind = happened.Kind,
        Product = happened.Product < 0 ? null : _world.Products[happened.Product].Id,
        Quantity = happened.Quantity == 0 ? null : happened.Quantity,
        Price = happened.PriceCents == 0 ? null : Money(happened.PriceCents),
        Query = happened.Query < 0 ? null : _world.Queries[happened.Query].Text,
        Position = happened.Position == 0 ? null : happened.Position,
        Value = happened.Grade == 0 ? null : happened.Grade,
    };

    private void WriteReview(in SimulatedEvent happened)
    {
        SimulatedProduct product = _world.Products[happened.Product];
        string text = _random.Pick(ShopWords.Reviews[happened.Grade - 1]);
        _reviews.Write(new Review
        {
            Id = $"r{_reviews.Count + 1:D6}",
            At = _world.Calendar.Midnight(0).AddSeconds(happened.Second),
            Shopper = _world.Shoppers[happened.Shopper].Id,
            Product = product.Id,
            Rating = happened.Grade,
            Title = text,
            Text = $"{text} The {ShopWords.Leaves[product.Leaf].Nouns[product.Noun]} is {ShopWords.Styles[product.Style]} as described.",
        });
    }

    private void WriteCompetitors(string product, int day, int[] cents)
    {
        for (int c = 0; c < cents.Length; c++)
        {
            _competitors.Write(new CompetitorPrice { At = _world.Calendar.Midnight(day), Product = product, Competitor = $"competitor-{c + 1}", Price = Money(cents[c]) });
        }
    }

    /// <summary>Draws every product; on all processors, since each picture is its product's own.</summary>
    public void WritePhotos(int seed, IProgress<RunProgress>? progress, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(_folder, ShopFolder.ImageFolder));
        var photos = new ProductPhotos(seed);
        int done = 0;
        Parallel.ForEach(_world.Products, new ParallelOptions { CancellationToken = stop }, product =>
        {
            File.WriteAllBytes(Path.Combine(_folder, PhotoOf(product)), PngWriter.Write(photos.Draw(product)));
            if (Interlocked.Increment(ref done) is var count && (count % 100 == 0 || count == _world.Products.Length))
            {
                progress?.Report(new RunProgress("drawing the products", count, _world.Products.Length, "pictures"));
            }
        });
    }

    private static string PhotoOf(SimulatedProduct product) => $"{ShopFolder.ImageFolder}/{product.Id}.png";

    private void WriteProducts(MarketDay last)
    {
        using var products = new CsvFileWriter<Product>(_folder, new ProductsCsv(), []);
        for (int p = 0; p < _world.Products.Length; p++)
        {
            SimulatedProduct product = _world.Products[p];
            LeafWords leaf = ShopWords.Leaves[product.Leaf];
            string noun = leaf.Nouns[product.Noun];
            string style = ShopWords.Styles[product.Style];
            string color = ShopWords.Colors[product.Color];
            products.Write(new Product
            {
                Id = product.Id,
                Title = product.Title,
                Description = $"A {style} {noun} in {color}, made by {ShopWords.Brands[product.Brand]}.",
                Category = leaf.Path,
                Brand = ShopWords.Brands[product.Brand],
                Price = Money(last.PriceCents[p]),
                Cost = (decimal)product.Cost,
                Stock = last.Stock[p],
                CreatedAt = _world.Calendar.Midnight(product.LaunchDay),
                Image = PhotoOf(product),
                Tags = [style, color],
                Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["type"] = noun,
                    ["style"] = style,
                    ["color"] = color,
                    ["lead_time_days"] = Whole(product.LeadTimeDays),
                },
            });
        }
    }

    private void WriteShoppers()
    {
        using var shoppers = new CsvFileWriter<Shopper>(_folder, new ShoppersCsv(), ["region", "device", "newsletter"]);
        foreach (SimulatedShopper shopper in _world.Shoppers)
        {
            shoppers.Write(new Shopper
            {
                Id = shopper.Id,
                CreatedAt = _world.Calendar.Midnight(shopper.JoinDay),
                Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["region"] = shopper.Region,
                    ["device"] = shopper.Device,
                    ["newsletter"] = shopper.Newsletter ? "yes" : "no",
                },
            });
        }
    }

    private void WriteJudgments(bool[] askedQueries)
    {
        using var judgments = new CsvFileWriter<Judgment>(_folder, new JudgmentsCsv(), []);
        foreach (SimulatedQuery query in _world.Queries.Where((_, q) => askedQueries[q]))
        {
            foreach (int p in _world.LeafProducts[query.Leaf])
            {
                judgments.Write(new Judgment { Query = query.Text, Product = _world.Products[p].Id, Grade = query.Grade(_world.Products[p]) });
            }
        }
    }

    private void WriteTexts()
    {
        using var texts = new CsvFileWriter<ShopText>(_folder, new TextsCsv(), []);
        foreach (ShopText text in SampleTexts.All)
        {
            texts.Write(text);
        }
    }

    private static decimal Money(int cents) => new(cents, 0, 0, isNegative: false, 2);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
