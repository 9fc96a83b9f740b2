using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Automation;

namespace Cartwright.Cli.Answers;

internal static class ExperimentAnswers
{
    public static void Write(Terminal terminal, ExperimentsResponse answer)
    {
        if (answer.Experiments.Count == 0)
        {
            terminal.Line("No experiments yet. 'cartwright automation put-experiment --file experiment.json' sets one.");
        }

        foreach (ExperimentResult result in answer.Experiments)
        {
            terminal.Heading($"{result.Experiment.Name}: {result.Verdict}");
            var table = new TextTable("Arm", "#Shoppers", "#Counted", "#Mean", "#Difference", "#Interval");
            foreach (ArmResult arm in result.Arms)
            {
                table.Row(arm.Arm, Wording.Count(arm.Shoppers), Wording.Count(arm.Counted), Figure(arm.Mean), Figure(arm.Difference),
                    arm.Low is { } low ? $"{Figure(low)} to {Figure(arm.High)}" : "–");
            }

            terminal.Write(table);
        }
    }

    public static void Write(Terminal terminal, SlotsResponse answer)
    {
        if (answer.Slots.Count == 0)
        {
            terminal.Line("No slots yet. 'cartwright automation put-slot --file slot.json' sets one.");
        }

        foreach (SlotResult slot in answer.Slots)
        {
            terminal.Heading($"{slot.Slot.Name}: {Wording.Plural(slot.ChoiceCount, "choice")}");
            var table = new TextTable("Arm", "#Chosen", "#Reward", "#90 % interval", "#If always", "#Next");
            foreach (SlotArm arm in slot.Arms)
            {
                table.Row(arm.Arm, Wording.Count(arm.Chosen), Figure(arm.Mean), $"{Figure(arm.Low)} to {Figure(arm.High)}", Figure(arm.Always), Wording.Percent(arm.Chance));
            }

            terminal.Write(table);
        }
    }

    public static void Write(Terminal terminal, ChooseResponse answer) =>
        terminal.Line($"{answer.Arm} (chance {Wording.Percent(answer.Propensity)}). To say what it came to: cartwright automation reward --choice-id {answer.ChoiceId} --value 1");

    private static string Figure(double? value) => value is { } known ? known.ToString("0.0000", CultureInfo.InvariantCulture) : "–";
}
