using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Server.Access;
using Cartwright.Storage;

namespace Cartwright.Benchmarks.Serving;

/// <summary>How fast <c>recommend</c> answers over HTTP, and in how much memory.</summary>
/// <remarks>
/// The goals: p99 of 15 ms at 300 requests/s with the full pipeline on 100,000 products (a blend of several models, a ranker, diversity, a category cap, rules
/// of every kind, products left out), and, with <c>--plain</c>, 5 ms at 1,200 requests/s for one model on 12,000.
/// </remarks>
internal static class HttpBench
{
    private const string Recommend = "/v1/recommendation/recommend";

    /// <summary><c>http-load</c>: asks a server that runs already.</summary>
    public static async Task<int> LoadAsync(string[] args)
    {
        var url = new Option<Uri>("--url") { DefaultValueFactory = _ => new Uri("http://localhost:5080"), Description = "The server" };
        var key = new Option<string>("--key") { Required = true, Description = "A key with the query role" };
        var shoppers = new Option<string>("--shoppers") { DefaultValueFactory = _ => "s0:6000", Description = "Prefix and number of the shopper ids: s0:6000 is s0 … s5999" };
        Option<double?> rate = Rate();
        Option<double> seconds = Seconds();
        var command = new RootCommand("Asks for recommendations at a fixed rate.") { url, key, shoppers, rate, seconds };
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return await parsed.InvokeAsync();
        }

        string[] ids = parsed.GetValue(shoppers)!.Split(':');
        byte[][] bodies = [.. Enumerable.Range(0, int.Parse(ids[^1], CultureInfo.InvariantCulture))
            .Select(i => JsonSerializer.SerializeToUtf8Bytes(new { shopperId = $"{ids[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')}{i}" }))];
        using var load = new HttpLoad(parsed.GetValue(url)!, parsed.GetValue(key)!, Recommend, bodies);
        return await MeasureAsync(load, parsed.GetValue(rate) ?? 300, parsed.GetValue(seconds));
    }

    /// <summary><c>http-bench</c>: makes a shop and a model, serves them as a process of its own, and asks.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var plain = new Option<bool>("--plain") { Description = "One model and 12,000 products, without a pipeline" };
        var shop = new Option<string?>("--shop") { Description = "Where the shop is kept for the next time; a folder in the system's temporary one where none is said" };
        var models = new Option<string?>("--models") { Description = "What the blend adds, separated by commas, in place of item-knn,session-knn,popularity" };
        Option<double?> rate = Rate();
        Option<double> seconds = Seconds();
        var command = new RootCommand("Serves a made shop and asks for recommendations at a fixed rate.") { plain, shop, models, rate, seconds };
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return await parsed.InvokeAsync();
        }

        var bench = parsed.GetValue(plain) ? BenchShop.Plain : BenchShop.Full;
        bench = parsed.GetValue(models) is { } named ? bench with { Models = [.. named.Split(',').Select(name => (name, 3))] } : bench;
        string folder = parsed.GetValue(shop) ?? Path.Combine(Path.GetTempPath(), $"cartwright-http-bench-{bench.Products}-{string.Join('-', bench.Models.Select(model => model.Name))}");
        string key = await PrepareAsync(bench, folder);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using Process server = Serve(folder, address);
        try
        {
            await ReadyAsync(server, address);
            using var load = new HttpLoad(address, key, Recommend, bench.Bodies());
            Console.WriteLine($"recommend, 10 of {bench.Products:N0} products, {ModelOf(folder)}, {bench.What}");
            return await MeasureAsync(load, parsed.GetValue(rate) ?? bench.Rate, parsed.GetValue(seconds), server, bench.MostMilliseconds);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<int> MeasureAsync(HttpLoad load, double rate, double seconds, Process? server = null, double? most = null)
    {
        Console.WriteLine("warming up …");
        await load.RunAsync(rate / 4, TimeSpan.FromSeconds(5));
        await load.RunAsync(rate, TimeSpan.FromSeconds(5));
        TimeSpan before = ProcessorTimeOf(server);
        LoadResult result = await load.RunAsync(rate, TimeSpan.FromSeconds(seconds));
        TimeSpan used = ProcessorTimeOf(server) - before;
        Console.WriteLine($"{Environment.ProcessorCount} processors, client included");
        result.Print(Console.Out);
        if (server is not null)
        {
            // Says what an answer costs even where other work shares the machine.
            Console.WriteLine($"{used.TotalMilliseconds / result.Milliseconds.Length:N3} ms of the server's processor time a request");
            server.Refresh();
            Console.WriteLine($"resident memory {server.WorkingSet64 / 1e6:N0} MB, at most {server.PeakWorkingSet64 / 1e6:N0} MB since the start");
        }

        if (most is { } goal)
        {
            Console.WriteLine($"goal: p99 of {goal:N0} ms at {rate:N0} requests/s: {(result.Quantile(0.99) <= goal && result.Achieved >= 0.99 * rate ? "reached" : "missed")}");
        }

        return result.Errors.Count == 0 ? 0 : 1;
    }

    private static async Task<string> PrepareAsync(BenchShop bench, string folder)
    {
        await using Shop shop = await Shop.OpenAsync(folder);
        if ((await shop.Store.CountAsync()).Products < bench.Products)
        {
            Console.WriteLine($"making a shop of {bench.Products:N0} products and {bench.Shoppers * (long)bench.ActsPerShopper:N0} interactions in {folder} …");
            string source = Directory.CreateTempSubdirectory("cartwright-http-bench-").FullName;
            bench.Write(source);
            await shop.Catalog.ImportAsync(new ImportRequest { Folder = source });
            Directory.Delete(source, recursive: true);
        }

        if ((await shop.Recommendation.StatusAsync(new Commerce.Recommendation.StatusRequest())).ActiveVersion is null)
        {
            await BenchModel.TrainAsync(bench, shop, folder);
        }

        if (bench.Pipeline is { } pipeline)
        {
            string? ranker = (await shop.RankingStage.RankersAsync(new RankersRequest())).Versions is [var newest, ..] ? newest.Version : null;
            if (ranker is null)
            {
                Console.WriteLine("training the ranker …");
                ranker = (await shop.RankingStage.TrainRankerAsync(new TrainRankerRequest { Activate = true, Epochs = 2 })).Version;
            }

            await shop.Recommendation.SetPipelineAsync(new SetPipelineRequest { Pipeline = pipeline with { Ranker = ranker } });
        }

        await MeasureVerbAsync(bench, shop.Recommendation);
        using var keys = new KeyRing(shop.Store, TimeProvider.System);
        return (await keys.CreateAsync("http-bench", ApiRoles.Query)).Secret;
    }

    /// <summary>What an answer costs without HTTP, on one thread.</summary>
    private static async Task MeasureVerbAsync(BenchShop bench, Recommender recommender)
    {
        const int count = 1_000;
        TimeSpan before = TimeSpan.Zero;
        long allocated = 0;
        for (int i = -count; i < count; i++)
        {
            (before, allocated) = i == 0 ? (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes()) : (before, allocated);
            await recommender.RecommendAsync(bench.Question(i + count));
        }

        Console.WriteLine($"{(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count:N3} ms of processor time for the verb alone, {(GC.GetTotalAllocatedBytes() - allocated) / count / 1e3:N0} kB allocated");
    }

    /// <summary>The model in service, and what it adds where it is a blend.</summary>
    private static string ModelOf(string shop)
    {
        var versions = new VersionFolders(Path.Combine(shop, "models", "recommendation"), "recommendation");
        ModelCard card = versions.Card(versions.Active!);
        string[] parts = [.. card.Notes.Keys.Where(key => key.StartsWith("weight of ", StringComparison.Ordinal)).Select(key => key["weight of ".Length..])];
        return parts.Length == 0 ? card.Model : $"{card.Model} of {string.Join(", ", parts)}";
    }

    private static Process Serve(string folder, Uri address) => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "cartwright.dll"), "serve", "--shop", folder, "--url", address.ToString().TrimEnd('/')])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
    })!;

    private static async Task ReadyAsync(Process server, Uri address)
    {
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = address };
        while (!server.HasExited)
        {
            try
            {
                if ((await client.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"The server ended by itself with code {server.ExitCode}.");
    }

    private static TimeSpan ProcessorTimeOf(Process? server)
    {
        server?.Refresh();
        return server?.TotalProcessorTime ?? TimeSpan.Zero;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Option<double?> Rate() => new("--rate") { Description = "Requests a second; 300 with the full pipeline, 1,200 without" };

    private static Option<double> Seconds() => new("--seconds") { DefaultValueFactory = _ => 20, Description = "How long to measure, after 10 s of warming up" };
}
