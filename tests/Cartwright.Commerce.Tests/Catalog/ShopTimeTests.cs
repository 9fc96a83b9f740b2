using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class ShopTimeTests
{
    [Theory]
    [InlineData("2024-03-01T12:00:00Z", "2024-03-01T12:00:00Z")]
    [InlineData("2024-03-01", "2024-03-01T00:00:00Z")]
    [InlineData("2024-03-01 12:34", "2024-03-01T12:34:00Z")]
    [InlineData("2024-03-01T12:00:00.1234567+02:00", "2024-03-01T10:00:00.123456Z")]
    [InlineData("2024-03-01T00:30:00-0130", "2024-03-01T02:00:00Z")]
    [InlineData("2024-02-29T23:59:59.5", "2024-02-29T23:59:59.5Z")]
    [InlineData(" 1709294400 ", "2024-03-01T12:00:00Z")]
    [InlineData("1396437466.94", "2014-04-02T11:17:46.94Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("-1.5", "1969-12-31T23:59:58.5Z")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999Z")]
    public void A_moment_is_read_and_written(string text, string expected)
    {
        bool isRead = ShopTime.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset at);

        Assert.True(isRead);
        Assert.Equal(expected, ShopTime.Format(at));
        Assert.Equal(at, ShopTime.FromMicroseconds(ShopTime.ToMicroseconds(at)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("03/01/2024")]
    [InlineData("2024-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("2024-03-01T25:00:00Z")]
    [InlineData("2024-03-01T12:00:00+99:00")]
    [InlineData("2024-03-01T12:00:00 CET")]
    [InlineData("2024-3-1")]
    [InlineData("99999999999999")]
    [InlineData("1.2.3")]
    [InlineData("1e9")]
    [InlineData("12.")]
    [InlineData("NaN")]
    public void Anything_else_is_refused(string text) => Assert.False(ShopTime.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
