using Cartwright.Server.Http;

namespace Cartwright.Server.Dashboard;

/// <summary>Says on a page what messages say at the command line: what to press or to look at, and on which page, in place of a command.</summary>
/// <remarks>
/// "Run 'cartwright recommendation train --model als'" becomes "Run “Train a model” on the Models page (model als)". What no page does is said to be
/// the command line's.
/// </remarks>
internal static class PageWords
{
    private static readonly Place PutIntoService = new(Room.Models, "Put into service", "version");
    private static readonly Place Pipeline = new(Room.Recommendations, "Pipeline and rules", "version");

    private static readonly Dictionary<string, Place> Places = new(StringComparer.Ordinal)
    {
        ["recommendation train"] = new(Room.Models, "Train a model", "model", "activate"),
        ["recommendation tune"] = new(Room.Models, "Search options", "model", "keep"),
        ["recommendation off-policy"] = new(Room.Models, "Value a list", "rewardHours", "clip"),
        ["recommendation set-pipeline"] = Pipeline,
        ["recommendation restore-pipeline"] = Pipeline,
        ["recommendation activate"] = PutIntoService,
        ["search search"] = new(Room.Search, "Compare", "query", "explain"),
        ["search train"] = new(Room.Search, "Train the ranker"),
        ["search activate"] = PutIntoService,
        ["pricing reprice"] = new(Room.Prices, "Propose prices now"),
        ["pricing proposals"] = new(Room.Prices, "Show", "status"),
        ["pricing activate"] = PutIntoService,
        ["inventory train"] = new(Room.Stock, "Learn from the sales"),
        ["inventory activate"] = PutIntoService,
        ["behavior train"] = new(Room.Shoppers, "Learn from the visits"),
        ["behavior segment"] = new(Room.Shoppers, "Sort shoppers"),
        ["behavior anomalies"] = new(Room.Shoppers, "Look for strange data"),
        ["behavior activate"] = PutIntoService,
        ["catalog import"] = new(Room.Data, "Import"),
        ["catalog export"] = new(Room.Data, "Make a copy to download"),
        ["vision train"] = new(Room.Catalog, "From a photo"),
        ["vision activate"] = PutIntoService,
        ["assistant train"] = new(Room.Assistant, "Train the assistant"),
        ["assistant activate"] = PutIntoService,
        ["assistant activate-voice"] = PutIntoService,
        ["automation resume"] = new(Room.Automation, "Let it go on"),
        ["automation rules"] = new(Room.Automation, "Rules"),
        ["automation changes"] = new(Room.Automation, "What was done, and why", "runId", "state"),
        ["automation slots"] = new(Room.Automation, "Places that choose what to show"),
        ["automation experiments"] = new(Room.Automation, "Experiments"),
        ["keys list"] = new(Room.Settings, "Keys"),
        ["keys create"] = new(Room.Settings, "Make the key"),
        ["runs"] = new(Room.Models, "Runs"),
    };

    /// <param name="message">What is said at the command line.</param>
    public static string Of(string message) => CommandWords.Replace(message, PlaceOf, option => $"“{Words(option)}”");

    private static string PlaceOf(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Place? place = Places.GetValueOrDefault(string.Join(' ', words.Take(2))) ?? Places.GetValueOrDefault(words[0]);
        var said = new List<string>();
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal) || CommandWords.NameOf(words[i][2..]) is not { } option || CommandWords.IsPath(option))
            {
                continue;
            }

            string? value = i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal) ? words[i + 1] : null;
            if (value?[0] == '<' || place?.Options.Contains(option, StringComparer.Ordinal) == false)
            {
                place = null;                                // more than the page asks for
            }

            if (value is not null)
            {
                said.Add($"{Words(option)} {value}");
            }
        }

        return place is null ? CommandWords.OfCommandLine(command)
            : $"“{place.Label}” on the {place.On.Name} page{(said.Count > 0 ? $" ({string.Join(", ", said)})" : "")}";
    }

    /// <summary>"shopper id" for "shopperId".</summary>
    private static string Words(string field) => RunWords.Words(field).ToLowerInvariant();

    /// <param name="Label">The button that is pressed there, or the title over what is to be seen.</param>
    /// <param name="Options">Options, as fields of the request, that can be chosen there too.</param>
    private sealed record Place(Room On, string Label, params string[] Options);
}
