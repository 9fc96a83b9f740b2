using Cartwright.Commerce.Search;
using ShownPage = Cartwright.Commerce.Catalog.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class ClickModelTests
{
    private static readonly BetaPrior Prior = BetaPrior.Even;

    [Theory]
    [InlineData("pbm")]
    [InlineData("ubm")]
    [InlineData("dbn")]
    public void Every_step_of_expectation_maximization_makes_the_clicks_more_likely(string name)
    {
        ClickLog log = ClickLog.Of(DrawnClicks.InOrder(600, seed: 3));

        double[] reached = [.. Enumerable.Range(1, 30).Select(iterations => Posterior(Fitted(name, iterations, log), log))];

        Assert.All(reached.Zip(reached.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1e-9, $"{pair.First} fell to {pair.Second}"));
        Assert.True(reached[^1] > reached[0] + 1);
    }

    [Fact]
    public void Pbm_finds_the_chances_that_the_clicks_were_drawn_from()
    {
        ClickLog log = ClickLog.Of(DrawnClicks.ByPosition(20_000, seed: 1));

        var model = new PositionBasedModel(iterations: 200, Prior);
        model.Fit(log, CancellationToken.None);

        // Looking and attraction are known up to a factor, so they are compared with the first place's.
        for (int place = 1; place < DrawnClicks.Places; place++)
        {
            Assert.Equal(1.0 / (place + 1), model.Examination(place) / model.Examination(0), 0.03);
        }

        AssertAttraction(log, pair => model.Attraction(pair) * model.Examination(0), 0.05);
    }

    [Fact]
    public void Ubm_finds_that_the_last_click_does_not_matter_where_it_does_not()
    {
        ClickLog log = ClickLog.Of(DrawnClicks.ByPosition(20_000, seed: 2));

        var model = new UserBrowsingModel(iterations: 200, Prior);
        model.Fit(log, CancellationToken.None);

        Assert.Equal(model.Examination(2, -1), model.Examination(2, 0), 0.05);
        Assert.Equal(1 / 3.0, model.Examination(2, 1) / model.Examination(0, -1), 0.05);
        AssertAttraction(log, pair => model.Attraction(pair) * model.Examination(0, -1), 0.05);
    }

    [Fact]
    public void Dbn_finds_how_many_go_on_and_how_many_are_satisfied()
    {
        ClickLog log = ClickLog.Of(DrawnClicks.InOrder(20_000, seed: 4));

        var model = new DynamicBayesianNetwork(iterations: 200, Prior, Prior);
        model.Fit(log, CancellationToken.None);

        Assert.Equal(0.8, model.Continuation, 0.03);
        Assert.Equal(0.5, Enumerable.Range(0, log.PairCount).Average(model.Satisfaction), 0.06);
        AssertAttraction(log, model.Attraction, 0.05);
    }

    [Fact]
    public void Sdbn_counts_what_stands_down_to_the_last_click()
    {
        ClickLog log = ClickLog.Of([Page("abc", 1, 2), Page("abc", 2), Page("bac"), Page("cab", 2)]);

        var model = new SimplifiedDynamicBayesianNetwork(new BetaPrior(0.5, 2));
        model.Fit(log, CancellationToken.None);

        // a: clicked on pages 1 and 4 of four that were looked at; b: on 1 and 2 of three, both the last; c: of two, never.
        Assert.Equal((1 + 2) / (2 + 4.0), model.Attraction(0), 9);
        Assert.Equal((1 + 2) / (2 + 3.0), model.Attraction(1), 9);
        Assert.Equal(1 / (2 + 2.0), model.Attraction(2), 9);
        Assert.Equal((1 + 1) / (2 + 2.0), model.Satisfaction(0), 9);
        Assert.Equal((1 + 2) / (2 + 2.0), model.Satisfaction(1), 9);
    }

    [Fact]
    public void Chances_of_the_dbn_are_the_sums_over_all_that_may_have_happened()
    {
        ClickLog log = ClickLog.Of(DrawnClicks.InOrder(300, seed: 5));
        var model = new DynamicBayesianNetwork(10, Prior, Prior);
        model.Fit(log, CancellationToken.None);
        double[] follow = new double[DrawnClicks.Places], foretell = new double[DrawnClicks.Places];

        for (int p = 0; p < 20; p++)
        {
            ClickPage page = log.Page(p);
            model.Follow(page, follow);
            model.Foretell(page, foretell);
            int[] pairs = page.Pairs.ToArray();
            bool[] clicked = page.IsClicked.ToArray();
            for (int place = 0; place < pairs.Length; place++)
            {
                double above = Likelihood(model, pairs, clicked.AsSpan(0, place));
                Assert.Equal(Likelihood(model, pairs, [.. clicked.AsSpan(0, place), true]) / above, follow[place], 9);
                double any = Enumerable.Range(0, 1 << place).Sum(bits =>
                    Likelihood(model, pairs, [.. Enumerable.Range(0, place).Select(i => (bits >> i & 1) == 1), true]));
                Assert.Equal(any, foretell[place], 9);
            }
        }
    }

    [Theory]
    [InlineData("pbm")]
    [InlineData("ubm")]
    [InlineData("sdbn")]
    public void Chances_before_any_click_are_those_after_each_weighed_by_what_was_clicked(string name)
    {
        ClickLog log = ClickLog.Of(DrawnClicks.InOrder(300, seed: 6));
        IClickModel model = Fitted(name, 10, log);
        ClickPage page = log.Page(0);
        double[] foretold = new double[page.Pairs.Length], follow = new double[page.Pairs.Length], summed = new double[page.Pairs.Length];
        model.Foretell(page, foretold);

        for (int bits = 0; bits < 1 << page.Pairs.Length; bits++)
        {
            bool[] clicked = [.. Enumerable.Range(0, page.Pairs.Length).Select(place => (bits >> place & 1) == 1)];
            model.Follow(new ClickPage(page.Pairs, clicked), follow);
            double chance = follow.Zip(clicked).Aggregate(1.0, (product, at) => product * (at.Second ? at.First : 1 - at.First));
            for (int place = 0; place < clicked.Length; place++)
            {
                summed[place] += clicked[place] ? chance : 0;
            }
        }

        Assert.All(summed.Zip(foretold), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    private static IClickModel Fitted(string name, int iterations, ClickLog log)
    {
        IClickModel model = name switch
        {
            "pbm" => new PositionBasedModel(iterations, Prior),
            "ubm" => new UserBrowsingModel(iterations, Prior),
            "dbn" => new DynamicBayesianNetwork(iterations, Prior, Prior),
            _ => new SimplifiedDynamicBayesianNetwork(Prior),
        };
        model.Fit(log, CancellationToken.None);
        return model;
    }

    /// <summary>The logarithm of the likelihood and of the priors: a trial that came true and one that did not for every chance.</summary>
    private static double Posterior(IClickModel model, ClickLog log)
    {
        IEnumerable<double> chances = Enumerable.Range(0, log.PairCount).Select(model.Attraction);
        chances = model switch
        {
            PositionBasedModel pbm => chances.Concat(Enumerable.Range(0, DrawnClicks.Places).Select(pbm.Examination)),
            UserBrowsingModel ubm => chances.Concat(Enumerable.Range(0, DrawnClicks.Places).SelectMany(place => Enumerable.Range(-1, place + 1).Select(last => ubm.Examination(place, last)))),
            DynamicBayesianNetwork dbn => chances.Concat(Enumerable.Range(0, log.PairCount).Select(dbn.Satisfaction)).Append(dbn.Continuation),
            _ => chances,
        };
        return ClickChance.LogLikelihood(model, log) + chances.Sum(chance => Math.Log(chance) + Math.Log(1 - chance));
    }

    /// <summary>The chance of the first clicks of a page, by walking through every way to be satisfied or to stop.</summary>
    private static double Likelihood(DynamicBayesianNetwork model, int[] pairs, ReadOnlySpan<bool> clicked, bool looks = true)
    {
        if (clicked.IsEmpty)
        {
            return 1;
        }

        if (!looks)
        {
            return clicked.Contains(true) ? 0 : 1;
        }

        double attraction = model.Attraction(pairs[0]);
        double satisfied = clicked[0] ? model.Satisfaction(pairs[0]) : 0;
        double on = Likelihood(model, pairs[1..], clicked[1..]);
        double off = Likelihood(model, pairs[1..], clicked[1..], looks: false);
        double rest = (satisfied * off) + ((1 - satisfied) * ((model.Continuation * on) + ((1 - model.Continuation) * off)));
        return (clicked[0] ? attraction : 1 - attraction) * rest;
    }

    private static void AssertAttraction(ClickLog log, Func<int, double> found, double within)
    {
        IReadOnlyList<(string Query, string Product)> names = log.NamesOfPairs();
        Assert.All(Enumerable.Range(0, log.PairCount), pair => Assert.Equal(DrawnClicks.Attraction(names[pair].Product), found(pair), within));
    }

    private static ShownPage Page(string shown, params int[] clicked) =>
        new() { Query = "q", Shown = [.. shown.Select(letter => letter.ToString())], Clicked = clicked };
}
