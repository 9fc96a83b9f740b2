using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search.Ranking;

public sealed class ServedRankerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("served-ranker-").FullName;
    private readonly List<Product> _products = JudgedShop.Products();
    private readonly LiveShop _shop;
    private readonly SearchIndex _index = new(new SearchLanguage("en"));

    public ServedRankerTests()
    {
        var builder = new SnapshotBuilder();
        _products.ForEach(product => builder.AddProduct(product));
        _shop = new LiveShop(builder.Build(new ShopInfo { Name = "judged" }));
        _index.Put(_products.Select((product, i) => (i, product)));
    }

    [Fact]
    public void A_product_is_ranked_by_the_search_after_it_was_put()
    {
        ServedRanker ranker = Trained();
        Assert.NotNull(Ordered(ranker, "red laptop").ShareOf(_products.FindIndex(product => product.Title.Contains("red laptop", StringComparison.Ordinal))));

        int put = Put(new Product { Id = "new", Title = "Zorro red laptop with charger, manual and two years of service", Price = 300 });

        FoundProducts found = Ordered(ranker, "red laptop");
        Assert.NotNull(found.ShareOf(put));
        Assert.True(Place(found, put) < 10, $"place {Place(found, put)}");
        Assert.NotNull(Ordered(ranker, "zoro laptop").ShareOf(put));
    }

    [Fact]
    public void A_product_that_is_named_anew_is_read_anew()
    {
        ServedRanker ranker = Trained();
        int before = Place(Ordered(ranker, "red laptop"), 0);

        Put(_products[0] with { Title = "Acme red laptop with charger, manual and two years of service" });

        Assert.Equal("Acme black laptop with charger, manual and two years of service", _products[0].Title);
        Assert.True(Place(Ordered(ranker, "red laptop"), 0) < before);
    }

    [Fact]
    public async Task Once_a_tenth_is_new_words_get_their_meaning_from_all()
    {
        var reading = new ServedReading(_shop, _index.View);
        for (int i = 0; i < _products.Count / 5; i++)
        {
            Put(new Product { Id = $"late{i}", Title = $"Acme blue drone number {i}" });
        }

        RankReader atOnce = reading.Now(_index.View);
        await reading.Rereading!;
        RankReader later = reading.Now(_index.View);

        Assert.Equal(_shop.Products.Count, atOnce.Catalog.Products.Count);
        Assert.Equal(0, atOnce.Vectors.Cosine(atOnce.Catalog.StemOf("drone"), atOnce.Catalog.StemOf("blue")));
        Assert.NotEqual(0, later.Vectors.Cosine(later.Catalog.StemOf("drone"), later.Catalog.StemOf("blue")));
        Assert.Same(later, reading.Now(_index.View));
    }

    [Fact]
    public void What_is_read_anew_counts_words_as_a_catalog_that_was_read_whole()
    {
        var reading = new ServedReading(_shop, _index.View);
        Put(new Product { Id = "new", Title = "Velt green phone", Category = "Phones" });
        Put(_products[3] with { Title = "Plain case" });

        RankCatalog kept = reading.Now(_index.View).Catalog;

        var whole = new RankCatalog([.. _shop.Products], new SearchLanguage("en"), CancellationToken.None);
        foreach (string word in new[] { "green", "phone", "case", "acme", "velt", "plain", "charger" })
        {
            Assert.Equal(whole.CountOf(whole.StemOf(word)), kept.CountOf(kept.StemOf(word)));
            Assert.Equal(whole.TitleCountOf(whole.StemOf(word)), kept.TitleCountOf(kept.StemOf(word)));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServedRanker Trained()
    {
        var versions = new VersionFolders(_folder, "search");
        List<JudgedQuery> queries = JudgedQuery.Of(JudgedShop.Judgments(_products), id => _products.FindIndex(product => product.Id == id));
        new RankerTraining(versions, TimeProvider.System).Run(new TrainRequest { Epochs = 2, Activate = true }, _shop.Snapshot, LearnedFromAttribute.Judgments, queries, progress: null, CancellationToken.None);
        return new ServedRanker(versions);
    }

    private int Put(Product product)
    {
        _shop.PutProduct(product);
        int index = _shop.ProductIndex(product.Id);
        _index.Put([(index, product)]);
        return index;
    }

    private FoundProducts Ordered(ServedRanker ranker, string query)
    {
        IndexView view = _index.View;
        FoundProducts found = new QueryReading<Bm25F>(view, view.Bm25F).Find(SearchQuery.Read(query, view.Language), corrects: true, isAsYouType: false, allows: null);
        ranker.Find(_shop, view)!.Order(query, found);
        return found;
    }

    private static int Place(FoundProducts found, int product)
    {
        int at = found.Products.IndexOf(product);
        return at < 0 ? int.MaxValue : found.Scores.ToArray().Count(score => score > found.Scores[at]);
    }
}
