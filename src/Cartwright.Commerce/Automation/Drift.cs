using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Automation;

/// <summary>Whether the shop is still what its models were trained on: what shoppers do, with what, at what prices and hours, before the training against since; and whether the models in service are still as good as their trainings found.</summary>
/// <example>cartwright automation drift</example>
public sealed record DriftRequest
{
    /// <summary>Only the model of this slice.</summary>
    public string? Slice { get; init; }

    /// <summary>Days that are compared with those before the training.</summary>
    [Range(1, 400)]
    public int RecentDays { get; init; } = 14;

    /// <summary>Population stability index above which a model has drifted; 0.1 is a small shift, 0.25 a large one.</summary>
    [Range(0.01, 10.0)]
    public double Bound { get; init; } = 0.25;
}

/// <param name="Models">A line for each model in service.</param>
public sealed record DriftResponse(IReadOnlyList<ModelDrift> Models);

/// <param name="Slice">Whose model.</param>
/// <param name="Version">The version in service.</param>
/// <param name="Inputs">What the model reads, the most changed first; none where too little happened since.</param>
/// <param name="LookRateBefore">Share of the shown products that were looked at before the training; null where nothing was shown.</param>
/// <param name="LookRateSince">The same since.</param>
/// <param name="HasDrifted">Whether it should be trained anew.</param>
/// <param name="Why">In a sentence.</param>
public sealed record ModelDrift(string Slice, string Version, IReadOnlyList<InputDrift> Inputs, double? LookRateBefore, double? LookRateSince, bool HasDrifted, string Why)
{
    /// <summary>How good the model is on what happened since; null where that is not measured, or too little happened.</summary>
    public ServedQuality? Quality { get; init; }
}

/// <param name="Measure">"recall@10", where more is better, or "calibrationError", where less is.</param>
/// <param name="AtTraining">What the training found on what it held out, as the version's card says.</param>
/// <param name="Since">The same measure of the same version on what happened since.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="Count">Shoppers or sessions that it is measured on.</param>
/// <param name="IsWorse">Whether it is worse than in its training, by much and surely.</param>
/// <param name="Words">The same in a sentence.</param>
public sealed record ServedQuality(string Measure, double AtTraining, double Since, double Low, double High, int Count, bool IsWorse, string Words);

/// <param name="Input">"product", "category", "kind", "price" or "hour".</param>
/// <param name="Stability">Population stability index: 0 for no change.</param>
/// <param name="Before">Rows before the training.</param>
/// <param name="Since">Rows since.</param>
public sealed record InputDrift(string Input, double Stability, int Before, int Since);
