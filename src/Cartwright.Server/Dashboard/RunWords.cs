using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Server.Verbs;
using RunResponse = Cartwright.Commerce.Automation.RunResponse;
using RepriceResponse = Cartwright.Commerce.Pricing.RepriceResponse;

namespace Cartwright.Server.Dashboard;

/// <summary>Runs in a merchant's words.</summary>
internal static class RunWords
{
    /// <summary>"Train recommendations", "Import".</summary>
    public static string Name(Run run) => (run.Slice, run.Verb) switch
    {
        ("recommendation", "train") => "Train recommendations",
        ("recommendation", "evaluate") => "Measure recommendations",
        ("recommendation", "tune") => "Search a model's options",
        ("recommendation", "off-policy") => "Value a list without showing it",
        ("recommendation", "evaluate-baskets") => "Measure baskets",
        ("pricing", "reprice") => "Propose prices",
        ("search", "train") => "Learn to order search results",
        ("assistant", "train") => "Learn what shoppers mean",
        ("assistant", "train-voice") => "Learn to hear the shop's words",
        ("vision", "train") => "Learn from pictures",
        ("inventory", "train") => "Learn what will sell",
        ("pricing", "train") => "Learn what products cost",
        ("behavior", "train") => "Learn from visits",
        ("automation", "run") => "Run a rule",
        ("catalog", "import") => "Import",
        ("catalog", "export") => "Export",
        ("behavior", "segment") => "Sort shoppers into segments",
        ("behavior", "anomalies") => "Look for strange data",
        _ => $"{run.Slice} {run.Verb}",
    };

    public static bool IsUnderWay(Run run) => run.Status is RunStatus.Queued or RunStatus.Running;

    /// <summary>What came of it in a line; empty while it is under way.</summary>
    public static string Outcome(Run run)
    {
        if (run.Error is not null)
        {
            return PageWords.Of(run.Error);
        }

        if (Summary(run) is { } summary)
        {
            return PageWords.Of(summary);
        }

        if (ResultOf<RepriceResponse>(run, "pricing", "reprice") is { } repriced)
        {
            return $"{Figures.Count(repriced.Proposals.Count, "price")} proposed, {Figures.Count(repriced.Unchanged)} best left as they are, {Figures.Count(repriced.Skipped.Count)} skipped";
        }

        if (ResultOf<RunResponse>(run, "automation", "run") is { } ruled)
        {
            return PageWords.Of(ruled.Run.Summary);
        }

        return ResultOf<ImportReport>(run, "catalog", "import") is { } report
            ? $"{Figures.Count(report.Files.Sum(file => file.Stored), "row")} stored, {Figures.Count(report.Files.Sum(file => file.Rejected))} rejected"
            : "";
    }

    /// <summary>The sentence that many answers sum themselves up in.</summary>
    private static string? Summary(Run run)
    {
        using JsonDocument? result = run.Result is null ? null : JsonDocument.Parse(run.Result);
        return result?.RootElement is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("summary", out JsonElement summary) ? summary.GetString() : null;
    }

    /// <summary>"Done in 3 min 20 s", "Failed after 12 s".</summary>
    public static string Ended(Run run, TimeProvider clock)
    {
        string time = Elapsed(run, clock) is { } elapsed ? Figures.Duration(elapsed) : "";
        return run.Status switch
        {
            RunStatus.Succeeded => $"Done in {time}",
            _ when time.Length == 0 => $"{run.Status} before it started",
            _ => $"{run.Status} after {time}",
        };
    }

    /// <summary>The response of a run that succeeded; null for any other, or where a newer version wrote it differently.</summary>
    public static T? ResultOf<T>(Run run, string slice, string verb)
        where T : class
    {
        if (run.Result is null || run.Slice != slice || run.Verb != verb)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(run.Result, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The options it was started with; those that were left out are left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Options(Run run)
    {
        using JsonDocument request = JsonDocument.Parse(run.Request);
        return [.. request.RootElement.EnumerateObject()
            .Where(option => option.Value.ValueKind is not JsonValueKind.Null)
            .Select(option => (Words(option.Name), option.Value.ValueKind switch
            {
                JsonValueKind.True => "yes",
                JsonValueKind.False => "no",
                _ => option.Value.ToString(),
            }))];
    }

    /// <summary>The name of the folder that was imported: whoever reads it may be at another machine, where its path means nothing.</summary>
    public static string SourceOf(ImportReport report) =>
        Path.GetFileName(report.Source.TrimEnd('/', '\\')) is { Length: > 0 } name ? name : report.Source;

    /// <summary>The run that this one goes on with; null for one that began anew.</summary>
    public static string? ResumedRun(Run run)
    {
        using JsonDocument request = JsonDocument.Parse(run.Request);
        return request.RootElement.TryGetProperty(WireJson.Name(typeof(TrainRequest).GetProperty(nameof(TrainRequest.ResumeRunId))!), out JsonElement earlier)
            ? earlier.GetString()
            : null;
    }

    /// <summary>"Resume run id" for "resumeRunId".</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((letter, i) => i == 0 ? char.ToUpperInvariant(letter).ToString()
            : char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <summary>How long it has run, or ran; null before it starts.</summary>
    public static TimeSpan? Elapsed(Run run, TimeProvider clock) =>
        run.StartedAt is { } start ? (run.EndedAt ?? clock.GetUtcNow()) - start : null;

    /// <summary>Units a second since it started, and the time that is left at that rate.</summary>
    public static (double Rate, TimeSpan Left)? Pace(Run run, TimeProvider clock)
    {
        if (run.Progress is not { Done: > 0, Total: > 0 } progress || Elapsed(run, clock) is not { TotalSeconds: > 0 } elapsed)
        {
            return null;
        }

        double rate = progress.Done / elapsed.TotalSeconds;
        return (rate, TimeSpan.FromSeconds(Math.Max(0, progress.Total - progress.Done) / rate));
    }

    /// <summary>"12 epochs/s", or "4.2 s per epoch" where one takes longer than a second.</summary>
    public static string RateText(double rate, string unit) => rate >= 1
        ? $"{Figures.Number(rate)} {unit}/s"
        : $"{Figures.Duration(TimeSpan.FromSeconds(1 / rate))} per {(unit.EndsWith('s') ? unit[..^1] : unit)}";
}
