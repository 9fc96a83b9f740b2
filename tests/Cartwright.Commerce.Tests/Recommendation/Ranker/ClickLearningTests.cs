using Cartwright.Commerce.Recommendation;
using Cartwright.Learning;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

public sealed class ClickLearningTests
{
    /// <summary>Learned once: what most of these ask about.</summary>
    private static readonly Lazy<(PushedShelf Shelf, ClickModel Model)> Knowing = new(() => Learn(new PushedShelf(3), tells: true));

    [Fact]
    public void Learns_a_planted_rule_through_the_bias_of_places_and_beats_one_that_does_not_know_them()
    {
        double knowing = Agreement(Knowing.Value), naive = Agreement(Learn(new PushedShelf(3), tells: false));

        Assert.True(knowing > 0.78, $"{knowing:F3} of pairs in the order of the planted chances, {naive:F3} without places");
        Assert.True(knowing > naive + 0.02, $"{knowing:F3} with places, {naive:F3} without");
    }

    [Fact]
    public void Tells_how_often_each_place_is_looked_at()
    {
        ClickModel learned = Knowing.Value.Model;

        Assert.Equal(1, learned.LookChance(1), 1e-3);
        Assert.Equal(1, learned.LookChance(0), 1e-3);
        for (int place = 2; place <= 6; place++)
        {
            Assert.Equal(PushedShelf.Look(place), learned.LookChance(place), 0.1);
        }
    }

    [Fact]
    public void Begins_with_the_shares_of_clicks_that_places_had_so_that_a_small_log_is_enough()
    {
        PushedShelf shelf = new(3);
        ClickRows few = shelf.Rows(800), later = shelf.Rows(1_000);

        float[] looks = few.Looks();
        ClickModel learned = new ClickLearning(TimeProvider.System).Fit(shelf.Catalog, ["none"], few, shelf.Rows(300), seed: 1, epochs: null, null, null, CancellationToken.None);

        Assert.Equal(ClickNetwork.MaxPosition + 1, looks.Length);
        Assert.All(looks, look => Assert.InRange(look, 0.02f, 0.98f));
        Assert.Equal(looks[PushedShelf.ListLength + 1], looks[ClickNetwork.MaxPosition], 1e-4f);      // nothing was shown there: as the last place that was seen
        int[] rows = [.. Enumerable.Range(0, later.Count)];
        float[] logits = learned.Logits(later, CancellationToken.None);
        foreach (IGrouping<int, int> place in rows.GroupBy(later.PositionOf).Where(place => place.Key <= 5))
        {
            double promised = place.Average(row => learned.Chance(logits[row]) * learned.LookChance(place.Key)), came = place.Average(row => later.IsClicked(row) ? 1.0 : 0);
            Assert.True(Math.Abs(promised - came) < 0.05, $"place {place.Key}: {promised:F3} promised, {came:F3} came");
        }
    }

    [Fact]
    public void Promises_the_share_of_clicks_that_comes()
    {
        ClickModel learned = Knowing.Value.Model;
        ClickRows later = Knowing.Value.Shelf.Rows(1_000);
        int[] rows = [.. Enumerable.Range(0, later.Count)];
        float[] logits = learned.Logits(later, CancellationToken.None);

        double error = Classification.CalibrationError([.. rows.Select(row => (float)(learned.Chance(logits[row]) * learned.LookChance(later.PositionOf(row))))],
            Array.ConvertAll(rows, later.IsClicked));

        Assert.True(error < 0.02, $"off by {error:F4}");
    }

    [Fact]
    public void Learns_the_same_bits_on_any_number_of_threads_and_answers_with_them_after_loading()
    {
        int before = Compute.ThreadCount;
        string folder = Directory.CreateTempSubdirectory("cartwright-ranker-").FullName;
        try
        {
            Compute.ThreadCount = 1;
            ClickModel one = Learn(new PushedShelf(5), tells: true, pages: 400, epochs: 2).Model;
            Compute.ThreadCount = 2;
            ClickModel two = Learn(new PushedShelf(5), tells: true, pages: 400, epochs: 2).Model;
            one.Save(folder);
            var loaded = ClickModel.Load(folder);

            ClickRows rows = new PushedShelf(5).All(taste: 1);
            float[] expected = one.Logits(rows, CancellationToken.None);
            Assert.Equal(expected, two.Logits(rows, CancellationToken.None));
            Assert.Equal(expected, loaded.Logits(rows, CancellationToken.None));
            Assert.Equal(one.Chance(expected[0]), loaded.Chance(expected[0]));
            Assert.Equal(one.LookChance(3), loaded.LookChance(3));
            Assert.Equal(one.Catalog.ProductIds, loaded.Catalog.ProductIds);
        }
        finally
        {
            Compute.ThreadCount = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_loss_is_that_of_the_chance_of_a_look_times_the_chance_of_a_click()
    {
        var shelf = new PushedShelf(7);
        ClickRows rows = shelf.Rows(20);
        (float[] means, float[] deviations) = rows.Moments();
        var options = new ClickNetworkOptions { ProductCount = PushedShelf.ProductCount, FeatureCount = shelf.Catalog.FeatureNames.Count, Generators = ["none"], Means = means, Deviations = deviations, Looks = rows.Looks() };
        var network = new ClickNetwork(options, new Random(2));
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        ClickBatch batch = rows.Batch(all, 0, null);
        float[] looks = network.Looks();

        float loss = network.Loss(batch).Item();

        double slow = network.Relevance(batch).ToArray().Select((logit, row) =>
        {
            double chance = looks[rows.PositionOf(row)] / (1 + Math.Exp(-logit));
            return -Math.Log(rows.IsClicked(row) ? chance : 1 - chance);
        }).Average();
        Assert.Equal(slow, loss, 1e-4);
    }

    [Fact]
    public void A_product_that_it_never_saw_is_judged_by_its_record()
    {
        (PushedShelf shelf, ClickModel learned) = Knowing.Value;
        ClickProduct New(int category) => learned.Catalog.Read(shelf.Products[category] with { Id = "new", Title = "Novelty" });
        ClickProduct[] asked = [New(2), New(4)];

        float[] logits = CandidateBatch.Logits(learned, (int[])[2, 8, 14, 20], [100, 101], p => p >= 100 ? asked[p - 100] : shelf.Read[p], _ => 0, null, new float[4]);

        Assert.Equal(0, asked[0].Number);
        Assert.True(logits[0] > logits[1] + 0.5, $"{logits[0]} in the category of the history, {logits[1]} in another");
    }

    private static (PushedShelf Shelf, ClickModel Model) Learn(PushedShelf shelf, bool tells, int pages = 4_000, int epochs = 10)
    {
        ClickRows train = shelf.Rows(pages, tells), validation = shelf.Rows(pages / 4, tells);
        return (shelf, new ClickLearning(TimeProvider.System).Fit(shelf.Catalog, ["none"], train, validation, seed: 1, epochs, timeLimit: null, progress: null, CancellationToken.None));
    }

    /// <summary>Share of pairs of products that stand in the order of their planted chances, mean over the tastes.</summary>
    private static double Agreement((PushedShelf Shelf, ClickModel Model) learned)
    {
        (int right, int all) = (0, 0);
        for (int taste = 0; taste < 6; taste++)
        {
            float[] logits = learned.Model.Logits(learned.Shelf.All(taste), CancellationToken.None);
            for (int a = 0; a < logits.Length; a++)
            {
                for (int b = 0; b < a; b++)
                {
                    right += (learned.Shelf.Chance(a, taste) > learned.Shelf.Chance(b, taste)) == (logits[a] > logits[b]) ? 1 : 0;
                    all++;
                }
            }
        }

        return (double)right / all;
    }
}
