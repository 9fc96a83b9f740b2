using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Cli.Answers;

/// <summary>What was heard and said.</summary>
internal static class VoiceAnswers
{
    public static void Write(Terminal terminal, TranscribeResponse heard)
    {
        terminal.Heading(heard.Text.Length == 0 ? "Nothing was understood." : heard.Text);
        string version = heard.Version is null ? "with the catalog's phrases; nothing is trained yet" : $"version {heard.Version}";
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{heard.Seconds:0.0} s, confidence {heard.Confidence:0.00}. By {heard.Engine}, {version}."));
    }

    public static void Write(Terminal terminal, SpeakResponse spoken) => terminal.Line(spoken.Output is { } path
        ? string.Create(CultureInfo.InvariantCulture, $"{path}: {spoken.Seconds:0.0} s, voice {spoken.Voice}.")
        : string.Create(CultureInfo.InvariantCulture, $"{spoken.Seconds:0.0} s, voice {spoken.Voice}. Name a file with --output to keep it; --json has the sound in base64."));

    public static void Write(Terminal terminal, TrainVoiceResponse trained)
    {
        terminal.Heading(trained.Summary);
        var table = new TextTable(["Engine", "#wordErrorRate", "#sentenceAccuracy"]);
        foreach (string engine in trained.Estimates.Keys.Select(name => name.Split(' ')[0]).Distinct(StringComparer.Ordinal))
        {
            table.Row([engine, Figure("wordErrorRate"), Figure("sentenceAccuracy")]);

            string Figure(string metric)
            {
                var estimate = trained.Estimates[$"{engine} {metric}"];
                return string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:0.0000} ({estimate.Low:0.000}–{estimate.High:0.000})");
            }
        }

        terminal.Write(table);
        terminal.Line("On sentences kept aside, spoken with noise; the 95 % interval in brackets.");
        terminal.Line($"{Wording.Plural(trained.Phrases, "phrase")} are known; {Wording.Count(trained.Spoken)} were spoken and learned from, beside {Wording.Plural(trained.Recordings, "recording")}.");
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }
}
