using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>What every verb asks that learns from a plain table.</summary>
public abstract record TableFields
{
    /// <summary>CSV file with a header, plain or gzipped.</summary>
    [PathField]
    public string? Table { get; init; }

    /// <summary>Column of the table that is predicted.</summary>
    public string? Target { get; init; }

    /// <summary>Column that names the rows; it is not learned from.</summary>
    public string? Id { get; init; }

    /// <summary>What the columns hold where it is not what was found out: "sku=ignored,zip=category". Kinds are number, category, text, time and ignored.</summary>
    [ItemCount(0, 1_000)]
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>"number", "count" or "class", where the target is not what was found out.</summary>
    public TableTarget? TargetKind { get; init; }

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the rows of the network, at most; it stops earlier when validation stops improving.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}

/// <summary>What every verb asks that measures models on a table.</summary>
public abstract record TableEvaluationFields : TableFields
{
    /// <summary>Table of rows never seen, in place of the protocol's test part.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>Column of the table that says train, valid or test for each row.</summary>
    public string? Split { get; init; }

    /// <summary>Share of the rows that is tested, where no column says which.</summary>
    [Range(0.01, 0.9)]
    public double TestShare { get; init; } = 0.2;

    /// <summary>A model's name, or "all". The baselines always run.</summary>
    [TableModelName]
    public string Model { get; init; } = "all";
}

/// <summary>The name of one of a table's models, or "all".</summary>
internal sealed class TableModelNameAttribute() : OneOfAttribute("model of a table")
{
    protected override IReadOnlyCollection<string> Allowed => ["all", .. TableLearner.Names];
}
