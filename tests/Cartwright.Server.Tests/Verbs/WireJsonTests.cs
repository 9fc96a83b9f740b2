using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Tests.Verbs;

public sealed class WireJsonTests
{
    [Fact]
    public void What_a_request_leaves_out_keeps_its_default()
    {
        foreach (Verb verb in VerbTable.All.Where(v => v.HasHttpDoor && !v.RequestType.GetProperties().Any(p => p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: true))))
        {
            object fromNothing = JsonSerializer.Deserialize("{}", verb.RequestType, WireJson.HttpOptions)!;

            string expected = JsonSerializer.Serialize(Activator.CreateInstance(verb.RequestType)!, verb.RequestType, WireJson.Options);
            Assert.Equal(expected, JsonSerializer.Serialize(fromNothing, verb.RequestType, WireJson.Options));
        }
    }

    [Fact]
    public void Money_is_a_decimal_string_and_read_from_numbers_too()
    {
        RankedProduct product = new("p", "Pan", 12.50m, 1) { Currency = "EUR" };

        string json = JsonSerializer.Serialize(product, WireJson.HttpOptions);

        Assert.Contains("\"price\":\"12.50\"", json, StringComparison.Ordinal);
        Assert.Contains("\"currency\":\"EUR\"", json, StringComparison.Ordinal);
        Assert.Equal(12.5m, JsonSerializer.Deserialize<Product>("""{"id":"p","price":12.5}""", WireJson.Options)!.Price);
        Assert.Equal(12.50m, JsonSerializer.Deserialize<Product>("""{"id":"p","price":"12.50"}""", WireJson.Options)!.Price);
    }

    [Fact]
    public void Kinds_are_words()
    {
        Assert.Contains("\"kind\":\"purchase\"", JsonSerializer.Serialize(new Interaction { Kind = InteractionKind.Purchase }, WireJson.Options), StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Interaction>("""{"kind":6}""", WireJson.Options));
    }

    [Fact]
    public void Paths_exist_on_the_command_line_and_not_over_http()
    {
        const string json = """{"data":"/shop"}""";

        Assert.Equal("/shop", JsonSerializer.Deserialize<EvaluateRequest>(json, WireJson.Options)!.Data);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<EvaluateRequest>(json, WireJson.HttpOptions));
    }
}
