using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class NearMissTests
{
    [Theory]
    [InlineData("shoperId", "shopperId")]
    [InlineData("SHOPPERID", "shopperId")]
    [InlineData("cuont", "count")]
    [InlineData("cate", "category")]
    [InlineData("banana", null)]
    [InlineData("x", null)]
    public void Guesses_what_was_meant_only_where_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, NearMiss.Of(word, ["shopperId", "count", "category"]));

    [Theory]
    [InlineData("rad", "red", true)]
    [InlineData("ted", "tan", false)]                    // two of three letters
    [InlineData("blue", "black", false)]
    [InlineData("pink", "mink", true)]
    [InlineData("als", "ease", false)]
    [InlineData("purpel", "purple", true)]
    [InlineData("orange", "range", true)]
    [InlineData("silver", "solver", true)]
    [InlineData("yellow", "willow", true)]               // two of six
    [InlineData("yellow", "hollow", true)]
    [InlineData("yellow", "shallow", false)]              // three of six
    [InlineData("item-knn", "user-knn", false)]
    [InlineData("recent-popularty", "recent-popularity", true)]
    [InlineData("recmt-poplarty", "recent-popularity", false)]
    public void What_is_near_depends_on_how_long_the_words_are(string word, string candidate, bool isNear) =>
        Assert.Equal(isNear ? candidate : null, NearMiss.Of(word, [candidate]));
}
