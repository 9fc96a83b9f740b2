using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Search;

public sealed class SearchIndexTests : IDisposable
{
    private static readonly string[] Vocabulary = ["red", "blue", "pan", "pans", "pot", "pots", "iron", "cast", "steel", "lid", "16 GB", "T-Shirt", "裙子", "battery", "batteries"];

    private static readonly string[] Queries = ["red pan", "cast iron", "pots", "battery", "tshirt", "16gb red", "裙子", "stel lid", "red blue iron unknown"];

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-index-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_index_that_was_changed_answers_as_one_that_is_made_anew(int seed)
    {
        var random = new Random(seed);
        var index = new SearchIndex(new SearchLanguage("en"));
        var now = new SortedDictionary<int, Product>();
        for (int step = 0; step < 400; step++)
        {
            int product = random.Next(60);
            if (random.Next(4) == 0)
            {
                index.Remove(product);
                now.Remove(product);
            }
            else
            {
                now[product] = Draw(random);
                index.Put([(product, now[product])]);
            }
        }

        var anew = new SearchIndex(new SearchLanguage("en"));
        anew.Put(now.Select(pair => (pair.Key, pair.Value)));

        Assert.True(index.View.Segments.Count < 12);
        Assert.Equal(now.Count, index.View.DocCount);
        Assert.All(Queries, query => Assert.Equal(Answer(anew.View, query), Answer(index.View, query)));
    }

    [Fact]
    public void A_view_stays_as_it_is_whatever_happens_afterwards()
    {
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put([(0, new Product { Id = "a", Title = "red pan" }), (1, new Product { Id = "b", Title = "blue pan" })]);
        IndexView before = index.View;
        string answer = Answer(before, "pan");

        index.Remove(0);
        index.Put([(1, new Product { Id = "b", Title = "pot" })]);

        Assert.Equal(answer, Answer(before, "pan"));
        Assert.Equal("", Answer(index.View, "red"));
    }

    [Fact]
    public void The_same_text_again_changes_nothing()
    {
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put([(0, new Product { Id = "a", Title = "red pan", Price = 1 })]);
        IndexView before = index.View;

        index.Put([(0, new Product { Id = "a", Title = "red pan", Price = 2 })]);

        Assert.Same(before, index.View);
    }

    [Fact]
    public void What_is_saved_is_read_again_and_answers_the_same()
    {
        (IndexView view, string path) = Saved();

        (Segment segment, string[] ids) = IndexFile.Load(path, view.Language)!.Value;

        var read = new SearchIndex(view.Language);
        read.Adopt([new LiveSegment(segment)]);
        Assert.Equal([.. Enumerable.Range(0, 40).Select(i => $"p{i}")], ids);
        Assert.All(Queries, query => Assert.Equal(Answer(view, query), Answer(read.View, query)));
        Assert.Null(IndexFile.Load(path, new SearchLanguage("de")));
        Assert.Null(IndexFile.Load(path + "x", view.Language));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_file_with_any_byte_flipped_or_cut_off_is_refused()
    {
        (IndexView view, string path) = Saved();
        byte[] whole = File.ReadAllBytes(path);
        for (int at = 0; at < whole.Length; at += 101)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<ModelFormatException>(() => IndexFile.Load(path, view.Language));
        }

        for (int length = 0; length < whole.Length; length += 997)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<ModelFormatException>(() => IndexFile.Load(path, view.Language));
        }
    }

    [Fact]
    public void A_program_that_ends_while_it_saves_leaves_the_file_before()
    {
        (IndexView view, string path) = Saved();
        byte[] before = File.ReadAllBytes(path);

        Assert.Throws<InvalidOperationException>(() => IndexFile.Save(path, view, _ => throw new InvalidOperationException("the program ends here")));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.NotNull(IndexFile.Load(path, view.Language));
    }

    private (IndexView View, string Path) Saved()
    {
        var random = new Random(5);
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put(Enumerable.Range(0, 40).Select(i => (i, Draw(random))));
        string path = Path.Combine(_folder, "index.bin");
        IndexFile.Save(path, index.View, product => $"p{product}");
        return (index.View, path);
    }

    private static Product Draw(Random random) => new()
    {
        Id = "",
        Title = Words(random, 4),
        Description = Words(random, 12),
        Brand = Words(random, 1),
        Tags = [Words(random, 1)],
    };

    private static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, random.Next(1, count + 1)).Select(_ => Vocabulary[random.Next(Vocabulary.Length)]));

    /// <summary>Every product found with its score, and what was corrected and left out.</summary>
    private static string Answer(IndexView view, string query)
    {
        FoundProducts found = new QueryReading<Bm25F>(view, view.Bm25F).Find(SearchQuery.Read(query, view.Language), corrects: true, isAsYouType: false, allows: null);
        IEnumerable<string> scored = found.Products.ToArray().Zip(found.Scores.ToArray()).OrderBy(pair => pair.First).Select(pair => $"{pair.First} {pair.Second:0.0000}");
        return string.Join("; ", scored.Concat(found.Corrected.Select(c => $"{c.Word}→{c.ReadAs}")).Concat(found.Relaxed));
    }
}
