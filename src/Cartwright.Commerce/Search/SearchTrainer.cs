using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>The verbs of search that learn: from clicks why they happen, and from clicks or judgments in which order results should stand.</summary>
/// <param name="catalog">The shop that is asked about.</param>
public sealed class SearchTrainer(ShopCatalog catalog, TimeProvider clock)
{
    private readonly SearchSource _source = new(catalog);

    /// <summary>Learns click models from the first searches and measures them on the later ones. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There are no searches or no clicks.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateClicksAsync(EvaluateClicksRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading searches", 0, 0, "rows"));
        (ShopInfo info, IReadOnlyList<Catalog.Search> searches) = await _source.ReadAsync(request.Data, cancellationToken);
        IReadOnlyList<Catalog.Search>? test = request.Test is null ? null : (await _source.ReadAsync(request.Test, cancellationToken)).Searches;
        return await Task.Run(() => ClickEvaluation.Run(request, info, searches, test, progress, cancellationToken), cancellationToken);
    }

    /// <summary>What stands behind the clicks at each place: who looked, and who was attracted.</summary>
    /// <exception cref="ValidationException">There are no searches or no clicks.</exception>
    /// <exception cref="NotFoundException">The query was never searched.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<ClicksResponse> ClicksAsync(ClicksRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (_, IReadOnlyList<Catalog.Search> searches) = await _source.ReadAsync(request.Data, cancellationToken);
        return await Task.Run(() => ClickCurve.Of(request, searches, cancellationToken), cancellationToken);
    }
}
