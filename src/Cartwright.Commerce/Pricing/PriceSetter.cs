using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Pricing;

/// <summary>The verbs that set prices.</summary>
/// <param name="catalog">The shop whose prices are set.</param>
/// <param name="proposals">Where proposed prices are kept.</param>
public sealed class PriceSetter(ShopCatalog catalog, IPriceProposalStore proposals, TimeProvider clock)
{
    /// <summary>Finds the prices that earn most together under stock and rules, or the rules that can't be kept together.</summary>
    /// <exception cref="ValidationException">The problem breaks a rule of its records, or names a product that it does not have.</exception>
    /// <exception cref="ImportFormatException">The problem file can't be read.</exception>
    public async Task<OptimizeResponse> OptimizeAsync(OptimizeRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Problem is not null)
        {
            if (request.Products is not null || request.Rules is not null)
            {
                throw new ValidationException("Both a problem file and products or rules were given; the problem is one or the other.");
            }

            request = await Task.Run(() => ProblemFile.Read(request), cancellationToken);
            RequestValidation.Validate(request, clock);
        }

        return request.Products is { Count: > 0 }
            ? await Task.Run(() => new PriceOptimization(request, clock).Solve(progress, cancellationToken), cancellationToken)
            : throw new InvalidRequestException("products", "The problem has no products. Give each with its cost, prices and demand; docs/examples/pricing-problem.json is one to start from.");
    }

    /// <summary>Proposes tomorrow's prices and keeps the proposals; those that waited for the same products are replaced.</summary>
    /// <exception cref="ValidationException">The shop has no sales to learn from.</exception>
    /// <exception cref="NotFoundException">A named product is not there.</exception>
    public async Task<RepriceResponse> RepriceAsync(RepriceRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("learning from sales", 0, 0, "products"));
        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellationToken);
        RepriceResponse response = await Task.Run(() => new PriceProposing(request, clock.GetUtcNow()).Run(reading, cancellationToken), cancellationToken);
        HashSet<string> renewed = [.. response.Proposals.Select(proposal => proposal.ProductId)];
        HashSet<string> ids = [.. response.Proposals.Select(proposal => proposal.Id)];
        IReadOnlyList<PriceProposal> waiting = await proposals.ListPriceProposalsAsync(ProposalStatus.Waiting, int.MaxValue, cancellationToken);
        await proposals.SavePriceProposalsAsync(
            [.. waiting.Where(old => renewed.Contains(old.ProductId) && !ids.Contains(old.Id)).Select(old => Decided(old, ProposalStatus.Replaced)), .. response.Proposals], cancellationToken);
        return response;
    }

    /// <summary>Lists proposals.</summary>
    public async Task<ProposalsResponse> ProposalsAsync(ProposalsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return new ProposalsResponse(await proposals.ListPriceProposalsAsync(request.Status, request.Count, cancellationToken));
    }

    /// <summary>Sets products to their proposed prices.</summary>
    /// <exception cref="NotFoundException">A proposal or its product is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">A proposal was decided on before, or its product has another price by now; nothing was changed.</exception>
    public Task<ProposalsResponse> ApproveAsync(ApproveRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return SetAsync(request.ProposalIds, ProposalStatus.Waiting, ProposalStatus.Approved, proposal => (proposal.CurrentPrice, proposal.ProposedPrice), cancellationToken);
    }

    /// <summary>Decides against proposals; prices stay.</summary>
    /// <exception cref="NotFoundException">A proposal is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">A proposal was decided on before; nothing was changed.</exception>
    public Task<ProposalsResponse> RejectAsync(RejectRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return SetAsync(request.ProposalIds, ProposalStatus.Waiting, ProposalStatus.Rejected, change: null, cancellationToken);
    }

    /// <summary>Brings back the prices before approval.</summary>
    /// <exception cref="NotFoundException">A proposal or its product is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">A proposal was not approved, or its product has another price by now; nothing was changed.</exception>
    public Task<ProposalsResponse> UndoAsync(UndoRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return SetAsync(request.ProposalIds, ProposalStatus.Approved, ProposalStatus.Undone, proposal => (proposal.ProposedPrice, proposal.CurrentPrice), cancellationToken);
    }

    /// <summary>Tries repricing on the simulated shop.</summary>
    public async Task<SimulateResponse> SimulateAsync(SimulateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return await Task.Run(() => new PriceTrial(request).Run(progress, cancellationToken), cancellationToken);
    }

    private async Task<ProposalsResponse> SetAsync(IReadOnlyList<string> ids, ProposalStatus from, ProposalStatus to,
        Func<PriceProposal, (decimal Before, decimal After)>? change, CancellationToken cancellationToken)
    {
        var decided = new List<PriceProposal>();
        var priced = new List<Product>();
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            PriceProposal proposal = await proposals.FindPriceProposalAsync(id, cancellationToken)
                ?? throw new NotFoundException($"There is no proposal '{id}'. 'cartwright pricing proposals' lists them.");
            if (proposal.Status != from)
            {
                throw new ValidationException($"Proposal '{id}' is {proposal.Status.ToString().ToLowerInvariant()}; only one that is {from.ToString().ToLowerInvariant()} can be {to.ToString().ToLowerInvariant()}.");
            }

            decided.Add(Decided(proposal, to));
            if (change?.Invoke(proposal) is (var before, var after))
            {
                Product product = await catalog.FindProductAsync(proposal.ProductId, cancellationToken);
                priced.Add(product.Price == before ? product with { Price = after } : throw new ValidationException(
                    $"Product '{product.Id}' costs {product.Price} by now, and proposal '{id}' was made at {before}. Reprice again, or set the price by hand."));
            }
        }

        foreach (Product product in priced)
        {
            await catalog.PutProductAsync(product, cancellationToken);
        }

        await proposals.SavePriceProposalsAsync(decided, cancellationToken);
        return new ProposalsResponse(decided);
    }

    private PriceProposal Decided(PriceProposal proposal, ProposalStatus status) => proposal with { Status = status, DecidedAt = clock.GetUtcNow() };
}
