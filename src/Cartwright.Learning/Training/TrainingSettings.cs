using System.Globalization;
using Cartwright.Learning.Optimizers;
using static System.FormattableString;

namespace Cartwright.Learning.Training;

/// <summary>What makes a training another one than that of a checkpoint, in words. How long it lasts and when it stops does not.</summary>
internal static class TrainingSettings
{
    public static SortedDictionary<string, string> Of(TrainingPlan plan, TrainerOptions options) => new(StringComparer.Ordinal)
    {
        ["batches in an epoch"] = Invariant($"{plan.StepsPerEpoch}"),
        ["batches in a step"] = Invariant($"{options.GradientAccumulation}"),
        ["optimizer"] = plan.Optimizer.Description,
        ["learning rate"] = plan switch
        {
            { LearningRate.Target: LearningRateSchedule schedule } => schedule.Description,
            { LearningRate: not null } => "a function of the step",
            { Plateau: { } plateau } => plateau.Description,
            _ => Invariant($"{plan.Optimizer.LearningRate}"),
        },
        ["largest gradient"] = OrNone(options.MaxGradientNorm),
        ["memory of the average"] = OrNone(options.AverageDecay),
        ["validation"] = plan.Validate is null ? "none" : $"{plan.Metrics[0].Name}, {(plan.Metrics[0].HigherIsBetter ? "higher" : "lower")} is better",
    };

    /// <summary>What differs, as "optimizer: … then, … now"; empty where nothing does, or the checkpoint does not say.</summary>
    public static string Difference(IReadOnlyDictionary<string, string>? then, SortedDictionary<string, string> now) => then is null ? ""
        : string.Join("; ", now.Where(setting => then.GetValueOrDefault(setting.Key) != setting.Value)
            .Select(setting => $"{setting.Key}: {then.GetValueOrDefault(setting.Key) ?? "not known"} then, {setting.Value} now"));

    private static string OrNone(float? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
