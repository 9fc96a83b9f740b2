using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Pricing;

/// <summary>Something that is to be sold and has no price yet, as the price model reads it.</summary>
internal static class Listing
{
    private const double WideRatio = 3;

    public static PriceResponse Price(PriceRequest request, Product? product, ServedVersion<TableService> served)
    {
        (TableService service, string version) = served.Get();
        Dictionary<string, string> row = RowOf(request, product);
        if (!service.Encoder.Columns.Any(column => row.GetValueOrDefault(column.Name, "").Length > 0))
        {
            throw new ValidationException("Nothing is said of the listing that the model learned from. "
                + $"It reads: {string.Join(", ", service.Encoder.Columns.Take(12).Select(column => column.Name))}.");
        }

        foreach (string given in request.Attributes ?? [])
        {
            // A model of the shop's products reads an attribute that few have by its words.
            string[] parts = given.Split('=', 2);
            string[] names = [.. new[] { parts[0], ProductTable.ColumnOf(parts[0]) }.Where(name => service.Encoder.Columns.Any(column => column.Name == name))];
            if (names.Length > 0 || !service.Encoder.Columns.Any(column => column.Name == ProductTable.AllAttributes))
            {
                service.ThrowUnlessReadable(names.FirstOrDefault(parts[0]), parts[1]);
            }
        }

        TableAnswer answer = service.Answer([row], request.Explain)[0];
        double price = answer.Values[0];
        double low = Math.Min(answer.Low ?? price, price);
        double high = Math.Max(answer.High ?? price, price);
        string? whyNot = WhyNotSure(answer.Strangeness, low, high);
        return new PriceResponse(price, low, high, whyNot is null, whyNot,
            [.. answer.Reasons.Select(reason => new PriceReason(reason.Column, reason.Cell, reason.Typical, reason.Effect))], version);
    }

    private static string? WhyNotSure(double strangeness, double low, double high)
    {
        string? strange = strangeness > 1 ? "It is unlike any listing that the model learned from; compare with the market before using the price." : null;
        string? wide = low <= 0 || high / low > WideRatio
            ? string.Create(CultureInfo.InvariantCulture, $"The interval is wide: four of five such listings cost {low:#,0.00} to {high:#,0.00}. Say more of it: attributes, brand, category.")
            : null;
        return strange is null ? wide : wide is null ? strange : $"{strange} {wide}";
    }

    private static Dictionary<string, string> RowOf(PriceRequest request, Product? product)
    {
        var attributes = new Dictionary<string, string>(product?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (string given in request.Attributes ?? [])
        {
            string[] parts = given.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0)
            {
                throw new ValidationException($"'{given}' is no attribute with a value. Write name=value: carat=0.7.");
            }

            attributes[parts[0]] = parts[1];
        }

        Product listed = (product ?? new Product { Id = "listing" }) with { Attributes = attributes };
        listed = listed with
        {
            Title = request.Title ?? listed.Title,
            Description = request.Description ?? listed.Description,
            Category = request.Category ?? listed.Category,
            Brand = request.Brand ?? listed.Brand,
        };
        Dictionary<string, string> row = ProductTable.Row(listed);
        foreach ((string name, string value) in attributes)
        {
            row.TryAdd(name, value);
        }

        return row;
    }
}
