using Cartwright.Cli.Output;
using Cartwright.Commerce.Assistant;

namespace Cartwright.Cli.Answers;

/// <summary>What sentences mean.</summary>
internal static class LanguageAnswers
{
    public static void Write(Terminal terminal, TrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        EstimatesTable.Write(terminal, trained.Estimates);
        terminal.Line("On sentences kept aside, those that were made being worded as none that was learned; the 95 % interval in brackets.");
        terminal.Line($"Learned from {Wording.Plural(trained.Given, "utterance")} of the shop and {Wording.Count(trained.Generated)} made from its catalog: "
            + $"{Wording.Plural(trained.Intents.Count, "intent")}, {Wording.Plural(trained.Slots.Count, "slot")}.");
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }

    public static void Write(Terminal terminal, UnderstandResponse answer)
    {
        Understanding understood = answer.Understanding;
        terminal.Heading(understood.InScope ? $"{understood.Intent}: {Wording.Percent(understood.Confidence)}" : "Nothing that the shop answers.");
        if (understood.Slots.Count > 0)
        {
            var table = new TextTable(["Slot", "Value", "#Chance"]);
            foreach (SlotValue slot in understood.Slots)
            {
                table.Row([slot.Name, slot.Value, Wording.Percent(slot.Confidence)]);
            }

            terminal.Write(table);
        }

        if (understood.Alternatives.Count > 0)
        {
            terminal.Line($"Or: {string.Join(", ", understood.Alternatives.Select(guess => $"{guess.Intent} {Wording.Percent(guess.Confidence)}"))}.");
        }

        terminal.Line($"By version {answer.Version}.");
    }
}
