using System.Text.Json;
using Cartwright.Storage.Sqlite;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class TracesTests
{
    [Theory]
    [InlineData("anna", "shopper anna bought", "shopper (forgotten) bought")]
    [InlineData("anna", "hanna and anna-2 and anna_3 stay", "hanna and anna-2 and anna_3 stay")]
    [InlineData("anna", "anna", "(forgotten)")]
    [InlineData("anna", "anna, anna", "(forgotten), (forgotten)")]
    [InlineData("42", "42 rows, shopper '42' and \"42\"", "42 rows, shopper '(forgotten)' and \"(forgotten)\"")]
    [InlineData("a+bc", "a+bc", "(forgotten)")]
    public void An_id_is_found_where_it_stands_alone(string id, string text, string without)
    {
        var traces = new Traces([id]);

        Assert.Equal(without, traces.Without(text));
        Assert.Equal(text != without, traces.IsIn(text));
        Assert.False(traces.IsIn(without));
    }

    [Theory]
    [InlineData("zoë o'neil")]
    [InlineData("日本")]
    [InlineData("7")]
    [InlineData("<b>")]
    public void An_id_is_found_in_json_however_it_is_written(string id)
    {
        var traces = new Traces([id, "other"]);
        string inner = JsonSerializer.Serialize(new { Reason = $"the kind '{id}' is none", Member = id, Count = 7 });

        Assert.DoesNotContain(id, JsonSerializer.Deserialize<JsonElement>(traces.Without(inner)).GetProperty("Reason").GetString()!, StringComparison.Ordinal);
        Assert.Equal("(forgotten)", JsonSerializer.Deserialize<JsonElement>(traces.Without(inner)).GetProperty("Member").GetString());
        Assert.Equal(7, JsonSerializer.Deserialize<JsonElement>(traces.Without(inner)).GetProperty("Count").GetInt32());
    }
}
