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
        await Assert.ThrowsAsync<System.ComponentModel.DataAnnotations.ValidationException>(() => _shop.PriceSetter.RejectAsync(new RejectRequest { ProposalIds = id }));
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

        await Assert.ThrowsAsync<System.ComponentModel.DataAnnotations.ValidationException>(() => _shop.PriceSetter.ApproveAsync(new ApproveRequest { ProposalIds = [proposal.Id] }));

        Assert.Equal(1.23m, (await _shop.Catalog.FindProductAsync(proposal.ProductId)).Price);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
