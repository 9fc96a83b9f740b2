using System.Security.Claims;
using System.Text.Encodings.Web;
using Cartwright.Commerce.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cartwright.Server.Access;

/// <summary>Reads the key from <c>Authorization: Bearer …</c> or <c>X-Api-Key: …</c>.</summary>
public sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger,
    UrlEncoder encoder, KeyRing keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    internal const string HeaderName = "X-Api-Key";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? secret = Request.Headers[HeaderName];
        if (string.IsNullOrEmpty(secret))
        {
            string? authorization = Request.Headers.Authorization;
            if (authorization is null || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return AuthenticateResult.NoResult();
            }

            secret = authorization[Bearer.Length..].Trim();
        }

        ApiKey? key = await keys.FindAsync(secret, Context.RequestAborted);
        return key is null
            ? AuthenticateResult.Fail("No such key.")
            : AuthenticateResult.Success(new AuthenticationTicket(Identities.Of(key, SchemeName), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;   // the body is written where all problems are
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

/// <summary>What a request knows of the key it came with.</summary>
public static class Identities
{
    internal const string KeyId = "key";

    internal static ClaimsPrincipal Of(ApiKey key, string scheme)
    {
        List<Claim> claims = [new(KeyId, key.Id), new(ClaimTypes.Name, key.Name)];
        claims.AddRange(Enum.GetValues<ApiRoles>()
            .Where(role => role != ApiRoles.None && (key.Roles.HasFlag(role) || key.Roles.HasFlag(ApiRoles.Admin)))
            .Select(role => new Claim(ClaimTypes.Role, role.ToString())));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Signs the holder of a key in to the dashboard.</summary>
    public static Task SignInAsync(HttpContext context, ApiKey key) =>
        context.SignInAsync(AccessSetup.CookieScheme, Of(key, AccessSetup.CookieScheme));

    public static Task SignOutAsync(HttpContext context) => context.SignOutAsync(AccessSetup.CookieScheme);
}

/// <summary>Sets up who may do what: keys for programs, a cookie for the dashboard, one policy per role.</summary>
public static class AccessSetup
{
    /// <summary>The dashboard's cookie.</summary>
    public const string CookieScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Where the dashboard asks for a key.</summary>
    public const string LoginPath = "/login";

    private const string EitherScheme = "KeyOrCookie";

    private const string CookieName = "cartwright";

    /// <summary>The policy that lets a role in: <c>RequireAuthorization(AccessSetup.Policy(ApiRoles.Query))</c>.</summary>
    public static string Policy(ApiRoles role) => role.ToString();

    internal static void AddAccess(this IServiceCollection services, string shopFolder)
    {
        services.AddSingleton<KeyRing>();
        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, displayName: null, options => options.ForwardDefaultSelector = Choose)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null)
            .AddCookie(CookieScheme, options =>
            {
                options.Cookie.Name = CookieName;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.LoginPath = LoginPath;
                options.AccessDeniedPath = LoginPath;
                options.ExpireTimeSpan = TimeSpan.FromDays(7);
                options.Events.OnValidatePrincipal = StillHasKeyAsync;
                options.Events.OnRedirectToLogin = context => Refuse(context, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => Refuse(context, StatusCodes.Status403Forbidden);
            });

        var authorization = services.AddAuthorizationBuilder();
        foreach (ApiRoles role in Enum.GetValues<ApiRoles>())
        {
            if (role != ApiRoles.None)
            {
                authorization.AddPolicy(Policy(role), policy => policy.RequireRole(role.ToString()));
            }
        }

        // 0700: whoever reads these keys can make a cookie.
        string folder = Path.Combine(shopFolder, "keys");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        services.AddDataProtection().SetApplicationName("cartwright").PersistKeysToFileSystem(new DirectoryInfo(folder));
    }

    private static string Choose(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(ApiKeyAuthentication.HeaderName) || context.Request.Headers.ContainsKey("Authorization"))
        {
            return ApiKeyAuthentication.SchemeName;
        }

        // The dashboard's own scripts call the API with its cookie.
        return !IsApi(context) || context.Request.Cookies.ContainsKey(CookieName) ? CookieScheme : ApiKeyAuthentication.SchemeName;
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    /// <summary>A program gets the status, a person the page that asks for a key.</summary>
    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (IsApi(context.HttpContext))
        {
            context.Response.StatusCode = status;
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }

    private static async Task StillHasKeyAsync(CookieValidatePrincipalContext context)
    {
        string? id = context.Principal?.FindFirst(Identities.KeyId)?.Value;
        KeyRing keys = context.HttpContext.RequestServices.GetRequiredService<KeyRing>();
        ApiKey? key = id is null ? null : await keys.FindByIdAsync(id, context.HttpContext.RequestAborted);
        if (key is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieScheme);
        }
        else
        {
            context.ReplacePrincipal(Identities.Of(key, CookieScheme));   // roles as they are now
        }
    }
}
