using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Resources;

/// <summary>The real server process, killed at random moments while several clients post and retry.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int Total = 10_000;
    private const int BatchSize = 100;
    private const int Clients = 4;
    private const int Kills = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-kill-");
    private readonly string _url = $"http://127.0.0.1:{FreePort()}";
    private Process? _process;
    private int _acknowledged;

    private string Folder => Path.Combine(_folder.FullName, "shop");

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_retried_is_doubled()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        string key;
        await using (Shop shop = await Shop.OpenAsync(Folder))
        {
            using var keys = new KeyRing(shop.Store, TimeProvider.System);
            key = (await keys.CreateAsync("kill", ApiRoles.Ingest)).Secret;
        }

        await StartAsync(stop.Token);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => PostAsync(client, key, stop.Token))];
        var random = new Random(11);
        for (int kill = 0; kill < Kills; kill++)
        {
            // At some point of the next part of the work, whatever the server is doing then.
            int until = Math.Min(Total - 1, (kill * Total / (Kills + 1)) + random.Next(200, Total / (Kills + 1)));
            while (Volatile.Read(ref _acknowledged) < until)
            {
                await Task.Delay(random.Next(1, 15), stop.Token);
            }

            _process!.Kill();   // SIGKILL: nothing of the process gets to say goodbye
            await _process.WaitForExitAsync(stop.Token);
            _process.Dispose();
            await StartAsync(stop.Token);
        }

        await Task.WhenAll(clients);
        _process!.Kill();
        await _process.WaitForExitAsync(stop.Token);

        await using Shop after = await Shop.OpenAsync(Folder);
        Assert.Equal(Total, (await after.Store.CountAsync()).Interactions);
        var live = await after.Catalog.LiveAsync();
        for (int client = 0; client < Clients; client++)
        {
            Assert.Equal(Total / Clients, live.ShopperHistory($"client{client}").Count);
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Posts this client's share, every other batch without ids; repeats a batch until it is acknowledged.</summary>
    private async Task PostAsync(int client, string key, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_url), Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        for (int batch = 0; batch < Total / Clients / BatchSize; batch++)
        {
            bool hasIds = batch % 2 == 0;
            object[] acts = [.. Enumerable.Range(0, BatchSize).Select(i => TestServer.Act(
                hasIds ? $"c{client}-b{batch}-{i}" : null, $"client{client}", $"p{i}", "view",
                new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds((batch * BatchSize) + i)))];
            while (true)
            {
                try
                {
                    HttpResponseMessage answer = await TestServer.PostAsync(http, "/v1/catalog/interactions", new { interactions = acts }, $"c{client}-b{batch}");
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        await answer.Content.ReadAsStringAsync(stop);
                        Interlocked.Add(ref _acknowledged, BatchSize);
                        break;
                    }

                    Assert.True((int)answer.StatusCode >= 500, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
                }
                catch (HttpRequestException)
                {
                    // The server is dead or not up again yet.
                }

                await Task.Delay(20, stop);
            }
        }
    }

    private async Task StartAsync(CancellationToken stop)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "cartwright.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--shop", Folder, "--url", _url])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _process.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = new Uri(_url) };
        while (true)
        {
            Assert.False(_process.HasExited, "The server ended by itself: " + string.Join('\n', said));
            try
            {
                if ((await http.GetAsync("/health/ready", stop)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, stop);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
