using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>Models beside each other by the metric that they were compared by.</summary>
internal static class ComparisonChart
{
    public static Chart Of(CompareResponse compared)
    {
        ModelEvaluation[] ranked = [.. compared.Report.Models.OrderByDescending(model => ValueOf(model, compared.Metric))];
        return new Chart
        {
            Name = "comparison",
            AxisName = "Model",
            ValueName = compared.Metric,
            Axis = [.. ranked.Select(model => ModelQuality.Name(model.Model))],
            Series =
            [
                new(compared.Metric, ChartShape.Bar, [.. ranked.Select(model => (double?)ValueOf(model, compared.Metric))]),
                new("95 % interval, from", ChartShape.Reference, [.. ranked.Select(model => model.Metrics.GetValueOrDefault(compared.Metric)?.Low)]),
                new("95 % interval, to", ChartShape.Reference, [.. ranked.Select(model => model.Metrics.GetValueOrDefault(compared.Metric)?.High)]),
            ],
        };
    }

    /// <summary>"SASRec is best, and surely better than 3 of 4 others".</summary>
    public static string Finding(CompareResponse compared)
    {
        ModelEvaluation best = compared.Report.Models.MaxBy(model => ValueOf(model, compared.Metric))!;
        ModelPair[] pairs = [.. compared.Pairs.Where(pair => pair.Better == best.Model)];
        return $"{ModelQuality.Name(best.Model)} is best, and surely better than {pairs.Count(pair => pair.IsSure)} of {pairs.Length} others";
    }

    private static double ValueOf(ModelEvaluation model, string metric) => model.Metrics.GetValueOrDefault(metric)?.Value ?? 0;
}
