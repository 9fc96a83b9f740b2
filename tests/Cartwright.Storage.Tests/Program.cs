using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Runs;

namespace Cartwright.Storage.Tests;

/// <summary>What a test runs in a process of its own, so that it can kill it.</summary>
public static class Program
{
    /// <summary>"import &lt;shop&gt; &lt;folder&gt;"; "stuck-import &lt;shop&gt; &lt;folder&gt;", which says when it is in the middle and waits there; "append &lt;shop&gt; &lt;name&gt;", which prints the number of each acknowledged post; or "decide &lt;shop&gt; &lt;proposal&gt;…", which approves and undoes the proposals and prints after each.</summary>
    public static async Task<int> Main(string[] args)
    {
        await using Shop shop = await Shop.OpenAsync(args[1]);
        if (args[0] is "import" or "stuck-import")
        {
            await shop.Catalog.ImportAsync(new ImportRequest { Folder = args[2] }, args[0] == "import" ? null : new WaitsInTheMiddle());
            return 0;
        }

        if (args[0] == "decide")
        {
            while (true)
            {
                await shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = args[2..] });
                Console.WriteLine("approved");
                await shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = args[2..] });
                Console.WriteLine("undone");
                foreach (string id in args[2..])
                {
                    PriceProposal undone = await shop.PriceSetter.FindAsync(id);
                    await ((IPriceProposalStore)shop.Store).DecidePricesAsync([new PriceDecision(undone with { Status = ProposalStatus.Waiting, DecidedAt = null }, ProposalStatus.Undone, Change: null)]);
                }
            }
        }

        for (int post = 0; ; post++)
        {
            await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Post(args[2], post) });
            Console.WriteLine(post);
        }
    }

    private sealed class WaitsInTheMiddle : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Stage.StartsWith("importing interactions", StringComparison.Ordinal))
            {
                Console.WriteLine(value.Stage);
                using var never = new ManualResetEventSlim();
                never.Wait();
            }
        }
    }

    /// <summary>Three interactions with ids of their own.</summary>
    internal static Interaction[] Post(string name, int post) =>
    [
        .. Enumerable.Range(0, 3).Select(i => new Interaction
        {
            Id = $"{name}-{post}-{i}",
            At = DateTimeOffset.UnixEpoch.AddSeconds(post),
            Shopper = name,
            Kind = InteractionKind.View,
            Product = $"p{i}",
        }),
    ];

    internal static Process Start(params string[] arguments) => Start(heapLimit: null, arguments);

    /// <param name="heapLimit">Bytes of managed memory above which it fails; null for no limit.</param>
    internal static Process Start(long? heapLimit, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        if (heapLimit is { } limit)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("X", CultureInfo.InvariantCulture);
        }

        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
