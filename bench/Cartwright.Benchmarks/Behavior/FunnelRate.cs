using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Benchmarks.Behavior;

/// <summary>How fast a funnel of five steps and the retention of cohorts are counted over a snapshot in memory.</summary>
/// <remarks>Argument: interactions (default 10,000,000), of which a shopper has 50 and a session 12.</remarks>
internal static class FunnelRate
{
    private const int OfShopper = 50;
    private const int OfSession = 12;
    private const int Products = 20_000;
    private const int Repetitions = 7;

    public static int Run(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000_000;
        Snapshot shop = Make(count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{shop.Interactions.Count:#,0} interactions, {shop.Shoppers.Count:#,0} shoppers, {shop.Sessions.Count:#,0} sessions, {Environment.ProcessorCount} cores"));
        InteractionKind[] steps = [InteractionKind.Impression, InteractionKind.View, InteractionKind.Cart, InteractionKind.Purchase, InteractionKind.Rating];
        FunnelResponse funnel = null!;
        foreach (string by in new[] { "session", "shopper" })
        {
            Measure($"funnel of 5 steps by {by}", count, () => funnel = Funnels.Of(shop, new FunnelRequest { Steps = steps, By = by }, CancellationToken.None));
            Console.WriteLine("  " + string.Join(", ", funnel.Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.Kind} {step.Count:#,0} ({step.MedianMinutes:0.0} min)"))));
        }

        Measure("funnel of 5 steps by session within 1 h", count, () => funnel = Funnels.Of(shop, new FunnelRequest { Steps = steps, Hours = 1 }, CancellationToken.None));
        RetentionResponse retention = null!;
        Measure("retention by week", count, () => retention = Cohorts.Of(shop, new RetentionRequest { Period = "week", Kind = InteractionKind.View }, CancellationToken.None));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {retention.Cohorts.Count} cohorts, {retention.Mean[0]:P1} come back in the week after"));
        return 0;
    }

    private static void Measure(string name, int count, Action work)
    {
        work();
        double[] seconds = new double[Repetitions];
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / Repetitions;

        Array.Sort(seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {seconds[Repetitions / 2]:0.000} s, {count / seconds[Repetitions / 2]:#,0} interactions/s (fastest {seconds[0]:0.000} s, slowest {seconds[^1]:0.000} s, {processor:0.000} s of processor time)"));
    }

    /// <summary>A year of visits by seed. One in twenty sessions is of nobody known.</summary>
    private static Snapshot Make(int count)
    {
        var random = new Random(1);
        int shoppers = Math.Max(1, count / OfShopper);
        var builder = new SnapshotBuilder();
        for (int p = 0; p < Products; p++)
        {
            builder.AddProduct(new Product { Id = $"p{p}" });
        }

        for (int s = 0; s < shoppers; s++)
        {
            builder.AddShopper(new Shopper { Id = $"u{s}" });
        }

        InteractionKind[] kinds = [InteractionKind.Impression, InteractionKind.Impression, InteractionKind.Impression, InteractionKind.View, InteractionKind.View,
            InteractionKind.Click, InteractionKind.Search, InteractionKind.Cart, InteractionKind.Purchase, InteractionKind.Rating];
        const long Second = 1_000_000;
        long at = 1_700_000_000 * Second;
        long step = 365L * 86_400 * Second / count;
        for (int i = 0; i < count; i += OfSession)
        {
            int shopper = random.Next(20) == 0 ? Snapshot.None : random.Next(shoppers);
            int session = builder.MentionSession($"s{i / OfSession}");
            long now = at + (i * step);
            for (int j = 0; j < Math.Min(OfSession, count - i); j++)
            {
                builder.Add(shopper, session, random.Next(Products), kinds[random.Next(kinds.Length)], now, 1, 9.5f, float.NaN, position: 0);
                now += random.Next(5, 200) * Second;
            }
        }

        return builder.Build(new ShopInfo());
    }
}
