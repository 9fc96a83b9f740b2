using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Cartwright.Server.Http;

/// <summary>Wraps every request: exceptions and bare statuses become problem details, each with a line in the log.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Kept free of async machinery where all goes well at once.
        Task answering;
        try
        {
            answering = next(context);
        }
        catch (Exception error)
        {
            return OnErrorAsync(context, error);
        }

        return FinishAsync(context, answering);
    }

    private async Task FinishAsync(HttpContext context, Task answering)
    {
        try
        {
            await answering;
        }
        catch (Exception error)
        {
            await OnErrorAsync(context, error);
            return;
        }

        int status = context.Response.StatusCode;
        if (status >= 400 && !context.Response.HasStarted && context.Response.ContentType is null && Problems.KindOf(status) is { } kind)
        {
            Refused(context.Request.Method, RouteOf(context), status, kind.Name, Problems.TraceId(context));
            await Problems.WriteAsync(context, kind, DetailOf(context, kind));
        }
    }

    private async Task OnErrorAsync(HttpContext context, Exception error)
    {
        ProblemKind kind = error is OperationCanceledException && !context.RequestAborted.IsCancellationRequested
            && context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true
                ? Problems.TimedOut
                : Problems.KindOf(error);
        string traceId = Problems.TraceId(context);
        if (kind.Status >= 500)
        {
            Failed(error, context.Request.Method, RouteOf(context), kind.Status, kind.Name, traceId);
        }
        else
        {
            Refused(context.Request.Method, RouteOf(context), kind.Status, kind.Name, traceId);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();   // the caller must not take half an answer for a whole one
            return;
        }

        context.Response.Clear();
        SecurityHeaders.Add(context.Response.Headers);
        if (error is BadHttpRequestException && UnreadParameter().Match(error.Message) is { Success: true } parameter)
        {
            // The framework's words for a part of the address that is no number, in ours.
            error = new InvalidRequestException(parameter.Groups["name"].Value,
                $"The field {parameter.Groups["name"].Value} can't be '{parameter.Groups["value"].Value}'.");
        }

        string detail = Problems.IsMeantForCallers(error) ? HttpWords.Of(error.Message) : kind.Meaning;
        IReadOnlyDictionary<string, string[]>? errors = (error as InvalidRequestException)?.Errors ?? FieldsOf(error);
        await Problems.WriteAsync(context, kind, detail, errors?.ToDictionary(field => field.Key, field => field.Value.Select(HttpWords.Of).ToArray(), StringComparer.Ordinal));
    }

    private static Dictionary<string, string[]>? FieldsOf(Exception error) =>
        error is ValidationException { ValidationResult: { } result } && result.MemberNames.Any()
            ? result.MemberNames.ToDictionary(
                System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName, _ => new[] { error.Message }, StringComparer.Ordinal)
            : null;

    private static string DetailOf(HttpContext context, ProblemKind kind) => kind.Status switch
    {
        404 => $"Nothing is at {context.Request.Path}. /docs lists what there is.",
        403 when context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>() is { } needed =>
            $"This needs the role '{Word(needed.Role.ToString())}'; {RolesOf(context)}. An admin can make a key that has it with POST /v1/keys.",
        405 => $"{context.Request.Method} is not taken here; allowed: {context.Response.Headers.Allow}.",
        _ => kind.Meaning,
    };

    private static string RolesOf(HttpContext context) => context.User.FindAll(ClaimTypes.Role).Select(role => $"'{Word(role.Value)}'").ToArray() is { Length: > 0 } roles
        ? $"the key has {string.Join(" and ", roles)}" : "the key has none";

    private static string Word(string role) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(role);

    /// <summary>The pattern, never the address itself: that may name a shopper.</summary>
    private static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture)]
    private static partial Regex UnreadParameter();

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused {Method} {Route}: {Status} {Problem}, trace {TraceId}")]
    private partial void Refused(string method, string route, int status, string problem, string traceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed {Method} {Route}: {Status} {Problem}, trace {TraceId}")]
    private partial void Failed(Exception error, string method, string route, int status, string problem, string traceId);
}
