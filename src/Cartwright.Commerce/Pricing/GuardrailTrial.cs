using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Pricing;

/// <summary>Random shops with random guardrails, sales and competitors, in which every price that repricing sets is checked.</summary>
internal static class GuardrailTrial
{
    private const int Days = 15;

    /// <returns>Prices that were set, and those of them that broke a guardrail.</returns>
    public static (long Proposals, long Broken) Run(int runs, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        long proposals = 0, broken = 0;
        for (int run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            (long set, long failed) = RunOne(new Random(unchecked((seed * 1_000_003) + run)));
            proposals += set;
            broken += failed;
            if (run % 500 == 499)
            {
                progress?.Report(new RunProgress("checking guardrails", run + 1, runs, "runs"));
            }
        }

        return (proposals, broken);
    }

    private static (long Proposals, long Broken) RunOne(Random random)
    {
        var guardrails = new Guardrails(0.9 * random.NextDouble(), 2 * random.NextDouble(), 0.001 + (0.5 * random.NextDouble()));
        PricedToday[] products = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Draw(random, i))];
        PriceBeliefs beliefs = PriceBeliefs.Learn([], products.ToDictionary(p => p.Id, StringComparer.Ordinal));
        var repricer = new Repricer(beliefs, guardrails, 1 + random.Next(20), random);
        long proposals = 0, broken = 0;
        for (int day = 0; day < Days; day++)
        {
            for (int i = 0; i < products.Length; i++)
            {
                PricedToday before = products[i];
                if (repricer.Price(before) is not { } price)
                {
                    continue;
                }

                proposals++;
                broken += Breaks(guardrails, before, price) ? 1 : 0;
                products[i] = before with { Price = price, Stock = random.Chance(0.2) ? null : random.Next(50), Competitors = random.Chance(0.5) ? null : (double)price * (0.5 + random.NextDouble()) };
            }

            beliefs.Observe([.. products.Select(p => new SoldDay(p.Id, (double)p.Price, p.Competitors, random.Poisson(random.Chance(0.05) ? 1000 : 4), random.Chance(0.1)))]);
        }

        return (proposals, broken);
    }

    /// <summary>The guardrails once more, from their words.</summary>
    private static bool Breaks(Guardrails guardrails, PricedToday before, decimal price) =>
        price - before.Cost < (decimal)guardrails.LeastMargin * price - 1e-9m
        || price > before.UsualPrice * (1 + (decimal)guardrails.MostAboveUsual)
        || Math.Abs(price - before.Price) > (decimal)guardrails.MostStep * before.Price
        || price != Math.Round(price, 2);

    private static PricedToday Draw(Random random, int i)
    {
        decimal usual = Math.Round((decimal)Math.Exp(8 * random.NextDouble()) / 10, 2) + 0.01m;
        return new PricedToday($"p{i}", "", Math.Round(usual * (decimal)(1.2 * random.NextDouble()), 2), Math.Round(usual * (decimal)(0.5 + random.NextDouble()), 2) + 0.01m,
            usual, random.Chance(0.3) ? null : random.Next(100), random.Chance(0.5) ? null : (double)usual * (0.5 + random.NextDouble()));
    }
}
