using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Access;
using Cartwright.Storage;

namespace Cartwright.Benchmarks.Serving;

/// <summary>How fast <c>recommend</c> answers over HTTP. The goal: p99 under 5 ms at over 1,000 requests/s with 12,000 products.</summary>
internal static class HttpBench
{
    private const int Products = 12_000;
    private const int Shoppers = 6_000;
    private const int ActsPerShopper = 12;
    private const string Recommend = "/v1/recommendation/recommend";

    /// <summary><c>http-load</c>: asks a server that runs already.</summary>
    public static async Task<int> LoadAsync(string[] args)
    {
        var url = new Option<Uri>("--url") { DefaultValueFactory = _ => new Uri("http://localhost:5080"), Description = "The server" };
        var key = new Option<string>("--key") { Required = true, Description = "A key with the query role" };
        var shoppers = new Option<string>("--shoppers") { DefaultValueFactory = _ => "s0:6000", Description = "Prefix and number of the shopper ids: s0:6000 is s0 … s5999" };
        Option<double> rate = Rate();
        Option<double> seconds = Seconds();
        var command = new RootCommand("Asks for recommendations at a fixed rate.") { url, key, shoppers, rate, seconds };
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return await parsed.InvokeAsync();
        }

        string[] ids = parsed.GetValue(shoppers)!.Split(':');
        byte[][] bodies = Bodies(ids[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), int.Parse(ids[^1], CultureInfo.InvariantCulture));
        using var load = new HttpLoad(parsed.GetValue(url)!, parsed.GetValue(key)!, Recommend, bodies);
        return await MeasureAsync(load, parsed.GetValue(rate), parsed.GetValue(seconds));
    }

    /// <summary><c>http-bench</c>: makes a shop and a model, serves them as a process of its own, and asks.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var shop = new Option<string>("--shop") { DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "cartwright-http-bench"), Description = "Kept for the next time" };
        Option<double> rate = Rate();
        Option<double> seconds = Seconds();
        var command = new RootCommand("Serves 12,000 products and asks for recommendations at a fixed rate.") { shop, rate, seconds };
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return await parsed.InvokeAsync();
        }

        string folder = parsed.GetValue(shop)!;
        string key = await PrepareAsync(folder);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using Process server = Serve(folder, address);
        try
        {
            await ReadyAsync(server, address);
            using var load = new HttpLoad(address, key, Recommend, Bodies("s", Shoppers));
            return await MeasureAsync(load, parsed.GetValue(rate), parsed.GetValue(seconds), server);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<int> MeasureAsync(HttpLoad load, double rate, double seconds, Process? server = null)
    {
        Console.WriteLine("warming up …");
        await load.RunAsync(rate / 4, TimeSpan.FromSeconds(5));
        await load.RunAsync(rate, TimeSpan.FromSeconds(5));
        TimeSpan before = ProcessorTimeOf(server);
        LoadResult result = await load.RunAsync(rate, TimeSpan.FromSeconds(seconds));
        TimeSpan used = ProcessorTimeOf(server) - before;
        Console.WriteLine($"{Environment.ProcessorCount} processors, client included; recommend, 10 of {Products:N0} products");
        result.Print(Console.Out);
        if (server is not null)
        {
            // Says what an answer costs even where other work shares the machine.
            Console.WriteLine($"{used.TotalMilliseconds / result.Milliseconds.Length:N3} ms of the server's processor time a request");
        }

        return result.Errors.Count == 0 ? 0 : 1;
    }

    /// <summary>A shop of which each shopper buys along one of many short chains, so that there is something to learn.</summary>
    private static async Task<string> PrepareAsync(string folder)
    {
        await using Shop shop = await Shop.OpenAsync(folder);
        if ((await shop.Store.CountAsync()).Products < Products)
        {
            Console.WriteLine($"making a shop of {Products:N0} products in {folder} …");
            string source = Directory.CreateTempSubdirectory("cartwright-http-bench-").FullName;
            WriteFolder(source);
            await shop.Catalog.ImportAsync(new ImportRequest { Folder = source });
            Directory.Delete(source, recursive: true);
        }

        if ((await shop.Recommendation.StatusAsync(new Commerce.Recommendation.StatusRequest())).ActiveVersion is null)
        {
            Console.WriteLine("training sasrec for one epoch …");
            TrainResponse trained = await shop.Recommendation.TrainAsync(new TrainRequest { Model = "sasrec", Epochs = 1, Activate = true });
            Console.WriteLine(trained.Summary);
        }

        await MeasureVerbAsync(shop.Recommendation);
        using var keys = new KeyRing(shop.Store, TimeProvider.System);
        return (await keys.CreateAsync("http-bench", ApiRoles.Query)).Secret;
    }

    /// <summary>What an answer costs without HTTP, on one thread.</summary>
    private static async Task MeasureVerbAsync(Recommender recommender)
    {
        const int count = 2_000;
        TimeSpan before = TimeSpan.Zero;
        for (int i = -count; i < count; i++)
        {
            before = i == 0 ? Environment.CpuUsage.TotalTime : before;
            await recommender.RecommendAsync(new RecommendRequest { ShopperId = $"s{(i + count) % Shoppers}" });
        }

        Console.WriteLine($"{(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count:N3} ms of processor time for the verb alone");
    }

    private static void WriteFolder(string folder)
    {
        var random = new Random(3);
        using (var products = new StreamWriter(Path.Combine(folder, "products.csv")))
        {
            products.WriteLine("id,title,category,brand,price,stock");
            for (int p = 0; p < Products; p++)
            {
                products.WriteLine($"p{p},Product {p},Room {p % 20} > Shelf {p % 200},Brand {p % 90},{5 + (p % 300)}.50,{p % 50}");
            }
        }

        using var interactions = new StreamWriter(Path.Combine(folder, "interactions.csv"));
        interactions.WriteLine("id,at,shopper,kind,product");
        for (int s = 0; s < Shoppers; s++)
        {
            int product = random.Next(Products);
            for (int i = 0; i < ActsPerShopper; i++)
            {
                interactions.WriteLine($"{s}-{i},{1_760_000_000 + (s * 60) + (i * 3600)},s{s},purchase,p{product}");
                product = (product + random.Next(1, 20)) % Products;
            }
        }
    }

    private static byte[][] Bodies(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => JsonSerializer.SerializeToUtf8Bytes(new { shopperId = $"{prefix}{i}" }))];

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

    private static Option<double> Rate() => new("--rate") { DefaultValueFactory = _ => 1200, Description = "Requests a second" };

    private static Option<double> Seconds() => new("--seconds") { DefaultValueFactory = _ => 20, Description = "How long to measure, after 10 s of warming up" };
}
