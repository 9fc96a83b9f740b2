using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>Measures forecasts of the last periods by models that know only what came before, baselines beside them.</summary>
/// <example>cartwright inventory evaluate --data ./shop-folder --horizon 42</example>
public sealed record EvaluateRequest
{
    /// <summary>Shop folder to read into memory: its sales, or its purchases where it has no sales. The shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Shop folder whose sales go on after the last day of the data, and are forecast in place of the data's own last periods.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>"rolling": what comes after an origin is forecast from what came before it.</summary>
    [ForecastProtocolName]
    public string Protocol { get; init; } = "rolling";

    /// <summary>A model's name, or "all". The baselines always run.</summary>
    [ForecastModelName]
    public string Model { get; init; } = "all";

    /// <summary>Periods to forecast: 28 days or 4 weeks where none is said.</summary>
    [Range(1, 400)]
    public int? Horizon { get; init; }

    /// <summary>"day" or "week". Days for daily sales, weeks for weekly sales and for purchases, where none is said.</summary>
    public DemandPeriod? Period { get; init; }

    /// <summary>Forecasts the products alone that sold most before the first origin; all where none is said.</summary>
    [Range(1, 1_000_000)]
    public int? ProductCount { get; init; }

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes of the recurrent network over the sales, at most; it stops earlier when validation stops improving.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}

/// <summary>The name of a forecaster, or "all".</summary>
internal sealed class ForecastModelNameAttribute() : OneOfAttribute("forecast model")
{
    protected override IReadOnlyCollection<string> Allowed => ["all", .. ForecastLearner.Names];
}

internal sealed class ForecastProtocolNameAttribute() : OneOfAttribute("protocol")
{
    protected override IReadOnlyCollection<string> Allowed => ["rolling"];
}
