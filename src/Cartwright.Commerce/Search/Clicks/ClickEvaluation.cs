using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Search;

/// <summary>Learns click models from the first searches and measures them on the later ones.</summary>
internal static class ClickEvaluation
{
    /// <param name="test">Searches of another folder; null cuts them from the others.</param>
    /// <exception cref="ValidationException">Nothing is left to learn from or to test.</exception>
    public static EvaluationReport Run(EvaluateClicksRequest request, ShopInfo info, IReadOnlyList<Catalog.Search> searches, IReadOnlyList<Catalog.Search>? test,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        (ClickLog learned, ClickLog tested) = Cut(searches, test);
        if (learned.PageCount == 0 || tested.PageCount == 0)
        {
            throw new ValidationException($"{info.Name} has {searches.Count:N0} searches: {learned.PageCount:N0} to learn from and {tested.PageCount:N0} to test, of queries that were learned. Both need one at least.");
        }

        var measure = new ClickMeasure(tested);
        var models = new List<ModelEvaluation>();
        IClickModel[] asked = [.. ClickModels.Asked(request.Model)];
        foreach (IClickModel model in asked)
        {
            progress?.Report(new RunProgress($"learning {model.Name}", models.Count, asked.Length, "models"));
            PeakMemory.Restart();
            long begun = Stopwatch.GetTimestamp();
            model.Fit(learned, cancellation);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            models.Add(new ModelEvaluation(model.Name, model.IsBaseline ? "baseline" : "model", measure.Estimate(model, request.Seed), seconds, PeakMemory.Bytes));
        }

        return new EvaluationReport
        {
            Data = info.Name,
            Protocol = test is null ? "order-75" : "test-folder",
            Seed = request.Seed,
            TestCount = tested.PageCount,
            Candidates = 0,
            Models = models,
        };
    }

    private static (ClickLog Learned, ClickLog Tested) Cut(IReadOnlyList<Catalog.Search> searches, IReadOnlyList<Catalog.Search>? test)
    {
        ClickLog all = ClickLog.Of(searches);
        return test is null ? all.CutInOrder() : (all, all.With(test));
    }
}
