using System.Text.Json;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class RecordJsonTests
{
    [Theory]
    [InlineData("{}", "shop", "real")]
    [InlineData("{ \"name\": \"Corner\" }", "Corner", "real")]
    [InlineData("{ \"Name\": \"Corner\", /* any case */ \"times\": \"order\", }", "Corner", "order")]
    public void Members_that_are_left_out_keep_their_defaults(string json, string name, string times)
    {
        ShopInfo info = Read(json);

        Assert.Equal(new ShopInfo { Name = name, Times = times }, info);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"name\": 7 }")]
    [InlineData("{ \"name\": \"Corner\"")]
    public void What_is_no_such_record_is_refused(string json) => Assert.Throws<JsonException>(() => Read(json));

    private static ShopInfo Read(string json) => RecordJson.Read(json, new ShopInfo(), ShopInfoJson.Default.ShopInfo);
}
