using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Vision;

namespace Cartwright.Cli.Answers;

/// <summary>Pictures beside those of the catalog.</summary>
internal static class GalleryAnswers
{
    public static void Write(Terminal terminal, MatchResponse answer)
    {
        Write(terminal, answer.Results);
        terminal.Line($"Compared with {Wording.Plural(answer.PictureCount, "picture")} of the catalog"
            + (answer.LookedAt > 0 ? $", {Wording.Count(answer.LookedAt)} of them looked at just now." : ".")
            + (answer.Unreadable > 0 ? $" {Wording.Plural(answer.Unreadable, "product")} could not be compared: the picture is missing or damaged." : ""));
        terminal.Line($"1 is the same picture, 0 as unlike as any two. By version {answer.Version}.");
    }

    public static void Write(Terminal terminal, DescribeResponse draft)
    {
        terminal.Heading(draft.Title?.Text ?? draft.Category.Label);
        var table = new TextTable(["Field", "Draft", "#Sure"]);
        if (draft.Title is { } title)
        {
            table.Row(["title", title.Text, Wording.Percent(title.Confidence)]);
        }

        table.Row(["category", draft.Category.Label, Wording.Percent(draft.Category.Chance)]);
        foreach (DraftColor color in draft.Colors)
        {
            table.Row([$"color, {Wording.Percent(color.Share)} of it", $"{color.Name} {color.Hex}", Wording.Percent(color.Confidence)]);
        }

        foreach (DraftValue attribute in draft.Attributes)
        {
            table.Row([attribute.From == "picture" ? attribute.Name : $"{attribute.Name}, by look-alikes", attribute.Value, Wording.Percent(attribute.Confidence)]);
        }

        terminal.Write(table);
        if (draft.Alternatives.Count > 0)
        {
            terminal.Line($"It may also be {string.Join(", ", draft.Alternatives.Select(tag => $"{tag.Label} {Wording.Percent(tag.Chance)}"))}.");
        }

        if (draft.Title is null)
        {
            terminal.Line("No title: the version in service had too few of the shop's to learn from, or none says only what is seen here. 'cartwright vision train' learns them anew.");
        }

        terminal.Line("Products that look like it:");
        Write(terminal, draft.LookAlikes);
        terminal.Line($"By version {draft.Version}.");
    }

    public static void Write(Terminal terminal, OddResponse answer)
    {
        var table = new TextTable(["Picture", "#Error", "#Odder than"]);
        foreach (OddPicture picture in answer.Results)
        {
            table.Row([picture.Picture, string.Create(CultureInfo.InvariantCulture, $"{picture.Error:#,0.00} ×"), Wording.Percent(picture.Percentile)]);
        }

        terminal.Write(table);
        terminal.Line($"{Wording.Plural(answer.JudgedCount, "picture")} held against {Wording.Count(answer.PictureCount)} of the catalog; errors are in that of its median picture.");
        if (answer.Unreadable.Count > 0)
        {
            terminal.Line($"Left out, since they can't be read: {string.Join(" ", answer.Unreadable.Take(5).Select(picture => picture.Reason))}");
        }

        terminal.Line($"By version {answer.Version}.");
    }

    public static void Write(Terminal terminal, DrawResponse answer)
    {
        terminal.Heading($"Drawn after {Wording.Plural(answer.Pictures, "picture")} of {answer.Label}.");
        var table = new TextTable(["#Step", "#Distance"]);
        foreach (DrawingStage stage in answer.Stages)
        {
            table.Row([Wording.Count(stage.Step), string.Create(CultureInfo.InvariantCulture, $"{stage.Distance:#,0.0}")]);
        }

        terminal.Write(table);
        terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"Fréchet distance from the real pictures, by what version {answer.Version} sees; one half of the real ones is {answer.Floor:#,0.0} from the other."));
        terminal.Line(answer.IsNew ? $"The generator is kept as {answer.Generator} and draws again while the pictures stay the same."
            : $"By the generator {answer.Generator}, which learned from the same pictures. --retrain trains another.");
        terminal.Line(answer.Files.Count > 0 ? $"Written: {answer.Files[0]} to {answer.Files[^1]}." : "Not written: name a folder with --out, or take the sheet out of --json.");
    }

    private static void Write(Terminal terminal, IReadOnlyList<LookAlike> found)
    {
        var table = new TextTable(["Product", "Title", "#Price", "#Likeness"]);
        foreach (LookAlike product in found)
        {
            table.Row([product.ProductId, product.Title, product.Price is { } price ? string.Create(CultureInfo.InvariantCulture, $"{price:#,0.00} {product.Currency}") : "",
                string.Create(CultureInfo.InvariantCulture, $"{product.Similarity:0.00}")]);
        }

        terminal.Write(table);
    }
}
