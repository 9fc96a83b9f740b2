using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests.Commands;

[Collection(SampleShopUsers.Name)]
public sealed class ServeCommandTests(SampleShopFixture sample)
{
    [Fact]
    public async Task It_prints_where_it_listens_and_the_first_key_and_ends_when_told()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        (Terminal terminal, StringWriter output, _) = Cli.Caught();
        Task<int> serving = CommandLine.RunAsync(
            ["serve", "--url", "http://127.0.0.1:0", "--shop", folder.At("shop"), "--json", "--log-level", "error"], terminal, TimeProvider.System, stop.Token);

        while (!output.ToString().Contains('}', StringComparison.Ordinal) && !serving.IsCompleted)
        {
            await Task.Delay(20);
        }

        using var said = JsonDocument.Parse(output.ToString());
        using var http = new HttpClient { BaseAddress = new Uri(said.RootElement.GetProperty("url").GetString()!) };
        http.DefaultRequestHeaders.Add("X-Api-Key", said.RootElement.GetProperty("adminKey").GetString());
        HttpResponseMessage answer = await http.GetAsync("/v1/keys");
        await stop.CancelAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await serving);
    }

    [Theory]
    [InlineData("serve", "nonsense")]
    [InlineData("serve", "http://localhost:99999")]
    [InlineData("demo", "ftp://localhost:5080")]
    public async Task What_is_no_address_is_refused_as_a_wrong_option(string command, string url)
    {
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync([command, "--url", url, "--shop", folder.At("shop")]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains($"--url was '{url}'; it takes an address such as http://localhost:5080", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("shop")));
    }

    [Fact]
    public async Task A_busy_port_is_said_with_another_one_to_take()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        int port = ((IPEndPoint)busy.LocalEndpoint).Port;

        CliResult result = await Cli.RunAsync(["serve", "--url", $"http://127.0.0.1:{port}", "--shop", sample.Shop]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains($"--url http://127.0.0.1:{port + 1}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_says_that_a_port_is_busy_before_it_trains()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync(["demo", "--url", $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}", "--shop", folder.At("shop")]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.False(Directory.Exists(folder.At("shop")));
    }
}
