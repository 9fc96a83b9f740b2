using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Prices that wait for a decision, and prices that lose money.</summary>
internal sealed class PriceAdvice(PriceSetter setter) : IAdviser
{
    private const int DaysAhead = 30;
    private const int MostLookedAt = 10_000;

    public AdviceTopic Topic => AdviceTopic.Pricing;

    public bool IsOfDecisions => true;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        var advices = new List<Advice>();
        Product[] losing = [.. shop.ListedProducts.Where(product => product.Price < product.Cost && product.IsInStock)];
        if (losing.Length > 0)
        {
            advices.Add(new Advice
            {
                Topic = Topic,
                Text = Advice.Say($"{losing.Length:N0} {(losing.Length == 1 ? "product is" : "products are")} priced below what {(losing.Length == 1 ? "it costs" : "they cost")}: every sale loses money."),
                Reasons = [.. losing.OrderBy(product => product.Price - product.Cost).Take(3).Select(product => Advice.Say($"{product.Name}: {product.Price:N2} {shop.Snapshot.Info.Currency}, costs {product.Cost:N2}."))],
                IsUrgent = true,
                Command = "cartwright pricing reprice",
            });
        }

        IReadOnlyList<PriceProposal> waiting = (await setter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Waiting, Count = MostLookedAt }, cancellationToken)).Proposals;
        if (waiting.Count > 0)
        {
            string currency = shop.Snapshot.Info.Currency;
            double gain = waiting.Sum(proposal => proposal.ExpectedChange) * DaysAhead;
            advices.Add(new Advice
            {
                Topic = Topic,
                Text = Advice.Say($"Decide on {waiting.Count:N0} proposed {(waiting.Count == 1 ? "price" : "prices")}: together they are expected to change profit by {gain:+#,0;−#,0;0} {currency} in 30 days."),
                Reasons = [.. waiting.OrderByDescending(proposal => proposal.ExpectedChange).Take(3).Select(proposal => Reason(proposal, shop, currency))],
                Worth = gain > 0 ? (decimal)Math.Round(gain) : null,
                Command = "cartwright pricing proposals --status waiting",
            });
        }

        return advices;
    }

    private static string Reason(PriceProposal proposal, LiveShop shop, string currency)
    {
        int index = shop.ProductIndex(proposal.ProductId);
        string name = index == Snapshot.None ? proposal.ProductId : shop.Products[index].Name;
        string range = proposal.IsBoundByStock ? "the stock is the limit, however much is wanted"
            : Advice.Say($"80 % interval {proposal.ExpectedLow:+#,0.00;−#,0.00;0} to {proposal.ExpectedHigh:+#,0.00;−#,0.00;0}");
        return Advice.Say($"{name}: from {proposal.CurrentPrice:N2} to {proposal.ProposedPrice:N2} {currency}, {proposal.ExpectedChange:+#,0.00;−#,0.00;0} of profit a day ({range}).");
    }

}
