using System.ComponentModel.DataAnnotations;
using System.Globalization;
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

    /// <summary>Proposes tomorrow's prices and keeps the proposals. What waited for the products that were looked at is replaced; what was decided stays.</summary>
    /// <exception cref="ValidationException">The shop has neither sales nor purchases to learn from.</exception>
    /// <exception cref="NotFoundException">A named product is not there.</exception>
    public async Task<RepriceResponse> RepriceAsync(RepriceRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("learning from sales", 0, 0, "products"));
        SalesHistory history = await catalog.ReadPricedSalesAsync(folder: null, shop: null, cancellationToken);
        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        (RepriceResponse response, IReadOnlyCollection<string> looked) = await Task.Run(() => new PriceProposing(request, history, now).Run(reading, cancellationToken), cancellationToken);
        if (request.DryRun)
        {
            return response with { Proposals = [.. response.Proposals.Select(proposal => proposal with { Demand = [] })] };
        }

        IReadOnlyList<PriceProposal> kept = await proposals.ProposePricesAsync(response.Proposals, looked, now, cancellationToken);
        HashSet<string> left = [.. kept.Select(proposal => proposal.ProductId)];
        return response with
        {
            Proposals = [.. kept.Select(proposal => proposal with { Demand = [] })],
            Skipped = [.. response.Skipped, .. response.Proposals.Where(proposal => !left.Contains(proposal.ProductId)).Select(proposal => new SkippedProduct(proposal.ProductId, "Its price was changed meanwhile."))],
        };
    }

    /// <summary>Lists proposals.</summary>
    public async Task<ProposalsResponse> ProposalsAsync(ProposalsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return new ProposalsResponse(await proposals.ListPriceProposalsAsync(request.Status, request.Count, request.WithDemand, cancellationToken));
    }

    /// <summary>One proposal.</summary>
    /// <exception cref="NotFoundException">There is none of this id.</exception>
    public async Task<PriceProposal> FindAsync(string id, CancellationToken cancellationToken = default) =>
        await proposals.FindPriceProposalAsync(id, cancellationToken) ?? throw new NotFoundException($"There is no proposal '{id}'. 'cartwright pricing proposals' lists them.");

    /// <summary>Sets products to their proposed prices.</summary>
    /// <exception cref="NotFoundException">A proposal or its product is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">A proposal was decided on before, or its product has another price by now; nothing was changed.</exception>
    public Task<ProposalsResponse> ApproveAsync(ApproveRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return SetAsync(request.ProposalIds, ProposalStatus.Waiting, ProposalStatus.Approved, proposal => new PriceChange(proposal.CurrentPrice, proposal.ProposedPrice), cancellationToken);
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
        return SetAsync(request.ProposalIds, ProposalStatus.Approved, ProposalStatus.Undone, proposal => new PriceChange(proposal.ProposedPrice, proposal.CurrentPrice), cancellationToken);
    }

    /// <summary>Tries repricing on the simulated shop.</summary>
    public async Task<SimulateResponse> SimulateAsync(SimulateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return await Task.Run(() => new PriceTrial(request).Run(progress, cancellationToken), cancellationToken);
    }

    private async Task<ProposalsResponse> SetAsync(IReadOnlyList<string> ids, ProposalStatus from, ProposalStatus to,
        Func<PriceProposal, PriceChange>? change, CancellationToken cancellationToken)
    {
        PriceDecision[] decisions;
        do
        {
            // Where somebody else was first, nothing was written, and reading again says what they did.
            decisions = await DecideAsync([.. ids.Distinct(StringComparer.Ordinal)], from, to, change, cancellationToken);
        }
        while (!await catalog.SetPricesAsync(() => proposals.DecidePricesAsync(decisions, cancellationToken), Prices(decisions), cancellationToken));

        return new ProposalsResponse([.. decisions.Select(decision => decision.Decided)]);
    }

    /// <summary>What is to be written, from what stands in the store now.</summary>
    private async Task<PriceDecision[]> DecideAsync(string[] ids, ProposalStatus from, ProposalStatus to, Func<PriceProposal, PriceChange>? change, CancellationToken cancellationToken)
    {
        var found = new List<PriceProposal>(ids.Length);
        foreach (string id in ids)
        {
            PriceProposal proposal = await FindAsync(id, cancellationToken);
            found.Add(proposal.Status == from ? proposal
                : throw new ValidationException($"Proposal '{id}' is {Word(proposal.Status)}; only one that is {Word(from)} can be {Word(to)}. Nothing was changed."));
        }

        // The latest first: of two for one product, its price is that of the latest.
        var prices = new Dictionary<string, decimal?>(StringComparer.Ordinal);
        var decisions = new List<PriceDecision>(ids.Length);
        foreach (PriceProposal proposal in found.OrderByDescending(proposal => proposal.DecidedAt))
        {
            PriceChange? wanted = change?.Invoke(proposal);
            if (wanted is not null)
            {
                if (!prices.TryGetValue(proposal.ProductId, out decimal? price))
                {
                    price = (await catalog.FindProductAsync(proposal.ProductId, cancellationToken)).Price;
                }

                prices[proposal.ProductId] = price == wanted.Before ? wanted.After : throw Moved(proposal, price, wanted.Before);
            }

            decisions.Add(new PriceDecision(proposal with { Status = to, DecidedAt = clock.GetUtcNow() }, from, wanted));
        }

        return [.. decisions];
    }

    private static Dictionary<string, decimal> Prices(PriceDecision[] decisions)
    {
        var prices = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (PriceDecision decision in decisions.Where(decision => decision.Change is not null))
        {
            prices[decision.Decided.ProductId] = decision.Change!.After;
        }

        return prices;
    }

    private static ValidationException Moved(PriceProposal proposal, decimal? now, decimal before)
    {
        string moved = now is { } price ? string.Create(CultureInfo.InvariantCulture, $"costs {price} by now") : "has no price by now";
        string expected = string.Create(CultureInfo.InvariantCulture, $"{(proposal.Status == ProposalStatus.Waiting ? "was made at" : "set it to")} {before}");
        return new ValidationException($"Product '{proposal.ProductId}' {moved}, and proposal '{proposal.Id}' {expected}. Nothing was changed. Reprice again, or set the price by hand.");
    }

    private static string Word(ProposalStatus status) => status.ToString().ToLowerInvariant();
}
