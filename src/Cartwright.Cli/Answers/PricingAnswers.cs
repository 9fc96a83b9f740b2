using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Cli.Answers;

internal static class PricingAnswers
{
    public static void Write(Terminal terminal, PriceResponse priced, string currency)
    {
        terminal.Heading(string.Create(CultureInfo.InvariantCulture,
            $"{priced.Price:#,0.00} {currency}; four of five such listings cost {priced.Low:#,0.00} to {priced.High:#,0.00}."));
        if (priced.WhyNotSure is { } why)
        {
            terminal.Line("Not sure: " + why);
        }

        if (priced.Reasons.Count > 0)
        {
            var table = new TextTable(["Attribute", "Here", "Compared with", "#Effect on the price"]);
            foreach (PriceReason reason in priced.Reasons)
            {
                table.Row([reason.Attribute, Short(reason.Value), Short(reason.ComparedWith), reason.Effect.ToString("+#,0.00;-#,0.00", CultureInfo.InvariantCulture)]);
            }

            terminal.Write(table);
        }

        terminal.Line($"By version {priced.Version}.");
    }

    public static void Write(Terminal terminal, ElasticityResponse answer)
    {
        var table = new TextTable(["Product", "#Elasticity", "#95 % interval", "#Alone", "#Promotion", "#Sales", "Why not"]);
        foreach (ProductElasticity product in answer.Results)
        {
            table.Row([product.ProductId, Number(product.Value), product.Value is null ? "–" : $"{Number(product.Low)} to {Number(product.High)}", Number(product.Alone),
                product.Promotion is { } factor ? "× " + Number(factor) : "–", Wording.Count(product.Rows), product.Reason ?? ""]);
        }

        terminal.Write(table);
        foreach (CategoryElasticity category in answer.Categories)
        {
            terminal.Line($"{(category.Category.Length == 0 ? "All products" : category.Category)}: {Number(category.Value)} on average over {Wording.Count(category.Products)} products, which differ by {Number(category.Spread)} around it.");
        }

        terminal.Line("-2 means: one percent dearer sells two percent less.");
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Short(string text) => text.Length == 0 ? "nothing" : text.Length <= 40 ? text : text[..39] + "…";
}
