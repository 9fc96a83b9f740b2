using System.Text.Json;
using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests.Commands;

[Collection(SampleShopUsers.Name)]
public sealed class KeysCommandTests(SampleShopFixture sample)
{
    [Fact]
    public async Task A_key_is_made_listed_without_its_secret_and_revoked()
    {
        CliResult made = await Cli.RunAsync(["keys", "create", "web shop", "--roles", "ingest,query", "--shop", sample.Shop, "--json"]);
        using var key = JsonDocument.Parse(made.Output);
        string id = key.RootElement.GetProperty("id").GetString()!;
        string secret = key.RootElement.GetProperty("key").GetString()!;

        CliResult listed = await Cli.RunAsync(["keys", "list", "--shop", sample.Shop]);
        CliResult revoked = await Cli.RunAsync(["keys", "revoke", id, "--shop", sample.Shop]);
        CliResult again = await Cli.RunAsync(["keys", "revoke", id, "--shop", sample.Shop]);

        Assert.Contains("web shop", listed.Output, StringComparison.Ordinal);
        Assert.Contains("ingest, query", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.Equal("", revoked.Failure);
        Assert.Equal(Failure.NotFound, again.ExitCode);
    }

    [Fact]
    public async Task An_unknown_role_is_refused_with_those_that_are()
    {
        CliResult result = await Cli.RunAsync(["keys", "create", "x", "--roles", "owner", "--shop", sample.Shop]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains("ingest, query, admin", result.Error, StringComparison.Ordinal);
    }
}
