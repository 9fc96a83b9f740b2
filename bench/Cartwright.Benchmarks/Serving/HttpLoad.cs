using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace Cartwright.Benchmarks.Serving;

/// <summary>Asks a server at a fixed rate, whatever it answers: an open loop.</summary>
/// <remarks>
/// A request's time runs from the moment it was due, not from when it could be sent, so a server that stalls pays for
/// every request that had to wait (Tene, "How NOT to Measure Latency": coordinated omission).
/// </remarks>
internal sealed class HttpLoad : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _path;
    private readonly byte[][] _bodies;

    /// <param name="bodies">JSON bodies, sent in turn.</param>
    public HttpLoad(Uri server, string key, string path, byte[][] bodies)
    {
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseCookies = false }) { BaseAddress = server };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _path = new Uri(server, path);
        _bodies = bodies;
    }

    /// <param name="rate">Requests a second.</param>
    public async Task<LoadResult> RunAsync(double rate, TimeSpan duration)
    {
        int count = (int)(rate * duration.TotalSeconds);
        var times = new double[count];
        var errors = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var answered = new CountdownEvent(count);
        long start = Stopwatch.GetTimestamp();

        var pacer = new Thread(() => Pace(count, rate, start, i => _ = AskAsync(i, Due(i, rate, start), times, errors, answered)))
        {
            IsBackground = true,
            Priority = ThreadPriority.AboveNormal,
        };
        pacer.Start();
        await Task.Run(answered.Wait);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new LoadResult(rate, count / seconds, times, errors);
    }

    public void Dispose() => _client.Dispose();

    private static long Due(int i, double rate, long start) => start + (long)(i / rate * Stopwatch.Frequency);

    private static void Pace(int count, double rate, long start, Action<int> ask)
    {
        using var never = new AutoResetEvent(false);
        for (int i = 0; i < count; i++)
        {
            while (Stopwatch.GetTimestamp() < Due(i, rate, start))
            {
                never.WaitOne(1);   // gives the core away; what this oversleeps counts as the server's time
            }

            ask(i);
        }
    }

    private async Task AskAsync(int i, long due, double[] times, ConcurrentDictionary<string, int> errors, CountdownEvent answered)
    {
        try
        {
            using var body = new ByteArrayContent(_bodies[i % _bodies.Length]);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _client.PostAsync(_path, body);
            byte[] answer = await response.Content.ReadAsByteArrayAsync();
            if (!response.IsSuccessStatusCode || answer.Length == 0)
            {
                errors.AddOrUpdate($"status {(int)response.StatusCode}", 1, (_, n) => n + 1);
            }
        }
        catch (HttpRequestException error)
        {
            errors.AddOrUpdate(error.HttpRequestError.ToString(), 1, (_, n) => n + 1);
        }
        catch (OperationCanceledException)
        {
            errors.AddOrUpdate("timeout", 1, (_, n) => n + 1);
        }
        finally
        {
            times[i] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
            answered.Signal();
        }
    }
}

/// <param name="Rate">Requests a second that were due.</param>
/// <param name="Achieved">Requests a second that were answered.</param>
/// <param name="Milliseconds">Of each request, from when it was due to its whole answer.</param>
internal sealed record LoadResult(double Rate, double Achieved, double[] Milliseconds, IReadOnlyDictionary<string, int> Errors)
{
    public double Quantile(double share)
    {
        double[] sorted = [.. Milliseconds.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"{Milliseconds.Length:N0} requests, {Rate:N0}/s due, {Achieved:N0}/s answered, {Errors.Values.Sum():N0} errors");
        output.WriteLine($"p50 {Quantile(0.5):N2} ms   p95 {Quantile(0.95):N2} ms   p99 {Quantile(0.99):N2} ms   p99.9 {Quantile(0.999):N2} ms   max {Quantile(1):N2} ms");
        foreach ((string error, int count) in Errors)
        {
            output.WriteLine($"  {error}: {count:N0}");
        }
    }
}
