using Cartwright.Commerce.Catalog;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard;
using Cartwright.Server.Documentation;
using Cartwright.Server.Http;
using Cartwright.Server.Observing;
using Cartwright.Server.Resources;
using Cartwright.Server.Rules;
using Cartwright.Server.Runs;
using Cartwright.Server.Storefront;
using Cartwright.Server.Verbs;
using Cartwright.Server.Widget;
using Cartwright.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Quartz;

namespace Cartwright.Server;

/// <summary>Serves a shop over HTTP: the API, the dashboard and the runs behind them.</summary>
public static class CartwrightServer
{
    /// <summary>Opens the shop and makes a server that is ready to run: <c>await app.RunAsync()</c>.</summary>
    /// <remarks>Disposing the application closes the shop. Stopping it ends requests and runs first.</remarks>
    /// <exception cref="Commerce.Catalog.StorageException">The shop can't be opened.</exception>
    public static async Task<WebApplication> BuildAsync(ServeOptions options, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(options);
        clock ??= TimeProvider.System;
        Shop shop = await Shop.OpenAsync(options.Shop, clock, cancellationToken);
        try
        {
            return Build(options, shop, clock);
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(ServeOptions options, Shop shop, TimeProvider clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(CartwrightServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        });
        builder.Host.ConfigureHostOptions(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
        AddLog(builder.Logging, options.LogLevel);

        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(clock);
        services.AddSingleton(_ => shop);   // by a factory, so that the container closes it at the end
        services.AddSingleton<Commerce.Access.IApiKeyStore>(shop.Store);
        services.AddSingleton<RunRecorder>();
        services.AddSingleton<RunService>();
        services.AddSingleton<Relearning>();
        services.AddSingleton<KeptAnswers>();
        services.AddHostedService<InterruptedRuns>();
        services.AddSingleton<RuleSchedule>();
        services.AddSingleton<RuleRecovery>();
        services.AddHostedService<RuleWatch>();
        // The machine's clock wakes the scheduler; what is due is said by the shop's, which a test may turn.
        services.AddQuartz(quartz => quartz.UseTimeProvider(TimeProvider.System).UseDefaultThreadPool(maxConcurrency: 1));
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
        services.Configure<QuartzSchedulerOptions>(quartz => quartz.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs);
        services.AddAccess(options.Shop);
        services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions, overHttp: true));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<Measures>();
        services.AddSingleton<MetricsPage>();
        services.AddLimits(options);
        services.AddDocumentation();
        services.AddDashboard();
        services.AddStorefront();

        WebApplication app = builder.Build();
        app.UseSecurityHeaders();
        app.UseMiddleware<ProblemAnswers>();
        app.UseAddressIds();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseRequestTimeouts();
        app.UseMiddleware<Idempotency>();
        app.Services.GetRequiredService<MetricsPage>();   // listens from now on
        foreach (Verb verb in VerbTable.All.Where(verb => verb.HasHttpDoor))
        {
            verb.Map(app);
        }

        app.MapProducts();
        app.MapShoppers();
        app.MapRuns();
        app.MapKeys();
        app.MapHealth();
        app.MapDocumentation();
        app.MapDashboard();
        app.MapStorefront(options.OpenStore);
        app.MapListen(options);
        app.MapWidget(options);
        return app;
    }

    private static void AddLog(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        logging.Configure(log => log.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.SetMinimumLevel(level);
        // Standard output belongs to the command; and each shop's folder is its owner's alone, so the cookie keys in it lie open.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        LogLevel ofOthers = level > LogLevel.Warning ? level : LogLevel.Warning;
        logging.AddFilter("Microsoft", ofOthers);
        logging.AddFilter("Quartz", ofOthers);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
