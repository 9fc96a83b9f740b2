using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Cli.Answers;

internal static class RepriceAnswers
{
    private const int ShownReasons = 5;

    public static void Write(Terminal terminal, RepriceResponse answer, string currency)
    {
        terminal.Heading($"{Wording.Plural(answer.Proposals.Count, "price")} proposed, {Wording.Count(answer.Unchanged)} best left as they are, {Wording.Count(answer.Skipped.Count)} skipped.");
        Write(terminal, new ProposalsResponse(answer.Proposals), currency);
        foreach (IGrouping<string, SkippedProduct> reason in answer.Skipped.GroupBy(skipped => skipped.Reason, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Take(ShownReasons))
        {
            terminal.Line($"Skipped {Wording.Plural(reason.Count(), "product")}: {reason.Key}");
        }

        if (answer.Proposals.Count > 0)
        {
            terminal.Line($"They wait. To set one: cartwright pricing approve --proposal-ids {answer.Proposals[0].Id}");
        }
    }

    public static void Write(Terminal terminal, ProposalsResponse answer, string currency)
    {
        if (answer.Proposals.Count == 0)
        {
            terminal.Line("No proposals. 'cartwright pricing reprice' makes some.");
            return;
        }

        var table = new TextTable("Proposal", "Product", "Status", "#Now", "#Proposed", $"#{currency} a day", "#80 % interval", "Held by", "#Elasticity");
        foreach (PriceProposal proposal in answer.Proposals)
        {
            table.Row(proposal.Id, proposal.ProductId, proposal.Status.ToString().ToLowerInvariant(), Money(proposal.CurrentPrice), Money(proposal.ProposedPrice),
                Signed(proposal.ExpectedChange), proposal.IsBoundByStock ? "stock is the limit" : $"{Signed(proposal.ExpectedLow)} to {Signed(proposal.ExpectedHigh)}", proposal.HeldBy ?? "",
                FormattableString.Invariant($"{proposal.Inputs.Elasticity:0.0} ± {proposal.Inputs.ElasticityDeviation:0.0}"));
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, SimulateResponse trial)
    {
        terminal.Heading($"Repricing earned {Wording.Percent(trial.ShareOfOracle)} of the oracle's profit in {Wording.Plural(trial.Days, "day")} "
            + $"({Wording.Percent(trial.ShareOfOracleAtEnd)} in the last 14), {Wording.Percent(trial.AboveCostPlus)} above cost-plus.");
        var table = new TextTable("Prices", "#Profit", "#Units", "#Markup", "");
        double most = trial.Policies.Max(policy => policy.Profit);
        foreach (PolicyOutcome policy in trial.Policies.OrderByDescending(policy => policy.Profit))
        {
            table.Row(policy.Policy, Wording.Number(policy.Profit), Wording.Count(policy.Units), policy.Markup is { } markup ? Wording.Percent(markup) : "–", terminal.Bar(policy.Profit / most));
        }

        terminal.Write(table);
        terminal.Line($"{Wording.Plural(trial.Products, "product")}. The oracle knows every elasticity and keeps the same guardrails; best-cost-plus is the one markup that would have earned most.");
        terminal.Line($"Guardrails broken: {Wording.Count(trial.GuardrailsBroken)} of {Wording.Count(trial.Proposals)} prices in {Wording.Plural(trial.GuardrailRuns, "random run")}.");
    }

    private static string Money(decimal price) => price.ToString("#,0.00##", CultureInfo.InvariantCulture);

    private static string Signed(double amount) => amount.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
