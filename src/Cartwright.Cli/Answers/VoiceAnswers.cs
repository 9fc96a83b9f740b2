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
        EstimatesTable.Write(terminal, trained.Estimates);
        terminal.Line("On sentences kept aside, spoken by another voice with noise; the 95 % interval in brackets.");
        terminal.Line($"{Wording.Plural(trained.Phrases, "phrase")} are known; {Wording.Count(trained.Spoken)} were spoken and learned from, beside {Wording.Plural(trained.Recordings, "recording")}.");
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }
}
