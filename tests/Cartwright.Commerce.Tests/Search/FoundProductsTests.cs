using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class FoundProductsTests
{
    [Fact]
    public void Lifted_products_stand_above_the_others_which_keep_their_order()
    {
        FoundProducts found = Found([3, 2, 1]);

        found.Lift([2], [new RankShare(-0.5f, 0, 0)]);

        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).OrderByDescending(i => found.Scores[i]));
    }

    [Fact]
    public void All_keep_their_scores_where_none_is_lifted()
    {
        FoundProducts found = Found([3, 2, 1]);

        found.Lift([], []);

        Assert.Equal([3, 2, 1], found.Scores.ToArray());
    }

    private static FoundProducts Found(float[] scores)
    {
        var builder = new SegmentBuilder(new SearchLanguage("en"));
        for (int i = 0; i < scores.Length; i++)
        {
            builder.Add(i, new Product { Id = $"p{i}", Title = "Pan" });
        }

        var found = new FoundProducts();
        found.Add(builder.Build(), [.. Enumerable.Range(0, scores.Length)], scores, allows: null);
        return found;
    }
}
