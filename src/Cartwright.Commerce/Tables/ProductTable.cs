using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tables;

/// <summary>A shop's products as a table: a row each.</summary>
internal static class ProductTable
{
    public const string Price = "price";

    /// <summary>The column of the words of all attributes.</summary>
    public const string AllAttributes = "all attributes";

    private const string Prefix = "attribute ";

    // An attribute that fewer products have says too little to be a column; its words still count in the column of all attributes.
    private const double LeastShare = 0.01;
    private const int MostAttributes = 200;

    public static Table Of(string name, IReadOnlyList<Product> products)
    {
        Dictionary<string, string>[] attributes = [.. products.Select(product => Flat(product.Attributes))];
        string[] common = [.. attributes.SelectMany(of => of.Keys).CountBy(key => key, StringComparer.Ordinal)
            .Where(c => c.Value >= Math.Max(20, LeastShare * products.Count)).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(MostAttributes).Select(c => c.Key)];
        Dictionary<string, string>[] rows = [.. products.Select((product, i) => Row(product, attributes[i]))];
        string[] columns = ["id", .. Kinds.Keys.Where(key => key != "id"), .. common.Select(key => Prefix + key)];
        return new Table(name,
        [
            .. columns.Select(column => new TableColumn(column, [.. rows.Select(row => row.GetValueOrDefault(column, ""))])),
            new TableColumn(Price, [.. products.Select(product => product.Price?.ToString(CultureInfo.InvariantCulture) ?? "")]),
        ]);
    }

    /// <summary>What the column of an attribute is called.</summary>
    public static string ColumnOf(string attribute) => Prefix + attribute;

    /// <summary>The cells of one product by column; its price is not among them.</summary>
    public static Dictionary<string, string> Row(Product product) => Row(product, Flat(product.Attributes));

    private static Dictionary<string, string> Row(Product product, Dictionary<string, string> attributes)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = product.Id,
            ["title"] = product.Title,
            ["description"] = product.Description ?? "",
            ["category"] = product.Category ?? "",
            ["brand"] = product.Brand ?? "",
            ["tags"] = string.Join(' ', product.Tags),
            [AllAttributes] = string.Join(' ', attributes.Select(a => $"{a.Key} {a.Value}")),
        };
        foreach ((string key, string value) in attributes)
        {
            row[Prefix + key] = value;
        }

        return row;
    }

    /// <summary>What each column of <see cref="Of"/> holds that is not found out.</summary>
    public static IReadOnlyDictionary<string, ColumnKind> Kinds { get; } = new Dictionary<string, ColumnKind>(StringComparer.Ordinal)
    {
        ["id"] = ColumnKind.Ignored,
        ["title"] = ColumnKind.Text,
        ["description"] = ColumnKind.Text,
        ["category"] = ColumnKind.Category,
        ["brand"] = ColumnKind.Category,
        ["tags"] = ColumnKind.Text,
        [AllAttributes] = ColumnKind.Text,
    };

    /// <summary>Attributes that are JSON objects themselves are taken apart.</summary>
    private static Dictionary<string, string> Flat(IReadOnlyDictionary<string, string> attributes)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in attributes)
        {
            if (!value.StartsWith('{') || !TryObject(value, out Dictionary<string, string> inner))
            {
                flat[key] = value;
                continue;
            }

            foreach ((string innerKey, string innerValue) in inner)
            {
                flat[innerKey] = innerValue;
            }
        }

        return flat;
    }

    private static bool TryObject(string text, out Dictionary<string, string> properties)
    {
        properties = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                properties[property.Name] = property.Value.ToString();
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
