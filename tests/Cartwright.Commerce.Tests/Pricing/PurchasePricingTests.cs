using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Pricing;

/// <summary>A web shop: interactions, and no sales.csv.</summary>
public sealed class PurchasePricingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("purchases-").FullName;
    private Shop _shop = null!;

    private string Source => Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;

    public async Task InitializeAsync() => _shop = await Shop.OpenAsync(Path.Combine(_folder, "shop"));

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Elasticity_is_the_same_from_a_folder_and_from_the_shop_it_was_imported_into()
    {
        WriteShop(days: 150);
        await _shop.Catalog.ImportAsync(new ImportRequest { Folder = Source });

        ProductElasticity ofFolder = (await _shop.Pricing.ElasticityAsync(new ElasticityRequest { Data = Source })).Results.Single(r => r.ProductId == "tea");
        ProductElasticity ofShop = (await _shop.Pricing.ElasticityAsync(new ElasticityRequest())).Results.Single(r => r.ProductId == "tea");

        Assert.InRange(ofFolder.Value!.Value, -2.6, -1.4);                    // sold at -2
        Assert.Equal(ofFolder, ofShop);
    }

    [Fact]
    public async Task Prices_are_proposed_from_purchases()
    {
        WriteShop(days: 150);
        await _shop.Catalog.ImportAsync(new ImportRequest { Folder = Source });

        RepriceResponse repriced = await _shop.PriceSetter.RepriceAsync(new RepriceRequest());

        Assert.All(repriced.Proposals, proposal => Assert.InRange(proposal.Inputs.Elasticity, -3, -1.2));
        Assert.Equal(2, repriced.Proposals.Count + repriced.Unchanged);
        Assert.Contains("cost", Assert.Single(repriced.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_in_which_nothing_was_sold_says_what_to_bring()
    {
        File.WriteAllText(Path.Combine(Source, "products.csv"), "id,title,price,cost\ntea,Tea,10,4\n");
        await _shop.Catalog.ImportAsync(new ImportRequest { Folder = Source });

        ValidationException elasticity = await Assert.ThrowsAsync<ValidationException>(() => _shop.Pricing.ElasticityAsync(new ElasticityRequest()));
        ValidationException reprice = await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.RepriceAsync(new RepriceRequest()));

        Assert.Contains("sales.csv", elasticity.Message, StringComparison.Ordinal);
        Assert.Contains("sales.csv", reprice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_that_is_unknown_or_never_sold_is_told_so()
    {
        WriteShop(days: 40);
        File.AppendAllText(Path.Combine(Source, "products.csv"), "new,New,5,2,1\n");

        NotFoundException unknown = await Assert.ThrowsAsync<NotFoundException>(() => _shop.Pricing.ElasticityAsync(new ElasticityRequest { Data = Source, ProductIds = ["none"] }));
        NotFoundException unsold = await Assert.ThrowsAsync<NotFoundException>(() => _shop.Pricing.ElasticityAsync(new ElasticityRequest { Data = Source, ProductIds = ["new"] }));

        Assert.Contains("no product 'none'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was sold of product 'new'", unsold.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sales_that_can_not_be_read_are_told_with_file_and_line()
    {
        File.WriteAllText(Path.Combine(Source, "sales.csv"), "date,product,units,price\n2024-01-01,tea,many,4.5\n2024-13-01,tea,1,4.5\n2024-01-02,tea,5,4.5\n");

        ImportFormatException refused = await Assert.ThrowsAsync<ImportFormatException>(() => _shop.Pricing.ElasticityAsync(new ElasticityRequest { Data = Source }));

        Assert.Equal(2, refused.Line);
        Assert.Contains("'many'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2 of 3 rows", refused.Message, StringComparison.Ordinal);
    }

    private void WriteShop(int days)
    {
        var random = new Random(4);
        var rows = new StringBuilder("at,shopper,kind,product,quantity,price\n");
        for (int day = 0; day < days; day++)
        {
            string at = new DateTime(2024, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddDays(day).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            double price = 8 + ((day / 5 * 7) % 5);
            rows.Append(CultureInfo.InvariantCulture, $"{at},v,view,tea,,{price}\n");
            foreach (string product in new[] { "tea", "cup", "pot" })
            {
                int units = (int)Math.Round((3 * Math.Pow(price / 10, -2)) + (2 * random.NextDouble()) - 1);
                for (int i = 0; i < units; i++)
                {
                    rows.Append(CultureInfo.InvariantCulture, $"{at},s{i},purchase,{product},1,{price}\n");
                }
            }
        }

        File.WriteAllText(Path.Combine(Source, "interactions.csv"), rows.ToString());
        File.WriteAllText(Path.Combine(Source, "products.csv"), "id,title,price,cost,stock\ntea,Tea,10,4,500\ncup,Cup,10,3,500\npot,Pot,10,,500\n");
    }
}
