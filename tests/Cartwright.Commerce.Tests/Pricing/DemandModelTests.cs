using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class DemandModelTests
{
    [Fact]
    public void Nineteen_of_twenty_intervals_hold_the_truth()
    {
        int inside = 0;
        int all = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Dictionary<string, double> truth = [];
            ElasticityResponse found = DemandModel.Fit(Simulated(seed, products: 12, stores: 12, weeks: 40, truth), _ => "juice", null, CancellationToken.None);
            foreach (ProductElasticity product in found.Results)
            {
                all++;
                inside += truth[product.ProductId] >= product.Low && truth[product.ProductId] <= product.High ? 1 : 0;
            }
        }

        Assert.InRange((double)inside / all, 0.93, 0.97);
    }

    /// <summary>A purchase or two a day, often none: what a web shop's interactions say.</summary>
    [Fact]
    public void Nineteen_of_twenty_intervals_hold_the_truth_where_most_days_sell_little_or_nothing()
    {
        int inside = 0;
        int all = 0;
        double bias = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Dictionary<string, double> truth = [];
            ElasticityResponse found = DemandModel.Fit(SimulatedDays(seed, products: 10, days: 240, truth), _ => "tea", null, CancellationToken.None);
            foreach (ProductElasticity product in found.Results)
            {
                all++;
                bias += product.Value!.Value - truth[product.ProductId];
                inside += truth[product.ProductId] >= product.Low && truth[product.ProductId] <= product.High ? 1 : 0;
            }
        }

        Assert.InRange((double)inside / all, 0.93, 0.97);
        Assert.InRange(bias / all, -0.1, 0.1);
    }

    /// <summary>A year with promotions, seasons, competitors and empty shelves, of which only the sales are known.</summary>
    [Fact]
    public async Task Most_intervals_hold_the_truth_of_a_sample_shop_whose_shelves_are_sometimes_empty()
    {
        string folder = Directory.CreateTempSubdirectory("elasticity-").FullName;
        try
        {
            await SampleShop.WriteAsync(new SampleRequest { Folder = Path.Combine(folder, "shop"), Scale = 0.1, Seed = 31 });
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "shop", "truth.json")));
            var truth = document.RootElement.GetProperty("products").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!, p => -p.GetProperty("elasticity").GetDouble(), StringComparer.Ordinal);

            ElasticityResponse found = DemandModel.Fit(SalesHistory.Read(Path.Combine(folder, "shop")), _ => "kitchen", null, CancellationToken.None);

            ProductElasticity[] told = [.. found.Results.Where(product => product.Value is not null)];
            Assert.InRange(told.Count(product => truth[product.ProductId] >= product.Low && truth[product.ProductId] <= product.High) / (double)told.Length, 0.88, 1);
            Assert.InRange(told.Average(product => product.Value!.Value - truth[product.ProductId]), -0.4, 0.4);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_day_without_sales_and_without_stock_is_told_from_one_without_sales()
    {
        Sale Of(int day, double units, string stock) => new()
        {
            Date = new DateOnly(2026, 1, day),
            Product = "p",
            Units = units,
            Price = 2,
            Covariates = new Dictionary<string, string>(StringComparer.Ordinal) { ["stock"] = stock },
        };

        var history = SalesHistory.Of(new ShopInfo(), [Of(1, 3, "0"), Of(2, 0, "0"), Of(3, 0, "4"), Of(4, 0, "")]);

        Assert.Equal([false, true, false, false], history.Series[0].IsSoldOut);
    }

    [Fact]
    public void Few_sales_are_drawn_toward_the_category()
    {
        Dictionary<string, double> truth = [];
        ElasticityResponse found = DemandModel.Fit(Simulated(1, products: 8, stores: 2, weeks: 30, truth), _ => "juice", null, CancellationToken.None);

        double mean = found.Categories[0].Value;
        Assert.All(found.Results, product => Assert.True(Math.Abs(product.Value!.Value - mean) <= Math.Abs(product.Alone!.Value - mean) + 1e-9));
    }

    [Fact]
    public void A_price_that_never_moved_is_refused_with_the_reason()
    {
        Sale[] sales = [.. Enumerable.Range(0, 60).Select(week => new Sale
        {
            Date = new DateOnly(2024, 1, 1).AddDays(7 * week), Product = "tea", Units = 10 + (week % 5), Price = 4.99m,
        })];

        ProductElasticity tea = Assert.Single(DemandModel.Fit(SalesHistory.Of(new ShopInfo(), sales), _ => "", null, CancellationToken.None).Results);

        Assert.Null(tea.Value);
        Assert.Contains("never moved", tea.Reason, StringComparison.Ordinal);
    }

    [DataTheory]
    [InlineData("dominicks-oj")]
    [InlineData("avocado-prices")]
    public void Dearer_sells_less_in_real_shops(string shop)
    {
        ElasticityResponse found = DemandModel.Fit(SalesHistory.Read(DataFolder.Shop(shop)), _ => "", null, CancellationToken.None);

        Assert.All(found.Results, product => Assert.True(product.High < 0, $"{product.ProductId}: {product.Value} to {product.High}"));
    }

    private static SalesHistory Simulated(int seed, int products, int stores, int weeks, Dictionary<string, double> truth)
    {
        var random = new Random(seed);
        var sales = new List<Sale>();
        for (int p = 0; p < products; p++)
        {
            double elasticity = -2.5 + (0.7 * Normal(random));
            truth[$"p{p}"] = elasticity;
            for (int s = 0; s < stores; s++)
            {
                double level = 3 + Normal(random);
                double usual = 3 + random.NextDouble();
                for (int w = 0; w < weeks; w++)
                {
                    bool isPromoted = random.NextDouble() < 0.15;
                    double price = usual * (isPromoted ? 0.8 : 1) * Math.Exp(0.08 * Normal(random));
                    double units = Math.Exp(level + (elasticity * Math.Log(price)) + (isPromoted ? 0.4 : 0) + (0.3 * Normal(random)));
                    sales.Add(new Sale
                    {
                        Date = new DateOnly(2024, 1, 1).AddDays(7 * w), Product = $"p{p}", Store = $"s{s}", Units = units, Price = (decimal)price, Promoted = isPromoted ? 1 : 0,
                    });
                }
            }
        }

        return SalesHistory.Of(new ShopInfo(), sales);
    }

    private static double Normal(Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);

    private static SalesHistory SimulatedDays(int seed, int products, int days, Dictionary<string, double> truth)
    {
        var random = new Random(seed);
        var sales = new List<Sale>();
        for (int p = 0; p < products; p++)
        {
            double elasticity = truth[$"p{p}"] = -2 + (0.4 * Normal(random));
            double level = Math.Log(0.4 + (1.6 * random.NextDouble()));
            double price = 0;
            double week = 0;
            for (int day = 0; day < days; day++)
            {
                price = day % 14 == 0 ? Math.Round(10 * Math.Exp(0.15 * Normal(random)), 2) : price;
                week = day % 7 == 0 ? 0.2 * Normal(random) : week;
                double weekday = 0.3 * Math.Sin(2 * Math.PI * (day % 7) / 7);
                double mean = Math.Exp(level + (elasticity * Math.Log(price / 10)) + weekday + week);
                sales.Add(new Sale { Date = new DateOnly(2024, 1, 1).AddDays(day), Product = $"p{p}", Units = Poisson(random, mean), Price = (decimal)price });
            }
        }

        return SalesHistory.Of(new ShopInfo(), sales);
    }

    private static int Poisson(Random random, double mean)
    {
        int count = 0;
        for (double product = random.NextDouble(); product > Math.Exp(-mean); product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
