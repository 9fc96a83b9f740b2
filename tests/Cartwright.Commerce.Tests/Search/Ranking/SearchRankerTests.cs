using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Search;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Search;

public sealed class SearchRankerTests : IDisposable
{
    private static readonly List<Product> Products = JudgedShop.Products();
    private static readonly List<JudgedQuery> Queries = JudgedQuery.Of(JudgedShop.Judgments(Products), id => Products.FindIndex(product => product.Id == id));

    private readonly string _folder = Directory.CreateTempSubdirectory("ranker").FullName;

    [Fact]
    public void The_ranker_learns_what_words_do_not_say_and_foretells_grades()
    {
        EvaluationReport report = new RankEvaluation(new ShopInfo { Name = "judged" }, Products, new float[Products.Count], TimeProvider.System)
            .Run(new EvaluateRequest { Epochs = 3 }, [.. Queries.Where((_, i) => i % 3 > 0)], [.. Queries.Where((_, i) => i % 3 == 0)], progress: null, CancellationToken.None);

        ModelEvaluation ranker = report.Models.Single(model => model.Model == "ranker");
        Assert.Equal("test-folder", report.Protocol);
        Assert.Equal(14, report.TestCount);
        Assert.True(ranker.Metrics["ndcg@10 over bm25"].Low > 0, $"{ranker.Metrics["ndcg@10 over bm25"]}");
        Assert.True(ranker.Metrics["rmse"].Value < 0.7 * report.Models.Single(model => model.Model == "mean-grade").Metrics["rmse"].Value);
        Assert.Equal(["mean-grade", "overlap", "popularity"], report.Models.Where(model => model.Role == "baseline").Select(model => model.Model).Order());
        Assert.Equal(ranker.Metrics["ndcg@10"].Value - report.Models.Single(model => model.Model == "bm25").Metrics["ndcg@10"].Value, ranker.Metrics["ndcg@10 over bm25"].Value, 9);
    }

    [Fact]
    public void A_saved_ranker_gives_the_same_scores_and_the_same_seed_the_same_ranker()
    {
        (RankReader reader, RankList[] lists) = Read();
        SearchRanker ranker = new RankerLearning(reader, TimeProvider.System).Fit(lists, seed: 3, epochs: 1, progress: null, CancellationToken.None);
        SearchRanker again = new RankerLearning(reader, TimeProvider.System).Fit(lists, seed: 3, epochs: 1, progress: null, CancellationToken.None);
        ModelFolder.Save(Path.Combine(_folder, "v"), Card(), folder => RankerFile.Save(folder, ranker));

        SearchRanker loaded = RankerFile.Load(Path.Combine(_folder, "v"));

        int[] stems = ranker.Reading.Over(reader.Catalog);
        Assert.All(lists.Take(5), list =>
        {
            Assert.Equal(ranker.Scores(list, reader.Catalog, stems), loaded.Scores(list, reader.Catalog, loaded.Reading.Over(reader.Catalog)));
            Assert.Equal(ranker.Scores(list, reader.Catalog, stems), again.Scores(list, reader.Catalog, stems));
            Assert.Equal(ranker.Grades(list, reader.Catalog, stems), loaded.Grades(list, reader.Catalog, stems));
        });
    }

    [Fact]
    public void A_damaged_ranker_is_refused()
    {
        (RankReader reader, RankList[] lists) = Read();
        SearchRanker ranker = new RankerLearning(reader, TimeProvider.System).Fit([.. lists.Take(6)], seed: 1, epochs: 1, progress: null, CancellationToken.None);
        string at = Path.Combine(_folder, "v");
        ModelFolder.Save(at, Card(), folder => RankerFile.Save(folder, ranker));
        File.WriteAllText(Path.Combine(at, "ranker.json"), "{}");

        Assert.Throws<ModelFormatException>(() => RankerFile.Load(at));
    }

    [Fact]
    public void Every_number_of_a_pair_is_finite_for_any_words()
    {
        (RankReader reader, _) = Read();
        float[] numbers = new float[RankList.Width];

        foreach (string query in new[] { "", "for", "zzzzqqq", "labtop", "laptop laptop laptop", "红色 手机", "p17", new string('x', 500), "12 34.5 inch", "black laptop case for phone" })
        {
            RankList list = reader.Find(query, depth: 5, others: [0, 1, 2]);
            for (int row = 0; row < list.Count; row++)
            {
                list.Write(row, numbers);
                Assert.All(numbers, number => Assert.True(float.IsFinite(number)));
            }
        }
    }

    [Fact]
    public void A_misspelled_word_is_read_as_the_one_it_was_meant_to_be()
    {
        (RankReader reader, _) = Read();

        RankWord word = reader.Read("blak labtop").Query.Words[1];

        Assert.Equal("laptop", word.Read);
        Assert.True(word.IsGuess);
    }

    [Fact]
    public void Ndcg_discounts_gains_by_place_and_is_nothing_where_nothing_is_good()
    {
        var scale = new GradeScale(0, 3);
        double ideal = 7 + (1 / Math.Log2(3));

        Assert.Equal((7 + (1 / Math.Log2(4))) / ideal, scale.Ndcg([3, 0, 1], [0, 1, 3], cutoff: 3)!.Value, 9);
        Assert.Equal((1 / Math.Log2(3)) / ideal, scale.Ndcg([float.NaN, 1, 3], [0, 1, 3], cutoff: 2)!.Value, 9);
        Assert.Null(scale.Ndcg([0f, float.NaN], [0f], cutoff: 3));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (RankReader Reader, RankList[] Lists) Read()
    {
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put(Products.Select((product, i) => (i, product)));
        var reader = new RankReader(index.View, Products, new float[Products.Count], CancellationToken.None);
        return (reader, RankEvaluation.Lists([.. Queries.Take(20)], reader, progress: null, CancellationToken.None));
    }

    private static ModelCard Card() => new()
    {
        Model = "ranker", TrainedAt = DateTimeOffset.UnixEpoch, Seed = 1, Options = System.Text.Json.JsonSerializer.SerializeToElement(new SavedLesson("judgments", 1, 1, null), SavedRankerJson.Default.SavedLesson), Metrics = new Dictionary<string, double>(StringComparer.Ordinal), DataHash = "", TrainSeconds = 0, ParameterCount = 0,
    };
}
