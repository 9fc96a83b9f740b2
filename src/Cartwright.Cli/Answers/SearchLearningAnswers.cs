using Cartwright.Cli.Output;
using Cartwright.Commerce.Search;

namespace Cartwright.Cli.Answers;

/// <summary>What was learned of searches: from their clicks, and in which order results should stand.</summary>
internal static class SearchLearningAnswers
{
    public static void Write(Terminal terminal, ClicksResponse told)
    {
        terminal.Heading($"{Wording.Plural(told.Searches, "search", "searches")}, {Wording.Plural(told.Clicks, "click")}. {told.Summary}");
        double highest = told.Curve.Select(place => place.Clicked).DefaultIfEmpty(0).Max();
        var curve = new TextTable(["#Place", "#Shown", "#Clicked", "", "#Looked at", "#Attraction"]);
        foreach (ClickedPlace place in told.Curve)
        {
            curve.Row([Wording.Count(place.Place), Wording.Count(place.Shown), Wording.Percent(place.Clicked),
                highest > 0 ? terminal.Bar(place.Clicked / highest) : "", Wording.Percent(place.Examined), Wording.Percent(place.Attraction)]);
        }

        terminal.Write(curve);
        if (told.Results.Count > 0)
        {
            var products = new TextTable(["Product", "#Shown", "#Clicked", "#Attraction"]);
            foreach (ClickedProduct product in told.Results)
            {
                products.Row([product.ProductId, Wording.Count(product.Shown), Wording.Percent(product.Clicked), Wording.Percent(product.Attraction)]);
            }

            terminal.Write(products);
        }

        terminal.Line($"Looked at and attraction as {told.Model} tells them; attraction is the chance of a click once a result is looked at.");
    }
}
