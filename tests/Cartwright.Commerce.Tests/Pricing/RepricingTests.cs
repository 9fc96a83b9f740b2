using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class RepricingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reprice-").FullName;
    private readonly SetClock _clock = new();
    private Shop _shop = null!;

    public async Task InitializeAsync()
    {
        _shop = await Shop.OpenAsync(Path.Combine(_folder, "shop"), _clock);
        await Cartwright.Commerce.Simulation.SampleShop.WriteAsync(new() { Folder = Path.Combine(_folder, "sample"), Products = 20, Shoppers = 200, Days = 60 });
        await _shop.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(_folder, "sample") });
    }

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_proposal_is_approved_undone_and_can_not_be_decided_on_twice()
    {
        RepriceResponse repriced = await _shop.PriceSetter.RepriceAsync(new RepriceRequest());
        PriceProposal proposal = repriced.Proposals[0];
        string[] id = [proposal.Id];

        PriceProposal approved = Assert.Single((await _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = id })).Proposals);
        decimal? whileApproved = (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price;
        await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.RejectAsync(new RejectRequest { ProposalIds = id }));
        await _shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = id });

        Assert.Equal(ProposalStatus.Approved, approved.Status);
        Assert.Equal(proposal.ProposedPrice, whileApproved);
        Assert.Equal(proposal.CurrentPrice, (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price);
        Assert.Equal(ProposalStatus.Undone, Assert.Single((await _shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Undone })).Proposals).Status);
    }

    [Fact]
    public async Task Proposals_keep_the_guardrails_and_what_they_were_made_from()
    {
        RepriceResponse repriced = await _shop.PriceSetter.RepriceAsync(new RepriceRequest { MostStep = 0.04, LeastMargin = 0.2, MostAboveUsual = 0.1 });

        Assert.NotEmpty(repriced.Proposals);
        Assert.All(repriced.Proposals, proposal =>
        {
            Assert.True(Math.Abs(proposal.ProposedPrice - proposal.CurrentPrice) <= 0.04m * proposal.CurrentPrice);
            Assert.True(proposal.ProposedPrice - proposal.Inputs.Cost >= 0.2m * proposal.ProposedPrice);
            Assert.True(proposal.ProposedPrice <= 1.1m * proposal.Inputs.UsualPrice);
            Assert.InRange(proposal.ExpectedChange, proposal.ExpectedLow, proposal.ExpectedHigh);
            Assert.True(proposal.Inputs.Sales > 0);
            Assert.Contains("seed 1", proposal.ModelVersion, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_same_seed_proposes_the_same_prices_and_a_new_run_replaces_what_waits()
    {
        RepriceResponse first = await _shop.PriceSetter.RepriceAsync(new RepriceRequest());
        _clock.Now += TimeSpan.FromDays(1);
        RepriceResponse second = await _shop.PriceSetter.RepriceAsync(new RepriceRequest());

        Assert.Equal(first.Proposals.Select(p => (p.ProductId, p.ProposedPrice)), second.Proposals.Select(p => (p.ProductId, p.ProposedPrice)));
        Assert.Equal(second.Proposals.Count, (await _shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Waiting })).Proposals.Count);
        Assert.Equal(first.Proposals.Count, (await _shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Replaced })).Proposals.Count);
    }

    [Fact]
    public async Task A_price_that_changed_meanwhile_is_not_overwritten()
    {
        PriceProposal proposal = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals[0];
        Product product = await _shop.Catalog.FindProductAsync(proposal.ProductId);
        await _shop.Catalog.PutProductAsync(product with { Price = 1.23m });

        await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] }));

        Assert.Equal(1.23m, (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price);
    }

    [Fact]
    public async Task Undo_after_the_price_was_changed_says_so_and_changes_nothing()
    {
        PriceProposal proposal = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals[0];
        await _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] });
        Product product = await _shop.Catalog.FindProductAsync(proposal.ProductId);
        await _shop.Catalog.PutProductAsync(product with { Price = 1.23m });

        ValidationException refused = await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = [proposal.Id] }));

        Assert.Contains("1.23 by now", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1.23m, (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price);
        Assert.Equal(ProposalStatus.Approved, (await _shop.PriceSetter.FindAsync(proposal.Id)).Status);
    }

    [Fact]
    public async Task One_proposal_that_can_not_be_approved_leaves_all_of_them_waiting()
    {
        IReadOnlyList<PriceProposal> proposals = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals;
        Product moved = await _shop.Catalog.FindProductAsync(proposals[1].ProductId);
        await _shop.Catalog.PutProductAsync(moved with { Price = 1.23m });

        await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposals[0].Id, proposals[1].Id] }));

        Assert.Equal(proposals[0].CurrentPrice, (await _shop.Catalog.FindProductAsync(proposals[0].ProductId)).Price);
        Assert.Equal(ProposalStatus.Waiting, (await _shop.PriceSetter.FindAsync(proposals[0].Id)).Status);
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_one_does_and_the_others_are_told()
    {
        PriceProposal proposal = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals[0];
        await _shop.Catalog.LiveAsync();
        string[] id = [proposal.Id];

        Exception?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Record.ExceptionAsync(() => i % 2 == 0
            ? _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = id })
            : _shop.PriceSetter.RejectAsync(new RejectRequest { ProposalIds = id }))));

        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes.OfType<Exception>(), refused => Assert.IsType<ValidationException>(refused));
        bool isApproved = (await _shop.PriceSetter.FindAsync(proposal.Id)).Status == ProposalStatus.Approved;
        decimal expected = isApproved ? proposal.ProposedPrice : proposal.CurrentPrice;
        Assert.Equal(expected, (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price);
        LiveShop live = await _shop.Catalog.LiveAsync();
        Assert.Equal(expected, live.Products[live.ProductIndex(proposal.ProductId)].Price);
    }

    [Fact]
    public async Task A_later_run_leaves_what_was_decided_and_two_runs_of_one_moment_keep_apart()
    {
        IReadOnlyList<PriceProposal> first = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals;
        await _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [first[0].Id] });
        await _shop.PriceSetter.RejectAsync(new RejectRequest { ProposalIds = [first[1].Id] });

        IReadOnlyList<PriceProposal> second = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest { Seed = 2 })).Proposals;

        Assert.Equal(ProposalStatus.Approved, (await _shop.PriceSetter.FindAsync(first[0].Id)).Status);
        Assert.Equal(ProposalStatus.Rejected, (await _shop.PriceSetter.FindAsync(first[1].Id)).Status);
        Assert.Equal(ProposalStatus.Replaced, (await _shop.PriceSetter.FindAsync(first[2].Id)).Status);
        Assert.Empty(first.Select(p => p.Id).Intersect(second.Select(p => p.Id), StringComparer.Ordinal));
        Assert.Equal(second.Count, (await _shop.PriceSetter.ProposalsAsync(new ProposalsRequest { Status = ProposalStatus.Waiting })).Proposals.Count);
    }

    [Fact]
    public async Task Two_approvals_of_one_product_are_undone_together_back_to_the_first_price()
    {
        PriceProposal first = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest())).Proposals[0];
        await _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [first.Id] });
        PriceProposal? second = null;
        for (int seed = 2; second is null; seed++)
        {
            _clock.Now += TimeSpan.FromDays(1);
            second = (await _shop.PriceSetter.RepriceAsync(new RepriceRequest { ProductIds = [first.ProductId], Seed = seed })).Proposals.SingleOrDefault();
        }

        await _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [second.Id] });
        await Assert.ThrowsAsync<ValidationException>(() => _shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = [first.Id] }));
        await _shop.PriceSetter.UndoAsync(new UndoRequest { ProposalIds = [first.Id, second.Id] });

        Assert.Equal(first.CurrentPrice, (await _shop.Catalog.FindProductAsync(first.ProductId)).Price);
    }

    [Fact]
    public async Task A_proposal_keeps_the_demand_it_was_made_from()
    {
        await _shop.PriceSetter.RepriceAsync(new RepriceRequest());

        IReadOnlyList<PriceProposal> proposals = (await _shop.PriceSetter.ProposalsAsync(new ProposalsRequest { WithDemand = true })).Proposals;

        Assert.NotEmpty(proposals);
        Assert.All(proposals, proposal =>
        {
            Assert.Contains(proposal.Demand, point => point.Price == proposal.CurrentPrice);
            Assert.Contains(proposal.Demand, point => point.Price == proposal.ProposedPrice);
            Assert.Equal(proposal.Demand.OrderBy(point => point.Price), proposal.Demand);
            Assert.All(proposal.Demand, point => Assert.True(point.Low <= point.Units && point.Units <= point.High));
            Assert.InRange(proposal.UnitsChange!.Value, proposal.UnitsLow!.Value, proposal.UnitsHigh!.Value);
        });
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
