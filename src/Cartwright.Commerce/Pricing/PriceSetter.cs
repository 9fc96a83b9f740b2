using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Pricing;

/// <summary>The verbs that set prices.</summary>
public sealed class PriceSetter(TimeProvider clock)
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
}
