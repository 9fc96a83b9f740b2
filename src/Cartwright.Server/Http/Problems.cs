using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Training;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>A kind of problem that callers can tell apart by its type.</summary>
internal sealed record ProblemKind(string Name, int Status, string Title, string Meaning)
{
    public string Type => "/docs#" + Name;
}

/// <summary>The one place that turns what went wrong into an answer: problem details, RFC 9457.</summary>
public static class Problems
{
    internal static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "The request breaks a rule.", "A field is missing, unknown or out of its range, or the body is no JSON. `errors` names each field.");
    internal static readonly ProblemKind NoKey = new("no-key", 401, "A key is needed.", "Send a valid key as 'Authorization: Bearer …' or 'X-Api-Key: …'.");
    internal static readonly ProblemKind RoleMissing = new("role-missing", 403, "This key may not do that.", "The key lacks the role; an admin can make another with POST /v1/keys.");
    internal static readonly ProblemKind NotFound = new("not-found", 404, "There is no such thing.", "The product, shopper, run, version or address does not exist.");
    internal static readonly ProblemKind WrongMethod = new("wrong-method", 405, "This address does not take that method.", "The Allow header names those it takes.");
    internal static readonly ProblemKind NotTrained = new("model-not-trained", 409, "No model is trained yet.", "Train one with POST /v1/recommendation/train, then ask again.");
    internal static readonly ProblemKind RunEnded = new("run-ended", 409, "The run has ended.", "It can't be canceled, or has no files, any more.");
    internal static readonly ProblemKind TooLarge = new("too-large", 413, "The body is too large.", "Send it in several parts.");
    internal static readonly ProblemKind WrongMediaType = new("wrong-media-type", 415, "The body is of a kind that is not taken here.", "Send 'Content-Type: application/json', or 'application/zip' for a shop folder.");
    internal static readonly ProblemKind Unreadable = new("unreadable-file", 422, "The file can't be read.", "An import file or a model is damaged or is something else.");
    internal static readonly ProblemKind KeyReused = new("idempotency-key-reused", 422, "The idempotency key came with another request before.", "Use a new key for each request, and the same one only to repeat it.");
    internal static readonly ProblemKind TooMany = new("too-many-requests", 429, "Too many requests.", "Wait as long as the Retry-After header says.");
    internal static readonly ProblemKind Canceled = new("canceled", 499, "The request was canceled.", "The caller went away or the work was stopped; what was done so far is kept.");
    internal static readonly ProblemKind Internal = new("internal", 500, "Something went wrong inside Cartwright.", "It is not the caller's fault. The log has the details under the traceId.");
    internal static readonly ProblemKind Unavailable = new("unavailable", 503, "The shop's store is away.", "Try again in a while.");
    internal static readonly ProblemKind TimedOut = new("timed-out", 503, "The request took too long.", "Ask for less, or try again in a while.");

    internal static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRequest, NoKey, RoleMissing, NotFound, WrongMethod, NotTrained, RunEnded, TooLarge, WrongMediaType,
        Unreadable, KeyReused, TooMany, Canceled, Internal, Unavailable, TimedOut,
    ];

    /// <summary>True for errors whose message was written for the caller and says nothing secret.</summary>
    internal static bool IsMeantForCallers(Exception error) =>
        error is ValidationException or NotFoundException or ModelNotTrainedException or ImportFormatException
            or ModelFormatException or StorageException or RunEndedException or BadHttpRequestException or IdempotencyKeyReusedException
            or TrainingDivergedException or DistributedException;

    internal static ProblemKind KindOf(Exception error) => error switch
    {
        ValidationException => InvalidRequest,
        NotFoundException => NotFound,
        ModelNotTrainedException => NotTrained,
        RunEndedException => RunEnded,
        ImportFormatException or ModelFormatException => Unreadable,
        IdempotencyKeyReusedException => KeyReused,
        StorageException => Unavailable,
        OperationCanceledException => Canceled,
        BadHttpRequestException { StatusCode: 413 } => TooLarge,
        BadHttpRequestException { StatusCode: 415 } => WrongMediaType,
        BadHttpRequestException => InvalidRequest,
        _ => Internal,
    };

    internal static ProblemKind? KindOf(int status) => All.FirstOrDefault(kind => kind.Status == status)
        ?? (status is >= 400 and < 500 ? InvalidRequest with { Status = status } : null);

    /// <summary>Answers with problem details.</summary>
    internal static async Task WriteAsync(HttpContext context, ProblemKind kind, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        context.Response.StatusCode = kind.Status;
        if (kind.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        var problem = new ProblemBody(kind.Type, kind.Title, kind.Status, detail, context.Request.Path.Value ?? "", TraceId(context), errors);
        await context.Response.WriteAsJsonAsync(problem, WireJson.HttpOptions, "application/problem+json", CancellationToken.None);
    }

    /// <summary>Found in the log, at every message about this request.</summary>
    internal static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}

/// <summary>Problem details as RFC 9457 has them.</summary>
/// <param name="Type">Stable address of the kind of problem.</param>
/// <param name="Title">The kind in a sentence, always the same.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, and what to do.</param>
/// <param name="Instance">The address that was asked.</param>
/// <param name="TraceId">Found in the server's log.</param>
/// <param name="Errors">Messages by field at fault.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Instance, string TraceId,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyDictionary<string, string[]>? Errors);

/// <summary>The same idempotency key came with another request.</summary>
internal sealed class IdempotencyKeyReusedException(string message) : Exception(message);
