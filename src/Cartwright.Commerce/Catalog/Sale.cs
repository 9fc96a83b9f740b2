namespace Cartwright.Commerce.Catalog;

/// <summary>What one store sold of one product on one day: history where there are no interactions.</summary>
public sealed record Sale
{
    public required DateOnly Date { get; init; }

    public required string Product { get; init; }

    /// <summary>Store id; empty for a shop with one store.</summary>
    public string Store { get; init; } = "";

    /// <summary>Units sold, fractions allowed; less than 0 where more came back than went out.</summary>
    public required double Units { get; init; }

    /// <summary>Price of one unit on that day, in the shop's currency.</summary>
    public decimal? Price { get; init; }

    /// <summary>Share of the units that sold under a promotion, from 0 to 1; 0 or 1 where it is all or nothing.</summary>
    public double? Promoted { get; init; }

    /// <summary>Every other column of the row, by name. Columns named known_… are planned ahead; all others are unknown after the forecast origin.</summary>
    public IReadOnlyDictionary<string, string> Covariates { get; init; } = EmptyAttributes.Instance;
}
