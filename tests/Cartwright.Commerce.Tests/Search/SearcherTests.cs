using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Search;

public sealed class SearcherTests : IAsyncLifetime
{
    private readonly SearchShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("cast iron", "p1,p2")]                     // the shorter title first
    [InlineData("CAST-IRON pans", "p1")]
    [InlineData("creme brulee", "p5")]
    [InlineData("battery", "p6")]
    [InlineData("wh1000xm4", "p7")]
    [InlineData("wh-1000xm4 headphone", "p7")]
    [InlineData("16gb", "p9")]
    [InlineData("usb stick 16 gb", "p9")]
    [InlineData("连衣裙", "p8")]
    [InlineData("裙", "p8")]
    [InlineData("ferro lid", "p4,p2")]
    [InlineData("pot for the lid", "p2")]                  // joining words need not be found
    [InlineData("cordless", "p5")]                         // an attribute that says yes is found by its name
    [InlineData("steak", "p1")]
    public async Task Finds_what_has_all_of_the_words(string query, string expected)
    {
        Assert.Equal(expected.Split(','), await _shop.IdsAsync(query));
    }

    [Fact]
    public async Task Answers_in_one_line_as_the_guide_shows()
    {
        Shop shop = _shop.Shop;

        SearchResponse answer = await shop.Search.SearchAsync(new SearchRequest { Query = "cast iron pan", Facets = ["brand"] });

        Assert.Equal("p1", Assert.Single(answer.Results).ProductId);
        Assert.Equal([new FacetValue("Ferro", 1)], answer.Facets[0].Values);
    }

    [Fact]
    public async Task Words_in_quotation_marks_stand_together_where_some_product_has_them_so()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "apart", Title = "Iron that was cast, and a pan" });

        SearchResponse together = await SearchAsync(new SearchRequest { Query = "\"cast iron\" pan" });
        SearchResponse reversed = await SearchAsync(new SearchRequest { Query = "\"pan cast iron\"" });

        Assert.Equal("p1", Assert.Single(together.Results).ProductId);
        Assert.Empty(together.Relaxed);
        Assert.Equal(["\"pan cast iron\""], reversed.Relaxed);
        Assert.Equal(["apart", "p1"], reversed.Results.Select(result => result.ProductId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reads_a_word_that_no_product_has_as_one_that_was_meant_and_says_so()
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "iorn pn" });
        SearchResponse uncorrected = await SearchAsync(new SearchRequest { Query = "headphnes", Correct = false });
        SearchResponse corrected = await SearchAsync(new SearchRequest { Query = "headphnes" });

        Assert.Equal([new Correction("iorn", "iron")], answer.Corrected);
        Assert.Equal(["pn"], answer.Relaxed);              // two letters are too few to guess from
        Assert.Empty(uncorrected.Results);
        Assert.Equal("p7", Assert.Single(corrected.Results).ProductId);
        Assert.Equal([new Correction("headphnes", "headphones")], corrected.Corrected);
    }

    [Fact]
    public async Task Reads_no_more_than_one_word_that_products_have_as_another()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "sand", Title = "Sand bucket" });
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "stand", Title = "Stand for rackets" });

        SearchResponse one = await SearchAsync(new SearchRequest { Query = "stand bucket" });
        SearchResponse two = await SearchAsync(new SearchRequest { Query = "\"stand rackets\" bucket" });

        Assert.Equal([new Correction("stand", "sand")], one.Corrected);
        Assert.Contains("\"stand rackets\"", two.Relaxed);
        Assert.Equal("stand", two.Results[0].ProductId);
        Assert.Empty(two.Corrected);
    }

    [Fact]
    public async Task Leaves_out_as_few_words_as_can_be_where_nothing_has_all_and_says_which()
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "cast iron torch" });
        SearchResponse nothing = await SearchAsync(new SearchRequest { Query = "zzzzzz" });

        Assert.Equal(["torch"], answer.Relaxed);
        Assert.Equal(["p1", "p2"], answer.Results.Select(result => result.ProductId));
        Assert.Empty(nothing.Results);
        Assert.Empty(nothing.Relaxed);
    }

    [Fact]
    public async Task Leaves_out_what_it_would_have_to_guess_before_what_was_typed()
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "iron tarch" });

        Assert.Equal(["tarch"], answer.Relaxed);           // it may mean "torch", which is rarer than "iron", and no product has both
        Assert.Empty(answer.Corrected);
    }

    [Fact]
    public async Task Filters_by_what_the_product_is_now()
    {
        SearchResponse stocked = await SearchAsync(new SearchRequest { Query = "pan" });
        SearchResponse all = await SearchAsync(new SearchRequest { Query = "pan", InStock = false, Category = "Kitchen > Pans", PriceTo = 30 });
        SearchResponse black = await SearchAsync(new SearchRequest { Query = "", Attributes = ["color=black", "color=red"], Brand = "volt" });

        Assert.DoesNotContain(stocked.Results, result => result.ProductId == "p3");
        Assert.Equal(["p3", "p4"], all.Results.Select(result => result.ProductId).Order(StringComparer.Ordinal));
        Assert.Equal("p9", Assert.Single(black.Results).ProductId);
        await Assert.ThrowsAsync<NotFoundException>(() => SearchAsync(new SearchRequest { Query = "pan", Category = "Garden" }));
        await Assert.ThrowsAsync<ValidationException>(() => SearchAsync(new SearchRequest { Query = "pan", Attributes = ["black"] }));
    }

    [Fact]
    public async Task Facets_count_all_that_is_found_and_a_filter_takes_their_values()
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "pan", InStock = false, Count = 1, Facets = ["brand", "category", "price", "color"] });

        Assert.Equal(3, answer.TotalCount);
        Assert.Equal([new FacetValue("Ferro", 2), new FacetValue("Oak & Steel", 1)], answer.Facets[0].Values);
        Assert.Equal([new FacetValue("Kitchen", 3), new FacetValue("Kitchen > Pans", 3)], answer.Facets[1].Values);
        Assert.Equal(3, answer.Facets[2].Values.Sum(range => range.Count));
        Assert.All(answer.Facets[2].Values, range => Assert.True(range.PriceFrom < range.PriceTo));
        Assert.Equal([new FacetValue("silver", 1)], answer.Facets[3].Values);
        foreach (FacetValue range in answer.Facets[2].Values)
        {
            SearchResponse inside = await SearchAsync(new SearchRequest { Query = "pan", InStock = false, PriceFrom = range.PriceFrom, PriceTo = range.PriceTo });
            Assert.Equal(range.Count, inside.TotalCount);
        }
    }

    [Theory]
    [InlineData("price", "p4,p1,p2")]
    [InlineData("-price", "p2,p1,p4")]
    [InlineData("newest", "p2,p4,p1")]
    public async Task Orders_by_price_and_by_age(string sort, string expected)
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "", Brand = "Ferro", Sort = sort });

        Assert.Equal(expected.Split(','), answer.Results.Select(result => result.ProductId));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        string[] all = [.. (await SearchAsync(new SearchRequest { Query = "" })).Results.Select(result => result.ProductId)];
        var paged = new List<string>();
        for (int offset = 0; offset < all.Length; offset += 3)
        {
            paged.AddRange((await SearchAsync(new SearchRequest { Query = "", Count = 3, Offset = offset })).Results.Select(result => result.ProductId));
        }

        Assert.Equal(8, all.Length);
        Assert.Equal(all, paged);
        Assert.Empty((await SearchAsync(new SearchRequest { Query = "", Offset = 10_000 })).Results);
    }

    [Fact]
    public async Task Marks_what_was_found_and_escapes_the_rest()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "x", Title = "Pan <b>&</b> pans", Description = "One of many pans." });

        FoundProduct found = (await SearchAsync(new SearchRequest { Query = "pan many" })).Results[0];

        Assert.Equal("<mark>Pan</mark> &lt;b&gt;&amp;&lt;/b&gt; <mark>pans</mark>", found.Highlight);
        Assert.Equal("One of <mark>many</mark> <mark>pans</mark>.", found.Snippet);
    }

    [Fact]
    public async Task The_next_answer_knows_what_was_put_removed_and_repriced()
    {
        Assert.Equal(["p1", "p2"], await _shop.IdsAsync("cast iron"));

        await _shop.Shop.Catalog.PutProductAsync(SearchShop.Products[0] with { Title = "Copper Pan", Price = 99 });
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "new", Title = "Cast Iron Grill" });
        await _shop.Shop.Catalog.DeleteProductAsync("p2");

        Assert.Equal(["new"], await _shop.IdsAsync("cast iron"));
        Assert.Equal(99, (await SearchAsync(new SearchRequest { Query = "copper", PriceFrom = 90 })).Results[0].Price);
    }

    [Theory]
    [InlineData("bm25")]
    [InlineData("tf-idf")]
    public async Task Contributions_sum_to_the_score_and_a_word_less_costs_its_own(string ranking)
    {
        ExplainResponse all = await _shop.Searcher.ExplainAsync(new ExplainRequest { ProductId = "p1", Query = "cast iron pan kitchen steak xylophone", Ranking = ranking });
        ExplainResponse less = await _shop.Searcher.ExplainAsync(new ExplainRequest { ProductId = "p1", Query = "cast iron kitchen steak xylophone", Ranking = ranking });
        FoundProduct found = (await SearchAsync(new SearchRequest { Query = "cast iron pan kitchen steak", Ranking = ranking, Explain = true })).Results[0];

        Assert.Equal(all.Score, all.Contributions.Sum(contribution => contribution.Weight), 6);
        Assert.Equal(all.Score - all.Contributions.Where(contribution => contribution.Word == "pan").Sum(contribution => contribution.Weight), less.Score, 6);
        Assert.Equal(found.Score, found.Reasons!.Sum(reason => reason.Weight), 5);
        Assert.Equal(found.Score, all.Score, 5);
        Assert.Equal(["xylophone"], all.Missing);
        Assert.Equal(1, all.Rank);
        Assert.Contains(all.Contributions, contribution => contribution is { Word: "kitchen", Field: "category" });
        Assert.Contains(all.Contributions, contribution => contribution is { Word: "steak", Field: "description", Count: 1, ProductCount: 1 });
    }

    [Fact]
    public async Task A_product_without_any_of_the_words_has_no_rank()
    {
        ExplainResponse none = await _shop.Searcher.ExplainAsync(new ExplainRequest { ProductId = "p8", Query = "iron" });

        Assert.Null(none.Rank);
        Assert.Equal(0, none.Score);
        await Assert.ThrowsAsync<NotFoundException>(() => _shop.Searcher.ExplainAsync(new ExplainRequest { ProductId = "none", Query = "iron" }));
    }

    [Theory]
    [InlineData("ca", "cast:2,cancelling:1")]
    [InlineData("cast ir", "cast iron:2")]
    [InlineData("Ferro pa", "Ferro pan:2,Ferro pans:2")]
    [InlineData("cast iron ", "cast iron kitchen:2")]
    public async Task Completes_with_words_that_products_have_together(string prefix, string expected)
    {
        CompleteResponse answer = await _shop.Searcher.CompleteAsync(new CompleteRequest { Prefix = prefix });

        foreach (string one in expected.Split(','))
        {
            string[] parts = one.Split(':');
            Completion completion = Assert.Single(answer.Results, completion => completion.Text == parts[0]);
            Assert.Equal(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), completion.ProductCount);
        }

        foreach (Completion completion in answer.Results)
        {
            Assert.Equal(completion.ProductCount, (await SearchAsync(new SearchRequest { Query = completion.Text })).TotalCount);
        }
    }

    [Fact]
    public async Task A_reason_names_the_word_that_was_read_and_an_explanation_reads_as_a_search_does()
    {
        FoundProduct found = (await SearchAsync(new SearchRequest { Query = "cast iorn", Ranking = "bm25", Explain = true })).Results[0];
        ExplainResponse explained = await _shop.Searcher.ExplainAsync(new ExplainRequest { ProductId = found.ProductId, Query = "cast iorn" });

        Assert.Contains(found.Reasons!, reason => reason.Text == "\"iron\" (for \"iorn\") in the title");
        Assert.Contains(found.Reasons!, reason => reason.Text == "\"cast\" in the title");
        Assert.Equal([new Correction("iorn", "iron")], explained.Corrected);
        Assert.Equal(("iorn", "iron"), explained.Contributions.Where(one => one.ReadAs is not null).Select(one => (one.Word, one.ReadAs!)).Distinct().Single());
        Assert.Equal(found.Score, explained.Score, 4);
        Assert.Equal(1, explained.Rank);
        Assert.Empty(explained.Missing);
    }

    [Fact]
    public async Task Finds_while_somebody_types()
    {
        SearchResponse answer = await SearchAsync(new SearchRequest { Query = "noise canc", AsYouType = true });

        Assert.Equal("p7", Assert.Single(answer.Results).ProductId);
        Assert.Equal("<mark>Noise</mark> <mark>Cancelling</mark> Headphones WH-1000XM4", answer.Results[0].Highlight);
    }

    [Fact]
    public async Task Reads_never_wait_and_never_fail_while_products_change()
    {
        await _shop.IdsAsync("pan");
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                string[] ids = await _shop.IdsAsync("cast iron");
                Assert.Contains("p1", ids);
            }
        }))];

        for (int i = 0; i < 300; i++)
        {
            await _shop.Shop.Catalog.PutProductAsync(new Product { Id = $"n{i % 50}", Title = $"Thing {i} of cast" });
            if (i % 3 == 0)
            {
                await _shop.Shop.Catalog.DeleteProductAsync($"n{i % 50}");
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task The_index_is_kept_and_a_damaged_one_is_made_anew()
    {
        await _shop.IdsAsync("pan");
        await _shop.ReopenAsync();
        DateTime kept = File.GetLastWriteTimeUtc(_shop.IndexFile);
        string[] before = await _shop.IdsAsync("cast iron");
        await _shop.ReopenAsync();
        Assert.Equal(kept, File.GetLastWriteTimeUtc(_shop.IndexFile));   // nothing changed, so nothing was written

        byte[] bytes = await File.ReadAllBytesAsync(_shop.IndexFile);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(_shop.IndexFile, bytes);
        await _shop.Shop.Catalog.DeleteProductAsync("p2");

        Assert.Equal(["p1", "p2"], before);
        Assert.Equal(["p1"], await _shop.IdsAsync("cast iron"));
        await _shop.ReopenAsync();
        Assert.NotEqual(bytes, await File.ReadAllBytesAsync(_shop.IndexFile));
        Assert.Equal(["p1"], await _shop.IdsAsync("cast iron"));
    }

    private Task<SearchResponse> SearchAsync(SearchRequest request) => _shop.Searcher.SearchAsync(request);
}
