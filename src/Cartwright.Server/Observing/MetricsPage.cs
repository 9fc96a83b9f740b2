using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Cartwright.Server.Observing;

/// <summary>Listens to the process's meters and writes them in the Prometheus text format, version 0.0.4.</summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Upper bounds of the duration histogram, in seconds.</summary>
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Series of one meter; a route's pattern, not its address, so the number stays small.</summary>
    private const int MaxSeries = 2_000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Route, string Method, int Status), Durations> _requests = new();
    private readonly ConcurrentDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private long _active;

    public MetricsPage()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Measures.MeterName
                || instrument is { Meter.Name: "Microsoft.AspNetCore.Hosting", Name: "http.server.request.duration" or "http.server.active_requests" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(OnDuration);
        _listener.SetMeasurementEventCallback<long>(OnCount);
        _listener.Start();
    }

    public string Write()
    {
        var page = new StringBuilder(4096);
        WriteRequests(page);
        WriteCounters(page);
        Gauge(page, "http_server_active_requests", "Requests that are being answered.", Interlocked.Read(ref _active));
        Gauge(page, "process_resident_memory_bytes", "Memory that the process holds.", Environment.WorkingSet);
        Gauge(page, "process_start_time_seconds", "Start of the process, Unix time.", StartTime);
        Counter(page, "process_cpu_seconds_total", "Processor time used.", Environment.CpuUsage.TotalTime.TotalSeconds);
        Gauge(page, "dotnet_gc_heap_bytes", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        Counter(page, "dotnet_gc_allocated_bytes_total", "Managed memory allocated since the start.", GC.GetTotalAllocatedBytes());
        Counter(page, "dotnet_gc_pause_seconds_total", "Time that collections stopped the program.", GC.GetTotalPauseDuration().TotalSeconds);
        Head(page, "dotnet_gc_collections_total", "counter", "Collections by generation.");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            page.Append(CultureInfo.InvariantCulture, $"dotnet_gc_collections_total{{generation=\"{generation}\"}} {GC.CollectionCount(generation)}\n");
        }

        Gauge(page, "dotnet_threadpool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        Gauge(page, "dotnet_threadpool_queue_length", "Work items that wait for a thread.", ThreadPool.PendingWorkItemCount);
        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static double StartTime { get; } = ReadStartTime();

    private static double ReadStartTime()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    private void OnDuration(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string route = "(none)";
        string method = "";
        int status = 0;
        foreach ((string key, object? value) in tags)
        {
            switch (key)
            {
                case "http.route":
                    route = value as string ?? route;
                    break;
                case "http.request.method":
                    method = value as string ?? "";
                    break;
                case "http.response.status_code":
                    status = value as int? ?? 0;
                    break;
            }
        }

        if (_requests.TryGetValue((route, method, status), out Durations? durations) || _requests.Count < MaxSeries
            && (durations = _requests.GetOrAdd((route, method, status), _ => new Durations())) is not null)
        {
            durations.Add(seconds);
        }
    }

    private void OnCount(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (instrument.Name == "http.server.active_requests")
        {
            Interlocked.Add(ref _active, value);
            return;
        }

        var series = new StringBuilder(instrument.Name.Replace('.', '_')).Append("_total{");
        foreach ((string key, object? tag) in tags)
        {
            series.Append(key).Append("=\"").Append(Escape(tag?.ToString() ?? "")).Append("\",");
        }

        series.Length -= tags.Length > 0 ? 1 : 0;
        string name = series.Append('}').ToString();
        if (_counters.Count < MaxSeries || _counters.ContainsKey(name))
        {
            _counters.AddOrUpdate(name, value, (_, sum) => sum + value);
        }
    }

    private void WriteRequests(StringBuilder page)
    {
        const string name = "http_server_request_duration_seconds";
        Head(page, name, "histogram", "Time to answer a request, by route, method and status.");
        foreach (((string route, string method, int status), Durations durations) in _requests.OrderBy(r => r.Key))
        {
            string labels = $"route=\"{Escape(route)}\",method=\"{method}\",status=\"{status}\"";
            (long[] counts, long total, double sum) = durations.Read();
            long below = 0;
            for (int i = 0; i < Bounds.Length; i++)
            {
                below += counts[i];
                page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{Bounds[i]}\"}} {below}\n");
            }

            page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"+Inf\"}} {total}\n");
            page.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {sum:R}\n{name}_count{{{labels}}} {total}\n");
        }
    }

    private void WriteCounters(StringBuilder page)
    {
        foreach (IGrouping<string, KeyValuePair<string, long>> family in _counters.GroupBy(c => c.Key[..c.Key.IndexOf('{')]).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            page.Append("# TYPE ").Append(family.Key).Append(" counter\n");
            foreach ((string series, long value) in family.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                page.Append(series.Replace("{}", "")).Append(' ').Append(value).Append('\n');
            }
        }
    }

    private static void Gauge(StringBuilder page, string name, string help, double value) => Value(page, name, "gauge", help, value);

    private static void Counter(StringBuilder page, string name, string help, double value) => Value(page, name, "counter", help, value);

    private static void Value(StringBuilder page, string name, string type, string help, double value)
    {
        Head(page, name, type, help);
        page.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void Head(StringBuilder page, string name, string type, string help) =>
        page.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static string Escape(string label) => label.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private sealed class Durations
    {
        private readonly Lock _lock = new();
        private readonly long[] _counts = new long[Bounds.Length + 1];
        private double _sum;

        public void Add(double seconds)
        {
            int bucket = Array.BinarySearch(Bounds, seconds);
            lock (_lock)
            {
                _counts[bucket < 0 ? ~bucket : bucket]++;
                _sum += seconds;
            }
        }

        public (long[] Counts, long Total, double Sum) Read()
        {
            lock (_lock)
            {
                return ([.. _counts], _counts.Sum(), _sum);
            }
        }
    }
}
