using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Holds what an answer says against the shop's records, as they are read anew.</summary>
/// <remarks>
/// A sentence invents something where a source's value is not what its record says, where it has a digit that stands in none of its sources, or where it has a product's
/// title that does. Of a search, the words must be the shopper's; how many were found is not looked for again.
/// </remarks>
internal sealed class FactCheck(LiveShop shop, IAssistantStore store)
{
    private const int LeastTitle = 8;

    private readonly string[] _titles = [.. shop.Products.Select(product => product.Title).Where(title => title.Length >= LeastTitle && title.Contains(' ')).Distinct(StringComparer.Ordinal)];

    /// <summary>Pieces that were held against their records.</summary>
    public int CheckedCount { get; private set; }

    /// <param name="said">All that the shopper said so far.</param>
    /// <returns>What is not true of the records, in words.</returns>
    public async Task<IReadOnlyList<string>> InventedAsync(ReplyResponse answer, IReadOnlyList<string> said, CancellationToken stop)
    {
        var invented = new List<string>();
        foreach (ReplySentence sentence in answer.Sentences)
        {
            foreach (FactSource source in sentence.Sources)
            {
                CheckedCount++;
                if (!sentence.Text.Contains(source.Value, StringComparison.Ordinal) || !await IsTrueAsync(source, answer, said, stop))
                {
                    invented.Add($"“{source.Value}” is not the {source.Field} of {source.Kind} {source.Id}");
                }
            }

            string rest = sentence.Sources.OrderByDescending(source => source.Value.Length).Where(source => source.Value.Length > 0)
                .Aggregate(sentence.Text, (text, source) => text.Replace(source.Value, "", StringComparison.Ordinal));
            if (rest.Any(char.IsDigit) || _titles.Any(title => rest.Contains(title, StringComparison.OrdinalIgnoreCase)))
            {
                invented.Add($"“{sentence.Text}” says something that none of its sources does");
            }
        }

        foreach (ReplyProduct product in answer.Products)
        {
            CheckedCount++;
            if (Find(product.ProductId) is not { } record || record.Price != product.Price || record.Name != product.Title || record.IsInStock != product.InStock)
            {
                invented.Add($"product {product.ProductId} is not shown as it is");
            }
        }

        return invented;
    }

    private async Task<bool> IsTrueAsync(FactSource source, ReplyResponse answer, IReadOnlyList<string> said, CancellationToken stop) => source.Kind switch
    {
        FactSource.Product => Find(source.Id) is { } product && IsTrue(product, source),
        FactSource.Order => await store.FindOrderAsync(source.Id, stop) is { } order && IsTrue(order, source),
        FactSource.Text => (await store.ListTextsAsync(stop)).Any(text => text.Id == source.Id && text.Text.Contains(source.Value, StringComparison.Ordinal)),
        FactSource.Basket => source.Field == "total" ? source.Value == Fact.Money(answer.Basket.Lines.Sum(line => (Find(line.ProductId)?.Price ?? 0) * line.Units), shop.Snapshot.Info.Currency)
            : answer.Basket.Lines.Any(line => line.ProductId == source.Field && Fact.Count(line.Units) == source.Value),
        FactSource.Search => source.Field switch
        {
            "words" => Said.Words(source.Value).All(word => said.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase))),
            "total" => int.TryParse(source.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int count) && count <= shop.Products.Count,
            "priceFrom" or "priceTo" => said.Any(text => text.Split(' ').Any(word => Said.Amount(word) is { } amount && source.Value == Fact.Money(amount, shop.Snapshot.Info.Currency))) || said.Any(text => !text.Any(char.IsDigit)),
            _ => true,
        },
        _ => false,
    };

    private bool IsTrue(Product product, FactSource source) => source.Field switch
    {
        "title" => source.Value == product.Name,
        "price" => product.Price is { } price && source.Value == Fact.Money(price, shop.Snapshot.Info.Currency),
        "stock" => product.Stock is { } stock && source.Value == Fact.Count(stock),
        "brand" => source.Value == product.Brand,
        "description" => product.Description?.StartsWith(source.Value.TrimEnd('…'), StringComparison.Ordinal) == true,
        "attribute" => product.Attributes.Keys.Any(name => name.Replace('_', ' ') == source.Value),
        var attribute => product.Attributes.TryGetValue(attribute, out string? value) && value == source.Value,
    };

    private static bool IsTrue(Order order, FactSource source) => source.Field switch
    {
        "id" => source.Value == order.Id,
        "status" => source.Value == order.Status,
        "at" => order.At is { } at && source.Value == Fact.Day(at),
        "expectedAt" => order.ExpectedAt is { } expected && source.Value == Fact.Day(expected),
        "carrier" => source.Value == order.Carrier,
        "tracking" => source.Value == order.Tracking,
        "products" => order.Products.Contains(source.Value, StringComparer.Ordinal) || order.Products.GroupBy(id => id, StringComparer.Ordinal).Any(line => Fact.Count(line.Count()) == source.Value),
        _ => false,
    };

    private Product? Find(string id) => shop.ProductIndex(id) is var index and not Snapshot.None ? shop.Products[index] : null;
}
