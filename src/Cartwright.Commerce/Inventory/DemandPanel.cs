using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>How long a period of demand is.</summary>
public enum DemandPeriod
{
    Day,
    Week,
}

/// <summary>Demand of every product in every store on one calendar: what forecasters read.</summary>
/// <remarks>Periods count from 0. What is planned ahead (opening, price, promotion, known_… columns) may reach further than the units.</remarks>
internal sealed class DemandPanel
{
    public required ShopInfo Info { get; init; }

    /// <summary>First day of period 0, as <see cref="DateOnly.DayNumber"/>.</summary>
    public required int FirstDay { get; init; }

    public required DemandPeriod Period { get; init; }

    /// <summary>Periods of every series.</summary>
    public required int Length { get; init; }

    /// <summary>Names of what is planned ahead beside price and promotion.</summary>
    public required IReadOnlyList<string> Known { get; init; }

    public required IReadOnlyList<DemandSeries> Series { get; init; }

    /// <summary>False where prices and promotions are only known once something was sold, as those of purchases: then no model reads them.</summary>
    public required bool IsPlanned { get; init; }

    public int DaysPerPeriod => Period == DemandPeriod.Day ? 1 : 7;

    /// <summary>Periods after which a pattern comes back: the days of a week, or the weeks of a year.</summary>
    public int Season => Period == DemandPeriod.Day ? 7 : 52;

    /// <summary>Periods of a year: 364 days, so that weekdays match, or 52 weeks.</summary>
    public int Year => 364 / DaysPerPeriod;

    public DateOnly DateOf(int period) => DateOnly.FromDayNumber(FirstDay + (period * DaysPerPeriod));

    /// <summary>0 for Monday to 6 for Sunday; 0 for all weeks.</summary>
    public int WeekdayOf(int period) => Period == DemandPeriod.Day ? (FirstDay + period) % 7 : 0;

    /// <summary>The same panel as it was known before a period: no units from there on.</summary>
    public DemandPanel HideFrom(int origin) => With([.. Series.Select(series => series.HideFrom(origin))]);

    /// <summary>SHA-256 of what was sold, in hexadecimal: the same for the same demand.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (DemandSeries series in Series)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{series.Product}\x1f{series.Store}\x1f{FirstDay}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(series.Units.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(series.Price.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(series.Promoted.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The same panel with these series alone.</summary>
    public DemandPanel With(IReadOnlyList<DemandSeries> series) => new()
    {
        Info = Info,
        FirstDay = FirstDay,
        Period = Period,
        Length = Length,
        Known = Known,
        IsPlanned = IsPlanned,
        Series = series,
    };
}

/// <summary>Demand of one product in one store: a number for every period of the panel.</summary>
internal sealed class DemandSeries
{
    public required string Product { get; init; }

    /// <summary>Empty for a shop with one store.</summary>
    public required string Store { get; init; }

    /// <summary>NaN where nothing is known: the store was closed, or the period is still to come.</summary>
    public required float[] Units { get; init; }

    /// <summary>Whether it is on sale in a period. After the last sales: what is planned.</summary>
    public required bool[] IsOpen { get; init; }

    /// <summary>Price of one unit; NaN where none is known.</summary>
    public required float[] Price { get; init; }

    /// <summary>Share of the period under a promotion, from 0 to 1.</summary>
    public required float[] Promoted { get; init; }

    /// <summary>[<see cref="DemandPanel.Known"/>][periods]</summary>
    public required float[][] Known { get; init; }

    /// <summary>The first period with units; the length where there is none.</summary>
    public int First => Array.FindIndex(Units, u => !float.IsNaN(u)) is >= 0 and int first ? first : Units.Length;

    public bool IsPromoted(int period) => Promoted[period] >= 0.5f;

    /// <summary>ln(1 + units), with less than 0 as 0; NaN where nothing is known. What all models but the exponential smoothing read.</summary>
    public float Log(int period) => MathF.Log(1 + MathF.Max(0, Units[period]));

    public DemandSeries HideFrom(int origin)
    {
        float[] units = [.. Units];
        Array.Fill(units, float.NaN, origin, units.Length - origin);
        return new DemandSeries { Product = Product, Store = Store, Units = units, IsOpen = IsOpen, Price = Price, Promoted = Promoted, Known = Known };
    }
}
