using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Assistant;

namespace Cartwright.Cli.Answers;

/// <summary>What the assistant says, and how well its conversations end.</summary>
internal static class DialogueAnswers
{
    public static void Write(Terminal terminal, ReplyResponse reply)
    {
        foreach (ReplySentence sentence in reply.Sentences)
        {
            terminal.Line(sentence.Text);
        }

        FactSource[] sources = [.. reply.Sentences.SelectMany(sentence => sentence.Sources).Distinct()];
        if (sources.Length > 0)
        {
            var table = new TextTable("Said", "From", "Field");
            foreach (FactSource source in sources)
            {
                table.Row(source.Value, source.Kind is "search" or "basket" ? source.Kind : $"{source.Kind} {source.Id}", source.Field);
            }

            terminal.Write(table);
        }

        if (reply.Suggestions.Count > 0)
        {
            terminal.Line($"Next, perhaps: {string.Join(" / ", reply.Suggestions)}");
        }

        if (reply.HandOver is { } left)
        {
            terminal.Line($"Waits for a person: {left}");
        }

        if (reply.Understanding is { } understood)
        {
            terminal.Line($"Understood as {understood.Intent} ({Wording.Percent(understood.Confidence)} sure){string.Concat(understood.Slots.Select(slot => $", {slot.Name} '{slot.Value}'"))}.");
        }

        terminal.Line($"Go on with: --conversation-id {reply.ConversationId} (where a server keeps it; this command begins anew each time)");
    }

    public static void Write(Terminal terminal, ReplayResponse replayed)
    {
        int reached = replayed.Conversations.Count(one => one.IsReached);
        terminal.Heading($"{Wording.Count(reached)} of {Wording.Plural(replayed.Conversations.Count, "conversation")} reached their goal: {Wording.Percent(replayed.GoalShare.Value)} "
            + $"({Wording.Percent(replayed.GoalShare.Low)} to {Wording.Percent(replayed.GoalShare.High)}); {Wording.Count(replayed.InventedFacts)} of {Wording.Count(replayed.Facts)} facts were invented.");
        terminal.Line($"{Wording.Count(replayed.Replies)} answers: half within {Milliseconds(replayed.MedianMilliseconds)}, 99 of 100 within {Milliseconds(replayed.P99Milliseconds)}.");
        var table = new TextTable("Conversation", "Goal", "Reached");
        foreach (ReplayedConversation one in replayed.Conversations)
        {
            table.Row(one.Name, one.Goal, one.IsReached ? "yes" : $"no; it {one.Missed}");
        }

        terminal.Write(table);
        foreach (ReplayedConversation one in replayed.Conversations.Where(one => one.Turns.Count > 0))
        {
            terminal.Heading(one.Name);
            foreach (ReplayedTurn turn in one.Turns)
            {
                terminal.Line($"> {turn.Said}   [{turn.Intent}, {Wording.Percent(turn.Confidence)}{string.Concat(turn.Slots.Select(slot => $", {slot.Name} '{slot.Value}'"))}]");
                terminal.Line($"  {turn.Answer}");
            }
        }

        foreach (string invented in replayed.Conversations.SelectMany(one => one.Invented))
        {
            terminal.Line($"Invented: {invented}");
        }
    }

    public static void Write(Terminal terminal, HandOversResponse waiting)
    {
        if (waiting.HandOvers.Count == 0)
        {
            terminal.Line("Nobody waits for a person.");
            return;
        }

        var table = new TextTable("Id", "Since", "Who", "Why", "Reach them", "Said last", "Closed");
        foreach (HandOver left in waiting.HandOvers)
        {
            table.Row(left.Id, Time(left.At), left.ShopperId ?? "a guest", left.Reason, left.Contact ?? "–", left.Lines.LastOrDefault(line => line.IsShopper)?.Text ?? "",
                left.ClosedAt is { } closed ? $"{Time(closed)} {left.Note}" : "–");
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, HandOver closed) => terminal.Line($"Closed {closed.Id}{(closed.Note is { } note ? $": {note}" : "")}.");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");
}
