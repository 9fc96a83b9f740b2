using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Behavior;

namespace Cartwright.Cli.Answers;

/// <summary>How a session will end, and what a shopper did.</summary>
internal static class SessionAnswers
{
    private const int ShownActions = 3;

    public static void Write(Terminal terminal, ScoreResponse answer)
    {
        if (answer.Row is { } row)
        {
            terminal.Heading(row.Value is { } value ? $"{row.Target}: {Wording.Number(value)}"
                : $"{row.Target}: {string.Join(", ", row.Chances.OrderByDescending(c => c.Value).Select(c => $"{c.Key} {Wording.Percent(c.Value)}"))}");
        }
        else if (answer.Intent is { } intent)
        {
            terminal.Heading($"{Who(answer)}: {Wording.Percent(intent.Purchase)} likely to buy in this session.");
            terminal.Line(Ends(intent));
            terminal.Line(answer.IsOver ? $"The session is over: its last event was at {Wording.Moment(answer.LastAt!.Value)}. The chances are as they stood then."
                : $"As of {Wording.Plural(answer.Events, "event")}, the last at {Wording.Moment(answer.LastAt!.Value)}.");
        }

        if (answer.Return is { } back)
        {
            terminal.Line($"Comes back and buys within four weeks: {Wording.Percent(back)}.");
        }

        if (answer.Reasons.Count > 0)
        {
            var table = new TextTable(["Because", "#Without it"]);
            foreach (IntentReason reason in answer.Reasons)
            {
                table.Row([reason.Text, Points(reason.Effect)]);
            }

            terminal.Write(table);
        }

        terminal.Line($"By version {answer.Version}.");
    }

    public static void Write(Terminal terminal, ShopperResponse answer, string currency)
    {
        ShopperFacts facts = answer.Facts;
        terminal.Heading(string.Create(CultureInfo.InvariantCulture,
            $"Shopper {answer.ShopperId}: {Wording.Plural(facts.Sessions, "session")}, {Wording.Count(facts.Purchases)} with a purchase, {facts.Spent:#,0.00} {currency} spent."));
        if (answer.Intent is { } intent)
        {
            terminal.Line((answer.IsOver ? "As the last session ended: " : "Now: ") + $"{Wording.Percent(intent.Purchase)} likely to buy. {Ends(intent)}");
        }

        if (answer.Return is { } back)
        {
            terminal.Line($"Comes back and buys within four weeks: {Wording.Percent(back)}.");
        }

        if (answer.Worth is { } worth)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"In the next 52 weeks: {worth.Purchases:0.0} purchases")
                + (worth.Value is { } value ? string.Create(CultureInfo.InvariantCulture, $", worth {value:#,0.00} {currency}") : "")
                + $"; {Wording.Percent(worth.Active)} likely to be a shopper still.");
        }

        foreach (ShopperSession session in answer.Results)
        {
            terminal.Line();
            terminal.Line($"{Wording.Moment(session.StartedAt)}  {session.SessionId}  ended with {session.Outcome}");
            var table = new TextTable(["At", "What", "Product", "#Quantity", $"#Price, {currency}", "#Buys"]);
            foreach (ShopperEvent item in session.Events)
            {
                table.Row([item.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture), item.Kind.ToString().ToLowerInvariant(), item.Title ?? item.ProductId ?? "",
                    Wording.Number(item.Quantity), item.Price is { } price ? price.ToString("#,0.00", CultureInfo.InvariantCulture) : "",
                    item.Intent is { } then ? Wording.Percent(then.Purchase) : ""]);
            }

            terminal.Write(table);
        }

        if (answer.Next is { } next)
        {
            terminal.Line($"Earlier sessions: --next {next}");
        }
    }

    private static string Who(ScoreResponse answer) => answer.ShopperId is { } shopper ? $"Shopper {shopper}" : answer.SessionId is { } session ? $"Session {session}" : "Somebody unknown";

    private static string Ends(SessionIntent intent) =>
        $"Abandons a cart {Wording.Percent(intent.Abandonment)}, leaves without one {Wording.Percent(intent.Leaving)}. Next: "
        + string.Join(", ", intent.Next.Take(ShownActions).Select(next => $"{next.Action} {Wording.Percent(next.Chance)}")) + ".";

    private static string Points(double effect) => string.Create(CultureInfo.InvariantCulture, $"{-effect * 100:+0.0;-0.0;0} points");
}
