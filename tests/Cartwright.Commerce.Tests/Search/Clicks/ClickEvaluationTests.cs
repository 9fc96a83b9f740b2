using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Search;
using ShownPage = Cartwright.Commerce.Catalog.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class ClickEvaluationTests
{
    private static readonly ShopInfo Info = new() { Name = "drawn" };

    [Fact]
    public void Later_searches_test_what_the_first_three_quarters_taught()
    {
        string[] queries = ["a", "b", "a", "b", "a", "b", "c", "a"];
        ClickLog log = ClickLog.Of(queries.Select(query => new ShownPage { Query = query, Shown = ["x"] }));

        (ClickLog first, ClickLog later) = log.CutInOrder();

        Assert.Equal(6, first.PageCount);
        Assert.Equal(log.Query[7], Assert.Single(later.Query));           // nobody had searched for c before
    }

    [Fact]
    public void Models_of_looking_expect_clicks_better_than_plain_shares()
    {
        EvaluationReport report = Run(new EvaluateClicksRequest(), DrawnClicks.InOrder(6_000, seed: 8), test: null);

        Assert.Equal("order-75", report.Protocol);
        Assert.Equal(1_500, report.TestCount);
        Assert.Equal(["gctr", "rctr", "dctr"], report.Models.Where(model => model.Role == "baseline").Select(model => model.Model));
        double best = report.Models.Where(model => model.Role == "baseline").Min(Perplexity);
        Assert.All(report.Models.Where(model => model.Model is "pbm" or "ubm" or "dbn"), model => Assert.True(Perplexity(model) < best, $"{model.Model} {Perplexity(model)} {best}"));
        ModelEvaluation dbn = report.Models.Single(model => model.Model == "dbn");
        Assert.Equal(report.Models.Max(model => model.Metrics["logLikelihood"].Value), dbn.Metrics["logLikelihood"].Value, 0.002);
        Assert.All(dbn.Metrics.Values, estimate => Assert.True(estimate.Low <= estimate.Value && estimate.Value <= estimate.High));
        Assert.Equal(dbn.Metrics["perplexity"].Value, Enumerable.Range(1, DrawnClicks.Places).Average(place => dbn.Metrics[$"perplexity@{place}"].Value), 9);
    }

    [Fact]
    public void A_test_folder_is_tested_as_a_whole_new_queries_and_longer_pages_included()
    {
        var longer = new ShownPage { Query = "never seen", Shown = [.. Enumerable.Range(0, 150).Select(i => $"n{i}")], Clicked = [1, 149] };

        EvaluationReport report = Run(new EvaluateClicksRequest { Model = "ubm" }, DrawnClicks.InOrder(400, seed: 9), [.. DrawnClicks.InOrder(50, seed: 10), longer]);

        Assert.Equal("test-folder", report.Protocol);
        Assert.Equal(51, report.TestCount);
        Assert.Equal(["gctr", "rctr", "dctr", "ubm"], report.Models.Select(model => model.Model));
        Assert.All(report.Models, model => Assert.True(double.IsFinite(Perplexity(model))));
    }

    [Fact]
    public void Too_few_searches_are_refused_with_their_number()
    {
        ValidationException refused = Assert.Throws<ValidationException>(() => Run(new EvaluateClicksRequest(), [new ShownPage { Query = "a", Shown = ["x"] }], test: null));

        Assert.Contains("1 searches", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_are_put_together_from_impressions_and_what_was_opened_from_them()
    {
        Interaction[] happened =
        [
            Did(InteractionKind.Search, null, 0), Did(InteractionKind.Impression, "x", 1), Did(InteractionKind.Impression, "y", 2), Did(InteractionKind.View, "y", 2),
            Did(InteractionKind.Impression, "z", 3), Did(InteractionKind.Cart, "z", 3), Did(InteractionKind.View, "w", 1),
            Did(InteractionKind.Impression, "y", 1), Did(InteractionKind.Impression, "x", 2),
        ];

        ShownPage[] pages = [.. SearchPages.Of(happened)];

        Assert.Equal(["x y z", "y x"], pages.Select(page => string.Join(' ', page.Shown)));
        Assert.Equal([2, 3], pages[0].Clicked);
        Assert.Empty(pages[1].Clicked);
    }

    /// <summary>On the same split PyClick 98e7e46 has, as mean log-likelihood and perplexity: pbm -0.11227, 1.12746; ubm -0.11049, 1.12729; sdbn -0.31350, 1.22541.</summary>
    [DataTheory]
    [InlineData("pbm", -0.11227, 1.12746)]
    [InlineData("ubm", -0.11049, 1.12729)]
    [InlineData("sdbn", -0.31350, 1.22541)]
    public async Task Real_clicks_are_expected_better_than_by_PyClick(string name, double logLikelihood, double perplexity)
    {
        (ShopInfo info, List<ShownPage> searches) = await SearchSource.OfFolderAsync(DataFolder.Shop("clara2-clicks"), CancellationToken.None);

        EvaluationReport report = ClickEvaluation.Run(new EvaluateClicksRequest { Model = name }, info, searches, test: null, progress: null, CancellationToken.None);

        ModelEvaluation model = report.Models.Single(model => model.Model == name);
        Assert.Equal(7_236, report.TestCount);
        Assert.True(model.Metrics["logLikelihood"].Value > logLikelihood);
        Assert.True(model.Metrics["perplexity"].Value < perplexity);
    }

    private static EvaluationReport Run(EvaluateClicksRequest request, IReadOnlyList<ShownPage> searches, IReadOnlyList<ShownPage>? test) =>
        ClickEvaluation.Run(request, Info, searches, test, progress: null, CancellationToken.None);

    private static double Perplexity(ModelEvaluation model) => model.Metrics["perplexity"].Value;

    private static Interaction Did(InteractionKind kind, string? product, int position) =>
        new() { At = DateTimeOffset.UnixEpoch, Session = "s", Kind = kind, Product = product, Query = "q", Position = position == 0 ? null : position };
}
