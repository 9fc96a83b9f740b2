using System.Text.Json.Serialization;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>The data of one chart. The drawing, the table beneath it and the CSV file are all made from it.</summary>
public sealed record Chart
{
    /// <summary>Name of the CSV file, without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>What the horizontal axis counts: "Day", "Epoch".</summary>
    public required string AxisName { get; init; }

    /// <summary>What the vertical axis counts, with its unit: "Purchases per day".</summary>
    public required string ValueName { get; init; }

    /// <summary>Labels of the horizontal axis.</summary>
    public required IReadOnlyList<string> Axis { get; init; }

    /// <summary>The same labels as programs like them ("2026-11-04"), where they differ.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? AxisInFile { get; init; }

    /// <summary>Where the labels stand on the horizontal axis, rising, where it is a scale of numbers and not a row of names.</summary>
    public IReadOnlyList<double>? AxisValues { get; init; }

    /// <summary>Upright lines that mark places of the horizontal axis.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>At most five.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Stands before a value: "$".</summary>
    public string Prefix { get; init; } = "";

    public bool IsStacked { get; init; }

    /// <summary>True where the vertical axis must start at 0. Bars always do.</summary>
    public bool FromZero { get; init; } = true;
}

public enum ChartShape
{
    Bar,
    Line,

    /// <summary>A thin broken line behind the others, to compare with.</summary>
    Reference,
}

/// <param name="Values">One per label of the axis; null where there is none.</param>
public sealed record ChartSeries(string Name, ChartShape Shape, IReadOnlyList<double?> Values)
{
    /// <summary>A second vertical axis, at the right: for a series with another unit.</summary>
    public string? OwnAxis { get; init; }
}

/// <param name="At">Number of the label that it stands at, from 0.</param>
public sealed record ChartMark(string Name, int At);
