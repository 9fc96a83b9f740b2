using System.CommandLine;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server;
using Cartwright.Server.Access;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cartwright.Cli.Demo;

/// <summary><c>cartwright demo</c>: the main job in one command.</summary>
internal static class DemoCommand
{
    private const string KeyName = "demo";

    public static CliCommand Build(Func<ParseResult, Invocation> invocation, Func<ParseResult, bool> namesShop)
    {
        var command = new CliCommand("demo", VerbDocumentation.Summary(typeof(DemoRequest))) { Example = VerbDocumentation.Example(typeof(DemoRequest)) };
        var form = new RequestForm(command, typeof(DemoRequest));
        var open = new Option<bool>("--open") { Description = "Open the dashboard in the browser" };
        command.Form = form;
        command.Options.Add(open);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            var request = (DemoRequest)form.Read(parsed);
            form.Validate(request, at.Clock);
            if (request.Smoke)
            {
                return await SmokeRun.RunAsync(request, at, cancellationToken);
            }

            at = namesShop(parsed) ? at : at with { ShopFolder = DefaultFolder(request.Data) };
            ServeCommand.RequireAddress(request.Url);
            ThrowIfTaken(request.Url);
            await DemoShop.PrepareAsync(request, at, cancellationToken);
            await ServeAsync(request, at, parsed.GetValue(open), cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>A shop of its own for each data folder, so that two demos never mix: "demo-shop", "demo-amazon-beauty-5core".</summary>
    private static string DefaultFolder(string? data)
    {
        if (data is null)
        {
            return "demo-shop";
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
        string name = Path.GetFileName(folder);
        return "demo-" + (name == "shop" ? Path.GetFileName(Path.GetDirectoryName(folder)) : name);
    }

    /// <summary>Says at the start, not after the training, that the address can't be had.</summary>
    private static void ThrowIfTaken(string url)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.IsLoopback && uri.Port > 0)
        {
            var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, uri.Port);
            try
            {
                listener.Start();
            }
            catch (System.Net.Sockets.SocketException)
            {
                throw ServeCommand.Taken(url);
            }
            finally
            {
                listener.Stop();
            }
        }
    }

    private static async Task ServeAsync(DemoRequest request, Invocation at, bool opens, CancellationToken cancellationToken)
    {
        var options = new ServeOptions { Shop = at.ShopFolder, Url = request.Url, LogLevel = LogLevel.Warning, OpenStore = true };
        await using WebApplication app = await ServeCommand.StartAsync(options, at.Clock, cancellationToken);
        string address = ServeCommand.AddressOf(app);
        string secret = await NewKeyAsync(app.Services.GetRequiredService<KeyRing>(), cancellationToken);
        string? shopper = await DemoShop.BusyShopperAsync(app.Services.GetRequiredService<Shop>(), cancellationToken);
        string curl = $"curl -s {address}/v1/recommendation/recommend -H 'Authorization: Bearer {secret}' "
            + $"-H 'Content-Type: application/json' -d '{{\"shopperId\":\"{shopper}\",\"count\":5,\"explain\":true}}'";
        if (at.IsJson)
        {
            at.Terminal.Json(new { Url = address, AdminKey = secret, Curl = curl });
        }
        else
        {
            at.Terminal.Line();
            at.Terminal.Heading($"Serving {Path.GetFullPath(at.ShopFolder)}");
            at.Terminal.Line($"  open     {address}/");
            at.Terminal.Line($"  log in   {secret}");
            at.Terminal.Line($"  shop     {address}/store");
            at.Terminal.Line($"  the API  {address}/docs");
            at.Terminal.Line("  try it:");
            at.Terminal.Line(curl);
            at.Terminal.Line();
            at.Terminal.Line("Ctrl-C stops it. The same command starts it again with what is there.");
        }

        if (opens)
        {
            ServeCommand.OpenInBrowser(address);
        }

        await app.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>A secret is kept nowhere, so each start makes a key and takes the last start's away.</summary>
    private static async Task<string> NewKeyAsync(KeyRing keys, CancellationToken cancellationToken)
    {
        foreach (ApiKey old in (await keys.ListAsync(cancellationToken)).Where(key => key.Name == KeyName))
        {
            await keys.RevokeAsync(old.Id, cancellationToken);
        }

        return (await keys.CreateAsync(KeyName, ApiRoles.Admin, cancellationToken)).Secret;
    }
}
