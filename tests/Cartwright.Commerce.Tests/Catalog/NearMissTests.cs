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
}
