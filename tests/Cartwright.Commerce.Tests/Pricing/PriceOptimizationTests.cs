using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class PriceOptimizationTests
{
    [SolverTheory, InlineData(false), InlineData(true)]
    public void The_solver_earns_what_trying_every_choice_earns(bool withTotals)
    {
        var random = new Random(21);
        int infeasible = 0;
        for (int i = 0; i < 60; i++)
        {
            OptimizeRequest problem = SmallProblems.Draw(random, withTotals);
            double? best = SmallProblems.TryAll(problem);

            OptimizeResponse answer = Solve(problem);

            infeasible += best is null ? 1 : 0;
            Assert.Equal(best is null ? "infeasible" : "optimal", answer.Status);
            Assert.Equal(best ?? 0, answer.Profit ?? 0, 1e-6 * Math.Max(1, Math.Abs(best ?? 0)));
        }

        Assert.InRange(infeasible, 1, 50);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Without_the_solver_the_answer_keeps_the_rules_and_the_bound_is_true(bool withTotals)
    {
        var random = new Random(22);
        int found = 0, feasible = 0;
        double lost = 0;
        for (int i = 0; i < 60; i++)
        {
            OptimizeRequest problem = SmallProblems.Draw(random, withTotals);
            double? best = SmallProblems.TryAll(problem);

            OptimizeResponse answer = new PriceOptimization(problem, TimeProvider.System, useSolver: false).Solve(null, default);

            feasible += best is null ? 0 : 1;
            if (answer.Profit is { } profit)
            {
                Assert.NotNull(best);
                found++;
                lost += (best.Value - profit) / Math.Max(1, Math.Abs(best.Value));
                Assert.InRange(profit, double.NegativeInfinity, best.Value + 1e-6);
                Assert.True(answer.Bound >= best - (1e-6 * Math.Abs(best.Value)), $"problem {i}: the bound {answer.Bound} is below {best}");
            }
            else
            {
                Assert.True(best is null || answer.Status == "unknown", $"problem {i}: called {answer.Status}, and {best} is possible");
            }
        }

        Assert.InRange(found, 0.9 * feasible, feasible);
        Assert.InRange(lost / found, -1e-12, 0.02);
    }

    [Fact]
    public void Rules_that_conflict_are_named_and_no_others()
    {
        OptimizeRequest problem = Two() with
        {
            Rules =
            [
                new PricingRule { Kind = RuleKind.Ending, Endings = [0.99m, 0.49m], Name = "ends in 9" },
                new PricingRule { Kind = RuleKind.Bounds, Low = 5, Name = "five or more", Products = ["a"] },
                new PricingRule { Kind = RuleKind.Bounds, High = 7, Name = "b at most seven", Products = ["b"] },
                new PricingRule { Kind = RuleKind.Bounds, Low = 6, Name = "b at least six", Products = ["b"] },
                new PricingRule { Kind = RuleKind.Below, Products = ["b"], Than = "a", Least = 0.05, Name = "b below a" },
                new PricingRule { Kind = RuleKind.Bounds, High = 6, Name = "a at most six", Products = ["a"] },
            ],
        };

        OptimizeResponse answer = Solve(problem);

        Assert.Equal("infeasible", answer.Status);
        Assert.Equal(["b at least six", "b below a", "a at most six"], answer.Conflict);
    }

    [Fact]
    public void One_more_unit_is_worth_what_solving_again_says()
    {
        OptimizeRequest problem = Two() with { StockValues = 5, Products = [Two().Products![0] with { Stock = 10 }, Two().Products![1]] };
        OptimizeRequest richer = problem with { Products = [problem.Products[0] with { Stock = 11 }, problem.Products[1]] };

        OptimizeResponse answer = Solve(problem);

        StockValue value = Assert.Single(answer.StockValues);
        Assert.Equal(Solve(richer).Profit!.Value - answer.Profit!.Value, value.OneMore!.Value, 1e-9);
        Assert.True(value.OneMore > 0);
    }

    [Fact]
    public void A_price_says_which_rule_holds_it()
    {
        OptimizeResponse answer = Solve(Two() with { Rules = [new PricingRule { Kind = RuleKind.Bounds, High = 4, Name = "cheap", Products = ["a"] }] });

        Assert.Equal(["cheap"], answer.Prices[0].HeldBy);
        Assert.Empty(answer.Prices[1].HeldBy);
    }

    [Fact]
    public void A_rule_about_an_unknown_product_is_refused_with_a_guess()
    {
        OptimizeRequest problem = Two() with
        {
            Products = [Two().Products![0] with { Id = "cola-1l" }],
            Rules = [new PricingRule { Kind = RuleKind.Bounds, Low = 1, Products = ["cola-1"] }],
        };

        var refusal = Assert.Throws<ValidationException>(() => Solve(problem));

        Assert.Contains("Did you mean 'cola-1l'?", refusal.Message, StringComparison.Ordinal);
    }

    [SolverTheory, InlineData(1), InlineData(2)]
    public void Five_hundred_products_are_priced_within_a_thousandth_of_the_best(int seed)
    {
        OptimizeRequest problem = LargeProblem.Draw(seed, 500, 12);

        var watch = Stopwatch.StartNew();
        OptimizeResponse answer = Solve(problem);

        Assert.True(answer.Gap <= 0.001, $"The gap is {answer.Gap} after {watch.Elapsed}.");
        Assert.Equal(500, answer.Prices.Count);
    }

    [Fact]
    public void Without_the_solver_five_hundred_products_are_priced_and_the_gap_is_told()
    {
        OptimizeResponse answer = new PriceOptimization(LargeProblem.Draw(1, 500, 12), TimeProvider.System, useSolver: false).Solve(null, default);

        Assert.Equal("greedy", answer.Solver);
        Assert.InRange(answer.Gap!.Value, 0, 0.05);
    }

    private static OptimizeResponse Solve(OptimizeRequest problem) => new PriceOptimization(problem, TimeProvider.System).Solve(null, default);

    private static OptimizeRequest Two() => new()
    {
        Seconds = 60,
        Products =
        [
            new PricedProduct { Id = "a", Cost = 2, Prices = [2.99m, 3.99m, 4.99m, 5.99m, 6.99m], Demand = [new DemandCurve { Kind = DemandKind.Linear, Intercept = 100, Slope = 10 }] },
            new PricedProduct { Id = "b", Cost = 3, Prices = [4.99m, 5.99m, 6.49m, 6.99m, 7.99m], Demand = [new DemandCurve { Kind = DemandKind.Linear, Intercept = 90, Slope = 9 }] },
        ],
    };
}

/// <summary>Runs where the solver is installed, and says so where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SolverTheoryAttribute : TheoryAttribute
{
    public SolverTheoryAttribute()
    {
        if (!Cbc.IsInstalled)
        {
            Skip = "The solver is not installed: apt-get install coinor-libcbc3";
        }
    }
}
