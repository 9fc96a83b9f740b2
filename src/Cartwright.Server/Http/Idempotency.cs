using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Access;

namespace Cartwright.Server.Http;

/// <summary>An operation whose answer is never kept for a retry: it holds a secret.</summary>
internal sealed record NeverReplayed;

/// <summary>A write with an <c>Idempotency-Key</c> is done once: a retry within a day gets the first one's answer.</summary>
/// <remarks>Interactions need no memory: the key and the place in the batch make their ids, and those are stored.</remarks>
internal sealed class Idempotency(RequestDelegate next, KeptAnswers answers)
{
    public const string HeaderName = "Idempotency-Key";

    private const int MaxKeyLength = 200;
    private const int MaxReadBytes = 64 << 10;
    private const int MaxWords = 256;

    public Task InvokeAsync(HttpContext context)
    {
        string? key = context.Request.Headers[HeaderName];
        bool isWrite = HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsPut(context.Request.Method)
            || HttpMethods.IsDelete(context.Request.Method);
        return key is null || !isWrite || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<NeverReplayed>() is not null
            ? next(context)
            : DoOnceAsync(context, key);
    }

    private async Task DoOnceAsync(HttpContext context, string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            throw new InvalidRequestException(HeaderName, $"The header {HeaderName} must have 1 to {MaxKeyLength} characters.");
        }

        string caller = context.User.FindFirst(Identities.KeyId)?.Value ?? "";
        string name = $"{caller}\n{context.Request.Method} {context.Request.Path}\n{key}";
        string fingerprint = await FingerprintAsync(context);
        int[] words = await WordsAsync(context.Request, context.RequestAborted);
        while (true)
        {
            (KeptAnswers.Entry entry, bool isMine) = answers.Find(name, fingerprint, words);
            if (entry.Fingerprint != fingerprint)
            {
                throw new IdempotencyKeyReusedException(
                    $"The idempotency key '{key}' came with another request before. Use a new key for each request, and the same one only to repeat it.");
            }

            if (isMine)
            {
                await DoAsync(context, entry);
                return;
            }

            if (await entry.Answer.Task.WaitAsync(context.RequestAborted) is { } answer)
            {
                await answer.WriteAsync(context.Response);
                return;
            }

            // The first one failed, so this one is not a repetition.
        }
    }

    private async Task DoAsync(HttpContext context, KeptAnswers.Entry entry)
    {
        Stream wire = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        KeptAnswer? kept = null;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            context.Response.Body = wire;
            if (context.Response.StatusCode is >= 200 and < 300)
            {
                kept = new KeptAnswer(context.Response.StatusCode, context.Response.ContentType,
                    context.Response.Headers.Location, body.ToArray());
            }
        }
        finally
        {
            context.Response.Body = wire;
            answers.Settle(entry, kept);
        }

        await wire.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    /// <summary>Tells a repetition from another request. Uploads are told by their length alone: they are not read twice.</summary>
    private static async Task<string> FingerprintAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!request.HasJsonContentType())
        {
            return $"{request.QueryString} {request.ContentType} {request.ContentLength}";
        }

        request.EnableBuffering(bufferThreshold: 4 << 20);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(request.QueryString.Value ?? ""));
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            sha.AppendData(buffer, 0, count);
        }

        request.Body.Position = 0;
        return Convert.ToHexString(sha.GetHashAndReset());
    }

    /// <summary>What a request of no great length names, as hashes: whoever is forgotten is found by them.</summary>
    private static async Task<int[]> WordsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType() || request.Body.Length > MaxReadBytes)
        {
            return [];
        }

        byte[] body = new byte[request.Body.Length];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        request.Body.Position = 0;
        var words = new HashSet<int>();
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read() && words.Count < MaxWords)
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    words.Add(KeptAnswers.HashOf(reader.GetString()!));
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Who reads the body says what is wrong with it.
        }

        return [.. words];
    }
}
