using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Access;

namespace Cartwright.Server.Http;

/// <summary>An operation whose answer is never kept for a retry: it holds a secret.</summary>
internal sealed record NeverReplayed;

/// <summary>A write with an <c>Idempotency-Key</c> is done once: a retry within a day gets the first one's answer.</summary>
/// <remarks>
/// Kept in memory, at most <see cref="MaxEntries"/> answers and <see cref="MaxBytes"/> of them, the oldest dropped first; a
/// restart forgets them. Interactions need no memory: the key and the place in the batch make their ids, and those are stored.
/// </remarks>
internal sealed class Idempotency(RequestDelegate next, TimeProvider clock)
{
    public const string HeaderName = "Idempotency-Key";

    private const int MaxEntries = 10_000;
    private const long MaxBytes = 64L << 20;
    private const int MaxKeyLength = 200;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();
    private long _bytes;

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
        while (true)
        {
            (Entry entry, bool isMine) = Find(name, fingerprint);
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

    private async Task DoAsync(HttpContext context, Entry entry)
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
            Settle(entry, kept);
        }

        await wire.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private (Entry Entry, bool IsMine) Find(string name, string fingerprint)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            while (_byAge.TryPeek(out Entry? oldest) && (now - oldest.At > Lifetime || _byAge.Count > MaxEntries || _bytes > MaxBytes))
            {
                Drop(_byAge.Dequeue());
            }

            if (_entries.TryGetValue(name, out Entry? entry))
            {
                return (entry, false);
            }

            entry = new Entry(name, fingerprint, now);
            _entries.Add(name, entry);
            _byAge.Enqueue(entry);
            return (entry, true);
        }
    }

    private void Settle(Entry entry, KeptAnswer? answer)
    {
        lock (_lock)
        {
            if (answer is null)
            {
                Drop(entry);
            }
            else if (_entries.TryGetValue(entry.Name, out Entry? held) && ReferenceEquals(held, entry))
            {
                entry.Size = answer.Body.Length;
                _bytes += entry.Size;
            }
        }

        entry.Answer.SetResult(answer);
    }

    private void Drop(Entry entry)
    {
        if (_entries.TryGetValue(entry.Name, out Entry? held) && ReferenceEquals(held, entry))
        {
            _entries.Remove(entry.Name);
            _bytes -= entry.Size;
        }
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

    private sealed class Entry(string name, string fingerprint, DateTimeOffset at)
    {
        public string Name { get; } = name;

        public string Fingerprint { get; } = fingerprint;

        public DateTimeOffset At { get; } = at;

        public long Size { get; set; }

        /// <summary>Null where the request failed, so that a repetition is done anew.</summary>
        public TaskCompletionSource<KeptAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record KeptAnswer(int Status, string? ContentType, string? Location, byte[] Body)
    {
        public async Task WriteAsync(HttpResponse response)
        {
            response.StatusCode = Status;
            response.ContentType = ContentType;
            response.Headers["Idempotency-Replayed"] = "true";
            if (Location is not null)
            {
                response.Headers.Location = Location;
            }

            if (Body.Length > 0)
            {
                await response.Body.WriteAsync(Body);
            }
        }
    }
}
