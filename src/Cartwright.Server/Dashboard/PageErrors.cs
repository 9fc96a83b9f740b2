using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Dashboard.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cartwright.Server.Dashboard;

/// <summary>A person's browser gets a page where a program gets problem details.</summary>
internal sealed partial class PageErrors(RequestDelegate next, ILogger<PageErrors> logger)
{
    private static readonly string[] Programs = ["/v1", "/health", "/metrics", "/openapi", "/docs", "/assets"];

    public Task InvokeAsync(HttpContext context) => IsForPeople(context.Request) ? AnswerAsync(context) : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (NotFoundException missing) when (!context.Response.HasStarted)
        {
            await ShowAsync(context, StatusCodes.Status404NotFound, "Not here", missing.Message);
        }
        catch (ValidationException refused) when (!context.Response.HasStarted)
        {
            await ShowAsync(context, StatusCodes.Status400BadRequest, "This can't be answered as asked", refused.Message);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await ShowAsync(context, refused.StatusCode, "This address can't be read",
                "A part behind the question mark is missing, or is not the number or the word that it should be. The navigation leads to the page as it is first shown.");
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is not OperationCanceledException)
        {
            string trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
            LogFailure(exception, context.Request.Method, trace);
            bool isAway = exception is StorageException;
            await ShowAsync(context, isAway ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
                isAway ? "The shop's data is away" : "Something broke on our side",
                isAway ? exception.Message : $"Nothing of yours was changed by it. Try again; if it stays, the log has the details under {trace}.");
        }

        if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null })
        {
            await ShowAsync(context, StatusCodes.Status404NotFound, "There is no such page",
                "The address may be mistyped, or what it showed was deleted. The navigation leads to everything there is.");
        }
    }

    private static bool IsForPeople(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !Programs.Any(path => request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    private static Task ShowAsync(HttpContext context, int status, string title, string text)
    {
        IHeaderDictionary headers = context.Response.Headers;
        string? policy = headers.ContentSecurityPolicy;
        context.Response.Clear();
        headers.ContentSecurityPolicy = policy;
        return new RazorComponentResult<ProblemPage>(new
        {
            Title = title,
            Text = PageWords.Of(text),
            Home = context.Request.Path.StartsWithSegments(Storefront.StorefrontHosting.Root, StringComparison.Ordinal) ? Storefront.StorefrontHosting.Root : "/",
        }) { StatusCode = status }.ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page failed: {Method}, trace {Trace}")]
    private partial void LogFailure(Exception exception, string method, string trace);
}
