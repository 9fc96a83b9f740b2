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

    [Fact]
    public void A_file_that_is_missing_a_folder_or_a_table_is_told_as_what_it_is()
    {
        string csv = Path.ChangeExtension(_file, ".csv");
        File.WriteAllText(csv, "date,product\n2024-01-01,tea\n");
        ImportFormatException Refused(string path) => Assert.Throws<ImportFormatException>(() => ProblemFile.Read(new OptimizeRequest { Problem = path }));

        Assert.Contains("there is no such file", Refused(_file + ".none").Message, StringComparison.Ordinal);
        Assert.Contains("this is a folder", Refused(Path.GetTempPath()).Message, StringComparison.Ordinal);
        Assert.Contains("this is a CSV file", Refused(csv).Message, StringComparison.Ordinal);
        File.Delete(csv);
    }

    [Fact]
    public void What_the_records_refuse_names_what_was_found()
    {
        var product = new PricedProduct { Id = "a", Cost = 5, Prices = [6, 7], Demand = [new DemandCurve { Kind = DemandKind.Linear, Intercept = 10, Slope = 1 }] };
        string Refused(PricedProduct broken) => Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new OptimizeRequest { Products = [broken] })).Message;

        Assert.Contains("products[0].cost was -1; it takes 0 to 1,000,000,000", Refused(product with { Cost = -1 }), StringComparison.Ordinal);
        Assert.Contains("products[0].stock was NaN", Refused(product with { Stock = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("products[0].floor 9 is above ceiling 6", Refused(product with { Floor = 9, Ceiling = 6 }), StringComparison.Ordinal);
        Assert.Contains("products[0].prices has 6 more than once", Refused(product with { Prices = [6, 6] }), StringComparison.Ordinal);
        Assert.Contains("products[0].demand[0].units has 1 entries; it takes one for each of the 2 prices", Refused(product with { Demand = [new DemandCurve { Kind = DemandKind.Units, Units = [3] }] }), StringComparison.Ordinal);
        Assert.Contains("products[0].demand[0].intercept was 1E+308", Refused(product with { Demand = [new DemandCurve { Kind = DemandKind.Linear, Intercept = 1e308, Slope = 1 }] }), StringComparison.Ordinal);
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
