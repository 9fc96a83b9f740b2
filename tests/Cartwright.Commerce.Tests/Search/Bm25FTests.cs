using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class Bm25FTests
{
    private static readonly Bm25FOptions Options = new() { Weights = [3, 1, 1, 1, 1, 2, 1], LengthShares = [0.5f, 0, 0, 0, 0, 1, 0], Saturation = 1 };

    [Fact]
    public void Is_the_sum_that_the_formula_gives_by_hand()
    {
        // Titles of 2, 2 and 5 words: 3 in the mean. Descriptions of 4, 0 and 2 words: 2 in the mean. "red" is in two of three products.
        IndexView view = Of(("red shoes", "red and red again"), ("blue shoes", null), ("shoes that are red too", "as said"));
        float idf = MathF.Log(1 + (1.5f / 2.5f));

        FoundProducts found = new QueryReading<Bm25F>(view, new Bm25F(view, Options)).FindAny(SearchQuery.Read("red", view.Language));

        // Title: 3 / (0.5 + 0.5 · 2/3) = 3.6, and 3 / (0.5 + 0.5 · 5/3) = 2.25. Description: two times 2 / (4/2) = 2.
        Assert.Equal([0, 2], found.Products.ToArray());
        Assert.Equal(idf * 5.6f / 6.6f, found.Scores[0], 1e-5f);
        Assert.Equal(idf * 2.25f / 3.25f, found.Scores[1], 1e-5f);
    }

    [Fact]
    public void A_word_that_all_products_have_still_counts_and_a_rarer_one_counts_more()
    {
        IndexView view = Of(("red shoes", null), ("blue shoes", null), ("green shoes", null));
        var scorer = new Bm25F(view, Options);

        Assert.True(scorer.Idf(3) > 0);
        Assert.True(scorer.Idf(1) > scorer.Idf(2));
        Assert.Equal(MathF.Log(1 + (0.5f / 3.5f)), scorer.Idf(3), 1e-6f);
    }

    [Fact]
    public void The_word_as_it_was_typed_is_worth_more_than_its_other_forms()
    {
        IndexView view = Of(("watches", null), ("watch", null), ("clock", null));

        FoundProducts found = new QueryReading<Bm25F>(view, view.Bm25F).FindAny(SearchQuery.Read("watch", view.Language));

        Assert.Equal([1, 0], found.Products.ToArray().OrderByDescending(product => found.Scores[found.Products.IndexOf(product)]));
    }

    [Fact]
    public void The_cosine_is_what_the_formula_gives_by_hand()
    {
        IndexView view = Of(("red red shoes", null), ("blue shoes", null));
        var options = new Bm25FOptions { Weights = [1, 1, 1, 1, 1, 1, 1] };

        FoundProducts found = new QueryReading<TfIdfCosine>(view, new TfIdfCosine(view, options)).FindAny(SearchQuery.Read("red", view.Language));

        // The title "red red shoes" has the vector (ln 3, ln 2), and the id adds nothing: it is empty here.
        float expected = MathF.Log(3) * MathF.Log(3) / MathF.Sqrt((MathF.Log(3) * MathF.Log(3)) + (MathF.Log(2) * MathF.Log(2)));
        Assert.Equal([0], found.Products.ToArray());
        Assert.Equal(expected, found.Scores[0], 1e-5f);
    }

    internal static IndexView Of(params (string Title, string? Description)[] products)
    {
        var index = new SearchIndex(new SearchLanguage("en"));
        index.Put(products.Select((product, i) => (i, new Product { Id = "", Title = product.Title, Description = product.Description })));
        return index.View;
    }
}
