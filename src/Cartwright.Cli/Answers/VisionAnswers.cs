using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Vision;

namespace Cartwright.Cli.Answers;

/// <summary>What pictures show.</summary>
internal static class VisionAnswers
{
    private const int ShownPictures = 40;
    private const int ShownFaults = 5;

    /// <summary>From nothing to hot; a cell is two of them wide, so that it looks about square.</summary>
    private const string Shades = " .:-=+*#%@";

    public static void Write(Terminal terminal, TrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        EstimatesTable.Write(terminal, trained.Estimates);
        terminal.Line("On pictures kept aside, which no model learned from; the 95 % interval in brackets.");
        terminal.Line($"Learned from {Wording.Plural(trained.Pictures, "picture")} with {Wording.Plural(trained.Labels.Count, "label")}"
            + (trained.Corrections > 0 ? $", {Wording.Count(trained.Corrections)} of them corrected by hand." : "."));
        WriteFaults(terminal, trained.Unreadable);
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }

    public static void Write(Terminal terminal, TagResponse answer)
    {
        var table = new TextTable(["Picture", "Shows", "#Chance", "Or"]);
        foreach (TaggedPicture picture in answer.Results.Take(ShownPictures))
        {
            table.Row([picture.Picture, picture.Tags[0].Label, Wording.Percent(picture.Tags[0].Chance), Others(picture.Tags)]);
        }

        terminal.Write(table);
        if (answer.Results.Count > ShownPictures)
        {
            terminal.Line($"And {Wording.Count(answer.Results.Count - ShownPictures)} more; --json has all of them.");
        }

        WriteFaults(terminal, [.. answer.Unreadable.Select(picture => picture.Reason)]);
        terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"{Wording.Plural(answer.Results.Count, "picture")} tagged, {answer.PicturesPerSecond:#,0} a second. By {answer.Model}, version {answer.Version}."));
    }

    public static void Write(Terminal terminal, ExplainResponse answer)
    {
        terminal.Heading($"{answer.Label}: {Wording.Percent(answer.Chance)}");
        if (answer.Tags.Count > 1)
        {
            terminal.Line($"Likeliest: {string.Join(", ", answer.Tags.Select(tag => $"{tag.Label} {Wording.Percent(tag.Chance)}"))}.");
        }

        double hottest = Math.Max(1e-9, answer.Grid.Max(row => row.Max()));
        foreach (IReadOnlyList<double> row in answer.Grid)
        {
            terminal.Line(string.Concat(row.Select(lost => new string(Shades[(int)Math.Clamp(lost / hottest * (Shades.Length - 1), 0, Shades.Length - 1)], 2))).TrimEnd());
        }

        terminal.Line($"Seen where it is dark. With the square around row {answer.Hottest.Row + 1}, column {answer.Hottest.Column + 1} hidden: {Wording.Percent(answer.ChanceWithoutHottest)}.");
        terminal.Line($"By version {answer.Version}.");
    }

    public static void Write(Terminal terminal, CorrectResponse answer)
    {
        terminal.Heading(answer.Label is null ? $"The correction of {answer.Picture} is taken back." : $"{answer.Picture} shows {answer.Label}.");
        terminal.Line((answer.IsNewLabel ? "The model in service can't tell this label yet. " : "")
            + $"The shop has {Wording.Plural(answer.CorrectionCount, "correction")}; the next 'cartwright vision train' learns from them.");
    }

    private static string Others(IReadOnlyList<PictureTag> tags) => string.Join(", ", tags.Skip(1).Select(tag => $"{tag.Label} {Wording.Percent(tag.Chance)}"));

    private static void WriteFaults(Terminal terminal, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            terminal.Line($"Left out, since they can't be read: {string.Join(" ", faults.Take(ShownFaults))}{(faults.Count > ShownFaults ? $" And {Wording.Count(faults.Count - ShownFaults)} more." : "")}");
        }
    }
}
