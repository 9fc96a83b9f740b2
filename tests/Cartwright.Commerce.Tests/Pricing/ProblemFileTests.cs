using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class ProblemFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Examples => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "examples"), "pricing-*.json").Select(file => Path.GetFileName(file))];

    [Theory, MemberData(nameof(Examples))]
    public void The_examples_follow_the_schema_and_are_solved(string example)
    {
        OptimizeRequest problem = ProblemFile.Read(new OptimizeRequest { Problem = Path.Combine(AppContext.BaseDirectory, "examples", example), Seconds = 60 });
        RequestValidation.Validate(problem);

        OptimizeResponse answer = new PriceOptimization(problem, TimeProvider.System).Solve(null, default);

        Assert.Contains(answer.Status, (string[])["optimal", "feasible"]);
        Assert.True(answer.Profit > 0);
    }

    [Theory]
    [InlineData("""{"products":[{"id":"a","cost":1,"demnad":[]}]}""", "There is no field products[0].demnad. Did you mean 'demand'?")]
    [InlineData("""{"products":[{"id":"a","cost":1,"demand":[{"kind":"liner"}]}]}""", "products[0].demand[0].kind was \"liner\"; it takes units, linear, elasticity, logit. Did you mean 'linear'?")]
    [InlineData("""{"products":[],"rulse":[]}""", "Did you mean 'rules'?")]
    [InlineData("""{"products":[{"id":"a","cost":"one","demand":[{"kind":"units"}]}]}""", "products[0].cost was \"one\"; it takes a number.")]
    [InlineData("""{"products":[{"id":"a","cost":-1,"demand":[{"kind":"units"}]}]}""", "products[0].cost was -1; it must be at least 0.")]
    [InlineData("""{"rules":[]}""", "The field products is missing.")]
    public void What_does_not_follow_the_schema_is_refused_with_its_place_and_a_guess(string json, string expected)
    {
        File.WriteAllText(_file, json);

        var refusal = Assert.Throws<ValidationException>(() => ProblemFile.Read(new OptimizeRequest { Problem = _file }));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_json_is_refused_with_its_line()
    {
        File.WriteAllText(_file, "{\n  \"products\": [\n");

        var refusal = Assert.Throws<ImportFormatException>(() => ProblemFile.Read(new OptimizeRequest { Problem = _file }));

        Assert.Equal(3, refusal.Line);
    }

    [Theory, InlineData("product", typeof(PricedProduct)), InlineData("demand", typeof(DemandCurve)), InlineData("rule", typeof(PricingRule))]
    public void The_schema_has_the_fields_of_the_records(string definition, Type record)
    {
        string[] inSchema = [.. ProblemFile.Schema.RootElement.GetProperty("$defs").GetProperty(definition).GetProperty("properties").EnumerateObject().Select(p => p.Name).Order()];

        Assert.Equal(record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(), inSchema);
    }

    [Fact]
    public void The_schema_has_the_kinds_of_rules_and_of_demand()
    {
        JsonElement definitions = ProblemFile.Schema.RootElement.GetProperty("$defs");

        Assert.Equal(Words<RuleKind>(), KindsOf("rule"));
        Assert.Equal(Words<DemandKind>(), KindsOf("demand"));

        string?[] KindsOf(string name) => [.. definitions.GetProperty(name).GetProperty("properties").GetProperty("kind").GetProperty("enum").EnumerateArray().Select(w => w.GetString())];

        static string[] Words<T>()
            where T : struct, Enum => [.. Enum.GetNames<T>().Skip(1).Select(JsonNamingPolicy.CamelCase.ConvertName)];
    }

    public void Dispose() => File.Delete(_file);
}
