using System.Security.Claims;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Server.Resources;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the dashboard's forms do. Each ends by sending the browser to the page that shows the result.</summary>
internal static class Actions
{
    private const int MaxNameLength = 100;

    /// <summary>What takes longer shows how far it is.</summary>
    private static readonly TimeSpan SilentTime = TimeSpan.FromMilliseconds(500);

    private static Verb ExportVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(ExportRequest));

    /// <summary>Starts the long verb that takes this request, as it is without any field set.</summary>
    public static async Task<IResult> StartAsync<TRequest>(HttpContext http, RunService runs)
        where TRequest : new()
    {
        Verb verb = VerbTable.All.Single(verb => verb.RequestType == typeof(TRequest));
        Run run = await runs.StartAsync(verb, new TRequest(), cancellationToken: http.RequestAborted);
        return Results.LocalRedirect(Links.Run(run.Id));
    }

    public static async Task<IResult> ActivateAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string version = form["version"].ToString();
        ModelKind kind = ModelKind.Others.FirstOrDefault(one => one.Key == form["kind"]) ?? ModelKind.Recommendation;
        await kind.ActivateAsync(shop, version, http.RequestAborted);
        return new Message("good", $"Version {version} is in service.").Then(http, "/models");
    }

    /// <summary>Forgets a shopper, and shows how far that is where it takes long.</summary>
    public static async Task<IResult> ForgetAsync(HttpContext http, ForgettingDesk desk)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        Forgetting begun = desk.Begin(form["shopper"].ToString());
        await Task.WhenAny(begun.Ended, Task.Delay(SilentTime, http.RequestAborted));
        return begun.Said is { } said ? said.Then(http, "/shoppers") : Results.LocalRedirect(Links.Forgetting(begun.Id));
    }

    public static async Task<IResult> CancelRunAsync(string id, HttpContext http, RunService runs)
    {
        try
        {
            await runs.CancelAsync(id, http.RequestAborted);
            return new Message("info", "The run is told to stop. It ends after the step it is at.").Then(http, Links.Run(id));
        }
        catch (RunEndedException exception)
        {
            return new Message("warn", exception.Message).Then(http, Links.Run(id));
        }
    }

    public static async Task<IResult> ExportAsync(HttpContext http, RunService runs)
    {
        Run run = await runs.StartAsync(ExportVerb, folder => new ExportRequest { Folder = ShopFolderEndpoints.FilesOf(folder) },
            cancellationToken: http.RequestAborted);
        return new Message("info", "The copy is being made. It can be downloaded here once it is done.").Then(http, Links.Run(run.Id));
    }

    public static async Task<IResult> CreateKeyAsync(HttpContext http, KeyRing keys)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string name = form["name"].ToString().Trim();
        bool isRole = Enum.TryParse(form["role"], out ApiRoles roles) && roles != ApiRoles.None
            && (roles & ~(ApiRoles.Ingest | ApiRoles.Query | ApiRoles.Admin)) == ApiRoles.None;
        return name.Length is 0 or > MaxNameLength || !isRole
            ? Page.Of<SettingsPage>(new { Error = $"A key needs a name of 1 to {MaxNameLength} letters and something it may do." }, StatusCodes.Status400BadRequest)
            : Page.Of<SettingsPage>(new { Created = await keys.CreateAsync(name, roles, http.RequestAborted) });
    }

    public static async Task<IResult> RevokeKeyAsync(string id, HttpContext http, KeyRing keys)
    {
        IReadOnlyList<ApiKey> all = await keys.ListAsync(http.RequestAborted);
        ApiKey key = all.FirstOrDefault(one => one.Id == id) ?? throw new NotFoundException("This key was revoked already.");
        if (key.Roles.HasFlag(ApiRoles.Admin) && all.Count(one => one.Roles.HasFlag(ApiRoles.Admin)) == 1)
        {
            return new Message("warn", $"“{key.Name}” is the last key that may administer. Make another one first.").Then(http, "/settings");
        }

        await keys.RevokeAsync(id, http.RequestAborted);
        if (http.User.FindFirstValue(Identities.KeyId) == id)
        {
            await Identities.SignOutAsync(http);
            return Results.LocalRedirect(AccessSetup.LoginPath);
        }

        return new Message("good", $"The key “{key.Name}” is revoked.").Then(http, "/settings");
    }
}
