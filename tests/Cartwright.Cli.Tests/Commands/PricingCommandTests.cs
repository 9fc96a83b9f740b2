using System.Text.Json;
using Cartwright.Cli.Output;
using Cartwright.Cli.Tests.House;

namespace Cartwright.Cli.Tests.Commands;

public sealed class PricingCommandTests
{
    [Fact]
    public async Task A_problem_file_needs_no_option_name_and_no_shop()
    {
        CliResult result = await Cli.RunAsync(["pricing", "optimize", Checkout.At("docs", "examples", "pricing-problem.json"), "--json"]);

        using var answer = JsonDocument.Parse(result.Output);
        Assert.Contains(answer.RootElement.GetProperty("status").GetString(), (string[])["optimal", "feasible"]);     // the second without the solver
        Assert.Equal(7, answer.RootElement.GetProperty("prices").GetArrayLength());
    }

    [Fact]
    public async Task A_field_that_does_not_exist_is_refused_with_a_guess()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("problem.json"), """{ "products": [], "penalti": 1 }""");

        CliResult result = await Cli.RunAsync(["pricing", "optimize", folder.At("problem.json")]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains("There is no field penalti. Did you mean 'penalty'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_needs_no_shop_and_is_told_in_words()
    {
        CliResult result = await Cli.RunAsync(["pricing", "simulate", "--days", "5", "--products", "20", "--shoppers", "300", "--guardrail-runs", "20"]);

        Assert.Contains("of the oracle's profit in 5 days", result.Output, StringComparison.Ordinal);
        Assert.Contains("Guardrails broken: 0 of", result.Output, StringComparison.Ordinal);
    }
}
