using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class PriceProposalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Prices_and_decisions_are_written_together_or_not_at_all()
    {
        using TempShop temp = WithProducts(2);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        IPriceProposalStore store = (IPriceProposalStore)shop.Store;
        PriceProposal[] waiting = [.. await store.ProposePricesAsync([Proposal("p0"), Proposal("p1")], ["p0", "p1"], Noon)];

        bool isWritten = await store.DecidePricesAsync(
        [
            new PriceDecision(waiting[0] with { Status = ProposalStatus.Approved }, ProposalStatus.Waiting, new PriceChange(10, 11)),
            new PriceDecision(waiting[1] with { Status = ProposalStatus.Approved }, ProposalStatus.Waiting, new PriceChange(9, 11)),   // it is 10
        ]);

        Assert.False(isWritten);
        Assert.Equal([10m, 10m], await PricesAsync(shop, 2));
        Assert.Equal(2, (await store.ListPriceProposalsAsync(ProposalStatus.Waiting, 10, withDemand: false)).Count);
    }

    [Fact]
    public async Task A_decision_changes_the_price_and_nothing_else_of_the_product()
    {
        using TempShop temp = WithProducts(1);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        PriceProposal proposal = (await ((IPriceProposalStore)shop.Store).ProposePricesAsync([Proposal("p0")], ["p0"], Noon))[0];
        Product product = await shop.Catalog.FindProductAsync("p0");
        await shop.Catalog.PutProductAsync(product with { Stock = 3, Title = "New title" });

        await shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] });

        Assert.Equivalent(product with { Stock = 3, Title = "New title", Price = 11 }, await shop.Catalog.FindProductAsync("p0"));
    }

    [Fact]
    public async Task The_demand_stays_with_a_proposal_through_decisions_and_lists_give_it_where_asked()
    {
        using TempShop temp = WithProducts(1);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        DemandPoint[] demand = [new(10, 2, 1, 3), new(11, 1.5, 1, 2)];
        PriceProposal proposal = (await ((IPriceProposalStore)shop.Store).ProposePricesAsync([Proposal("p0") with { Demand = demand }], ["p0"], Noon))[0];

        await shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] });

        Assert.Equal(demand, (await shop.PriceSetter.FindAsync(proposal.Id)).Demand);
        Assert.Empty(Assert.Single((await shop.PriceSetter.ProposalsAsync(new ProposalsRequest())).Proposals).Demand);
        Assert.Equal(demand, Assert.Single((await shop.PriceSetter.ProposalsAsync(new ProposalsRequest { WithDemand = true })).Proposals).Demand);
    }

    [Fact]
    public async Task A_price_that_moved_while_a_run_was_under_way_gets_no_proposal()
    {
        using TempShop temp = WithProducts(2);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        await shop.Catalog.PutProductAsync(await shop.Catalog.FindProductAsync("p1") with { Price = 12 });

        IReadOnlyList<PriceProposal> kept = await ((IPriceProposalStore)shop.Store).ProposePricesAsync([Proposal("p0"), Proposal("p1")], ["p0", "p1"], Noon);

        Assert.Equal("p0", Assert.Single(kept).ProductId);
    }

    [Fact]
    public async Task A_product_that_is_gone_can_not_be_approved()
    {
        using TempShop temp = WithProducts(1);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        PriceProposal proposal = (await ((IPriceProposalStore)shop.Store).ProposePricesAsync([Proposal("p0")], ["p0"], Noon))[0];
        await shop.Catalog.DeleteProductAsync("p0");

        await Assert.ThrowsAsync<NotFoundException>(() => shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] }));

        Assert.Equal(ProposalStatus.Waiting, (await shop.PriceSetter.FindAsync(proposal.Id)).Status);
    }

    [Fact]
    public async Task A_process_killed_while_it_decides_leaves_nothing_half_done()
    {
        const int count = 40;
        using TempShop temp = WithProducts(count);
        string[] ids;
        await using (Shop shop = await temp.OpenAsync())
        {
            await temp.ImportAsync(shop);
            PriceProposal[] proposals = [.. Enumerable.Range(0, count).Select(i => Proposal($"p{i}"))];
            ids = [.. (await ((IPriceProposalStore)shop.Store).ProposePricesAsync(proposals, [], Noon)).Select(proposal => proposal.Id)];
        }

        for (int kill = 0; kill < 3; kill++)
        {
            using (Process child = Program.Start(["decide", temp.ShopPath, .. ids]))
            {
                for (int done = 0; done < 3 + kill; done++)
                {
                    Assert.NotNull(await child.StandardOutput.ReadLineAsync());
                }

                child.Kill();
                await child.WaitForExitAsync();
            }

            await using Shop shop = await temp.OpenAsync();
            var statuses = new HashSet<ProposalStatus>();
            foreach ((string id, decimal? price) in ids.Zip(await PricesAsync(shop, count)))
            {
                PriceProposal proposal = await shop.PriceSetter.FindAsync(id);
                statuses.Add(proposal.Status is ProposalStatus.Approved ? ProposalStatus.Approved : ProposalStatus.Undone);
                Assert.Equal(proposal.Status == ProposalStatus.Approved ? 11m : 10m, price);
                if (proposal.Status != ProposalStatus.Waiting)
                {
                    await ((IPriceProposalStore)shop.Store).DecidePricesAsync([new PriceDecision(
                        proposal with { Status = ProposalStatus.Waiting }, proposal.Status, proposal.Status == ProposalStatus.Approved ? new PriceChange(11, 10) : null)]);
                }
            }

            Assert.Single(statuses);
        }
    }

    private static async Task<decimal?[]> PricesAsync(Shop shop, int count)
    {
        decimal?[] prices = new decimal?[count];
        for (int i = 0; i < count; i++)
        {
            prices[i] = (await shop.Catalog.FindProductAsync($"p{i}")).Price;
        }

        return prices;
    }

    private static TempShop WithProducts(int count) => new TempShop()
        .Write("products.csv", "id,title,price,cost,stock\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"p{i},Product {i},10,4,7\n")));

    private static PriceProposal Proposal(string product) => new()
    {
        Id = $"20260301-{product}",
        ProductId = product,
        At = Noon,
        CurrentPrice = 10,
        ProposedPrice = 11,
        ExpectedChange = 1,
        ExpectedLow = 0,
        ExpectedHigh = 2,
        Inputs = new ProposalInputs(4, 10, 7, null, 1, -2, 0.5, 30),
        ModelVersion = "test",
    };
}
