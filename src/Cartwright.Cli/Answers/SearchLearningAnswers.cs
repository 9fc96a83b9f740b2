using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Search;

namespace Cartwright.Cli.Answers;

/// <summary>What was learned of searches: from their clicks, and in which order results should stand.</summary>
internal static class SearchLearningAnswers
{
    public static void Write(Terminal terminal, TrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        var table = new TextTable(["On queries kept aside", "#Mean", "#95 % interval"]);
        foreach ((string name, MetricEstimate estimate) in trained.Estimates)
        {
            table.Row([name, FormattableString.Invariant($"{estimate.Value:0.0000}"), FormattableString.Invariant($"{estimate.Low:0.0000} to {estimate.High:0.0000}")]);
        }

        terminal.Write(table);
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }

    public static void Write(Terminal terminal, ReallocateResponse reordered)
    {
        var table = new TextTable(["#Place", "#Ranked", "Product", "Title", "#Value", "#From", "#To", "#Drawn", "#Propensity"]);
        foreach (ReallocatedProduct product in reordered.Results)
        {
            table.Row([Wording.Count(product.Place), Wording.Count(product.RankedPlace), product.ProductId, product.Title, Wording.Percent(product.Value),
                Wording.Percent(product.Low), Wording.Percent(product.High), Wording.Percent(product.Drawn), Wording.Percent(product.Propensity)]);
        }

        terminal.Write(table);
        terminal.Line($"Value: the chance of a click once a product is looked at, from {Wording.Plural(reordered.Searches, "search", "searches")} for these words; it was drawn between From and To, nine times in ten. Keep the propensities with the page that is shown.");
    }

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
