using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Access;
using Cartwright.Server.Http;
using Cartwright.Server.Observing;
using Cartwright.Server.Runs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Cartwright.Server.Verbs;

/// <summary>What a long verb answers at once.</summary>
/// <param name="RunId">Ask <c>GET /v1/runs/{runId}</c> how far it is.</param>
public sealed record RunStarted(string RunId);

/// <summary>Opens a verb's door over HTTP: reads the record, does the verb, writes the record.</summary>
internal static class VerbEndpoint
{
    public static IEndpointConventionBuilder Map<TRequest, TResponse>(IEndpointRouteBuilder app, Verb<TRequest, TResponse> verb)
        where TRequest : class
        where TResponse : class
    {
        Shop shop = app.ServiceProvider.GetRequiredService<Shop>();
        RunService runs = app.ServiceProvider.GetRequiredService<RunService>();
        Measures measures = app.ServiceProvider.GetRequiredService<Measures>();
        var requestType = (JsonTypeInfo<TRequest>)WireJson.HttpOptions.GetTypeInfo(typeof(TRequest));
        var responseType = (JsonTypeInfo<TResponse>)WireJson.HttpOptions.GetTypeInfo(typeof(TResponse));
        RequestDelegate door = verb.IsLong ? StartAsync : AnswerAsync;

        return app.MapPost(verb.Path, door)
            .WithMetadata(door.Method, verb, new AcceptsMetadata(["application/json"], typeof(TRequest)), verb.IsLong
                ? new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(RunStarted), ["application/json"])
                : new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(TResponse), ["application/json"]))
            .Describe(verb.Slice, $"{verb.Slice}.{verb.Name}", VerbDocumentation.Summary(typeof(TRequest)), verb.Role);

        async Task AnswerAsync(HttpContext context)
        {
            AllowBody(context);
            TRequest request = Repeatable(await JsonBody.ReadAsync(context, requestType), context);
            var response = (TResponse)await verb.InvokeAsync(shop, request, progress: null, context.RequestAborted);
            if (response is InteractionsResponse appended)
            {
                measures.Appended(appended.Accepted, appended.Duplicates);
            }

            await JsonBody.WriteAsync(context, response, responseType);
        }

        async Task StartAsync(HttpContext context)
        {
            AllowBody(context);
            TRequest request = Repeatable(await JsonBody.ReadAsync(context, requestType), context);
            Run run = await runs.StartAsync(verb, request, cancellationToken: context.RequestAborted);
            await AcceptAsync(context, run);
        }

        void AllowBody(HttpContext context)
        {
            if (verb.MostBodyBytes is { } most && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && limit.MaxRequestBodySize < most)
            {
                limit.MaxRequestBodySize = most;
            }
        }

        TRequest Repeatable(TRequest request, HttpContext context) =>
            verb.WithIdempotencyKey is { } repeatable && (string?)context.Request.Headers["Idempotency-Key"] is { Length: > 0 } key
                ? repeatable(request, key)
                : request;
    }

    /// <summary>202 with the run's id and address.</summary>
    public static Task AcceptAsync(HttpContext context, Run run)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v1/runs/{run.Id}";
        return context.Response.WriteAsJsonAsync(new RunStarted(run.Id), WireJson.HttpOptions, context.RequestAborted);
    }
}
