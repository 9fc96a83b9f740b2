namespace Cartwright.Server.Dashboard;

/// <summary>Light, dark, or as the system has it; kept in a cookie so that the first byte of a page already knows.</summary>
internal static class Themes
{
    public const string Cookie = "cartwright-theme";

    public static string Of(HttpRequest? request) => request?.Cookies[Cookie] is "light" or "dark"
        ? request.Cookies[Cookie]!
        : "auto";
}
