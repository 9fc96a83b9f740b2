using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Cli.Answers;

internal static class OptimizeAnswer
{
    private const int ShownPrices = 50;

    public static void Write(Terminal terminal, OptimizeResponse answer, string currency)
    {
        if (answer.Profit is not { } profit)
        {
            terminal.Heading(answer.Status == "infeasible" ? "No prices keep all the rules." : "No prices were found.");
            terminal.Line(answer.Note);
            foreach (string rule in answer.Conflict)
            {
                terminal.Line("  " + rule);
            }

            return;
        }

        terminal.Heading($"These prices earn {Wording.Number(profit)} {currency} ({answer.Status}, found by {answer.Solver} in {Wording.Duration(TimeSpan.FromSeconds(answer.Seconds))}).");
        bool hasSegments = answer.Prices.Any(price => price.Segment.Length > 0);
        var table = new TextTable([.. hasSegments ? ["Product", "Segment"] : (string[])["Product"], "#Now", "#Price", "#Wanted", "#Sold", "#Profit", "Held by"]);
        foreach (OptimizedPrice price in answer.Prices.Take(ShownPrices))
        {
            table.Row([.. hasSegments ? [price.ProductId, price.Segment] : (string[])[price.ProductId],
                price.CurrentPrice is { } now ? Money(now) : "–", Money(price.Price), Wording.Number(price.Demand), Wording.Number(price.Units),
                Wording.Number(price.Profit), string.Join(", ", price.HeldBy)]);
        }

        terminal.Write(table);
        if (answer.Prices.Count > ShownPrices)
        {
            terminal.Line($"… and {Wording.Plural(answer.Prices.Count - ShownPrices, "price")} more: --json has them all.");
        }

        terminal.Line(answer.Note + $" Upper bound: {Wording.Number(answer.Bound!.Value)} {currency}.");
        foreach (StockValue value in answer.StockValues)
        {
            terminal.Line(value.OneMore is { } worth
                ? $"One more unit of {value.ProductId} (there are {Wording.Number(value.Stock)}) is worth {Wording.Number(worth)} {currency}."
                : $"{value.ProductId} sells out; the time did not suffice to tell what one more unit is worth.");
        }
    }

    private static string Money(decimal price) => price.ToString("#,0.00##", CultureInfo.InvariantCulture);
}
