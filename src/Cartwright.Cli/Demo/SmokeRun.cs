using System.Globalization;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;
using Cartwright.Server;
using Cartwright.Server.Access;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cartwright.Cli.Demo;

/// <summary>Tries every door once on a small sample shop, and prints what was tried.</summary>
internal static class SmokeRun
{
    private const double Scale = 0.06;

    public static async Task<int> RunAsync(DemoRequest request, Invocation at, CancellationToken cancellationToken)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("cartwright-smoke-");
        try
        {
            at = at with { ShopFolder = Path.Combine(scratch.FullName, "shop") };
            string folder = request.Data ?? Path.Combine(scratch.FullName, "sample");
            var tried = new TriedDoors(at);
            if (request.Data is null)
            {
                await tried.TryAsync("command   sample", async () =>
                {
                    await SampleCommand.WriteAsync(new SampleRequest { Folder = folder, Scale = Scale, Seed = request.Seed }, at, cancellationToken);
                    return null;
                });
            }

            var doors = new SmokeDoors(at, tried, folder, scratch.FullName);
            await doors.TryCommandsAsync(cancellationToken);
            await using (Shop shop = await at.OpenShopAsync(cancellationToken))
            {
                await doors.TryLibraryAsync(shop, cancellationToken);
            }

            var options = new ServeOptions { Shop = at.ShopFolder, Url = "http://127.0.0.1:0", LogLevel = LogLevel.Error };
            await using (WebApplication app = await ServeCommand.StartAsync(options, at.Clock, cancellationToken))
            {
                NewKey key = await app.Services.GetRequiredService<KeyRing>().CreateAsync("smoke", ApiRoles.Admin, cancellationToken);
                using var http = new SmokeHttp(new Uri(ServeCommand.AddressOf(app)), key.Secret, tried, doors);
                await http.TryVerbsAsync(cancellationToken);
                await http.TryResourcesAsync(cancellationToken);
                await http.TryPagesAsync(cancellationToken);
                await app.StopAsync(cancellationToken);
            }

            return tried.Finish();
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}

/// <summary>What was tried, and what came of it.</summary>
internal sealed class TriedDoors(Invocation at)
{
    private readonly List<TriedDoor> _doors = [];

    /// <param name="tryAsync">Goes through the door; returns what is wrong, or null. Throwing is wrong too.</param>
    public async Task TryAsync(string door, Func<Task<string?>> tryAsync)
    {
        long start = at.Clock.GetTimestamp();
        string? fault;
        try
        {
            fault = await tryAsync();
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception error)
        {
            fault = $"{error.GetType().Name}: {error.Message}";
        }

        // A library of the system that is away is said, as it should be, and is no fault of the door.
        bool isOk = fault is null || fault.Contains("is not installed", StringComparison.Ordinal);
        var tried = new TriedDoor(door, isOk, fault, at.Clock.GetElapsedTime(start).TotalSeconds);
        _doors.Add(tried);
        if (!at.IsJson)
        {
            at.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{(tried.IsOk ? "ok    " : "FAILED")}  {door}  ({tried.Seconds:0.00} s){(fault is null ? "" : "  " + fault)}"));
        }
    }

    /// <returns>The exit code.</returns>
    public int Finish()
    {
        int failed = _doors.Count(door => !door.IsOk);
        if (at.IsJson)
        {
            at.Terminal.Json(new { Tried = _doors.Count, Failed = failed, Doors = _doors });
        }
        else
        {
            at.Terminal.Line();
            at.Terminal.Line($"{_doors.Count - failed} doors ok, {failed} failed");
        }

        return failed == 0 ? 0 : 1;
    }
}

/// <param name="Fault">What was wrong; null where nothing was.</param>
internal sealed record TriedDoor(string Door, bool IsOk, string? Fault, double Seconds);
