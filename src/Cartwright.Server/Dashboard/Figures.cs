using System.Globalization;

namespace Cartwright.Server.Dashboard;

/// <summary>Numbers, money, times and sizes as people read them.</summary>
internal static class Figures
{
    /// <summary>1234 is "1,234".</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 run", "1,234 runs"; the plural adds an s where none is given.</summary>
    public static string Count(long value, string noun, string? plural = null) =>
        $"{Count(value)} {(value == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>0.0931 is "9.3 %"; below 1 % two digits are kept.</summary>
    public static string Percent(double fraction)
    {
        double percent = fraction * 100;
        string format = Math.Abs(percent) switch { 0 => "0", < 1 => "0.##", < 10 => "0.0", _ => "0" };
        return percent.ToString(format, CultureInfo.InvariantCulture) + "\u00A0%";   // a space at which no line breaks
    }

    /// <summary>Three significant digits: 0.05310 is "0.0531", 3.2184 is "3.22", 1234.5 is "1,235".</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        double.NaN => "–",
        0 => "0",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        >= 0.001 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#e0", CultureInfo.InvariantCulture),
    };

    /// <summary>"$1,234.50", "€1,234.50", "1,234.50 CHF". From a million on without the cents.</summary>
    public static string Money(decimal value, string currency) =>
        Amount(value, currency, isWhole: currency is "JPY" or "KRW" || Math.Abs(value) >= 1_000_000);

    /// <summary>An estimate, which cents would make look better known than it is: "€399".</summary>
    public static string About(decimal value, string currency) => Amount(value, currency, isWhole: true);

    private static string Amount(decimal value, string currency, bool isWhole)
    {
        string amount = Math.Abs(value).ToString(isWhole ? "N0" : "N2", CultureInfo.InvariantCulture);
        string sign = value < 0 ? "−" : "";
        return Symbol(currency) is { } symbol ? $"{sign}{symbol}{amount}" : $"{sign}{amount} {currency}";
    }

    /// <summary>"under 0.1 s", "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 days".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0.1 } => "under 0.1 s",
        { TotalSeconds: < 10 } => $"{span.TotalSeconds:0.0} s",
        { TotalMinutes: < 1 } => $"{span.TotalSeconds:0} s",
        { TotalHours: < 1 } => span.Seconds == 0 ? $"{span.Minutes} min" : $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} h" : $"{span.Hours} h {span.Minutes} min",
        _ => Count((long)span.TotalDays, "day"),
    };

    /// <summary>Powers of 1,000: "4.2 MB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:0.#} kB",
        < 1_000_000_000 => $"{bytes / 1e6:0.#} MB",
        _ => $"{bytes / 1e9:0.#} GB",
    };

    /// <summary>"4 Nov 2026".</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>"1–30 Nov 2026", "28 Oct – 4 Nov 2026", "28 Dec 2025 – 4 Jan 2026".</summary>
    public static string Days(DateOnly from, DateOnly to)
    {
        if (from == to)
        {
            return Day(to);
        }

        string start = (from.Year == to.Year, from.Month == to.Month) switch
        {
            (true, true) => $"{from.Day}–",
            (true, false) => from.ToString("d MMM – ", CultureInfo.InvariantCulture),
            _ => from.ToString("d MMM yyyy – ", CultureInfo.InvariantCulture),
        };
        return start + Day(to);
    }

    private static string? Symbol(string currency) => currency switch
    {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" or "CNY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        _ => null,
    };
}
