using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Cli.Answers;

internal static class AdviceAnswer
{
    public static void Write(Terminal terminal, AdviseResponse advised)
    {
        terminal.Heading(advised.Summary);
        string currency = advised.Performance?.Currency ?? "";
        foreach (Advice advice in advised.Results)
        {
            string worth = advice.Worth is { } gain ? string.Create(CultureInfo.InvariantCulture, $" Worth about {gain:N0} {currency} in 30 days.") : "";
            terminal.Line("");
            terminal.Line($"{(advice.IsUrgent ? "Now: " : "")}{advice.Text}{worth}");
            foreach (string reason in advice.Reasons)
            {
                terminal.Line($"  {reason}");
            }

            terminal.Line($"  {advice.Command}");
        }

        foreach (string unseen in advised.Unseen)
        {
            terminal.Line($"Not looked at: {unseen}");
        }
    }
}
