using System.CommandLine;
using System.Diagnostics;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Server;
using Cartwright.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cartwright.Cli.Commands;

/// <summary><c>cartwright serve</c>: the HTTP API and the dashboard of a shop.</summary>
internal static class ServeCommand
{
    private static readonly string[] AnyAddress = ["0.0.0.0", "[::]", "+", "*"];

    public static CliCommand Build(Func<ParseResult, Invocation> invocation)
    {
        var command = new CliCommand("serve", "Serves the shop's HTTP API and dashboard until Ctrl-C.")
        {
            Example = "cartwright serve --url http://localhost:5080",
        };
        var form = new RequestForm(command, typeof(ServeOptions), except: nameof(ServeOptions.Shop));
        var open = new Option<bool>("--open") { Description = "Open the dashboard in the browser" };
        command.Options.Add(open);
        command.Form = form;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            var options = (ServeOptions)form.Read(parsed) with { Shop = at.ShopFolder };
            form.Validate(options, at.Clock);
            await using WebApplication app = await StartAsync(options, at.Clock, cancellationToken);
            string address = AddressOf(app);
            NewKey? first = await app.Services.GetRequiredService<KeyRing>().CreateFirstAsync(cancellationToken);
            Announce(at, address, first);
            if (parsed.GetValue(open))
            {
                OpenInBrowser(address);
            }

            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>Starts a server, which listens once this returns.</summary>
    /// <exception cref="UsageException">The address is none, or can't be had.</exception>
    public static async Task<WebApplication> StartAsync(ServeOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        RequireAddress(options.Url);
        WebApplication app = await CartwrightServer.BuildAsync(options, clock, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw Taken(options.Url);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static UsageException Taken(string url)
    {
        string next = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? $"{uri.Scheme}://{uri.Host}:{uri.Port + 1}" : "http://localhost:5081";
        return new UsageException($"Another program listens at {url} already.", $"Stop that one, or take another address: --url {next}");
    }

    /// <exception cref="UsageException">Nobody can listen at that.</exception>
    public static void RequireAddress(string url)
    {
        try
        {
            if (BindingAddress.Parse(url) is { Scheme: "http" or "https", Port: >= 0 and <= 65_535 })
            {
                return;
            }
        }
        catch (FormatException)
        {
            // Said below, as every other wrong address.
        }

        throw new UsageException($"--url was '{url}'; it takes an address such as http://localhost:5080, or http://0.0.0.0:5080 for every network.");
    }

    /// <summary>Where people reach the server, with the port that it really has.</summary>
    public static string AddressOf(WebApplication app)
    {
        string address = app.Urls.First();
        return AnyAddress.Aggregate(address, (url, any) => url.Replace($"//{any}:", "//localhost:", StringComparison.Ordinal)).TrimEnd('/');
    }

    public static void OpenInBrowser(string address)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No desktop here: the address is printed, and that is enough.
        }
    }

    private static void Announce(Invocation at, string address, NewKey? first)
    {
        if (at.IsJson)
        {
            at.Terminal.Json(new { Url = address, AdminKey = first?.Secret });
            return;
        }

        at.Terminal.Heading($"Serving {Path.GetFullPath(at.ShopFolder)}");
        at.Terminal.Line($"  dashboard   {address}/");
        at.Terminal.Line($"  API         {address}/v1/   described at {address}/docs");
        at.Terminal.Line(first is null
            ? "  key         one that 'cartwright keys create' printed"
            : $"  admin key   {first.Secret}   (shown this once; it opens the dashboard and the API)");
        at.Terminal.Line("Ctrl-C stops it.");
    }
}
