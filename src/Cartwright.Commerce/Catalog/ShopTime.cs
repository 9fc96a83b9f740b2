using System.Globalization;

namespace Cartwright.Commerce.Catalog;

/// <summary>Moments as shop folders write them: ISO 8601, or seconds since 1970-01-01 UTC; fractions allowed.</summary>
/// <remarks>Kept to the microsecond, in UTC, years 1 to 9999. ISO times without a zone are UTC.</remarks>
internal static class ShopTime
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public static long ToMicroseconds(DateTimeOffset at)
        => Math.DivRem(at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond, out long rest) - (rest < 0 ? 1 : 0);

    public static DateTimeOffset FromMicroseconds(long microseconds)
        => new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>The same moment without what lies below a microsecond, in UTC.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset at) => FromMicroseconds(ToMicroseconds(at));

    /// <summary>2024-03-01T12:00:00Z, with as many decimals as it needs.</summary>
    public static string Format(DateTimeOffset at)
        => at.ToUniversalTime().ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        text = text.Trim(" \t"u8);
        return text.Length >= 8 && text[4] == (byte)'-' && text[0] != (byte)'-' ? TryParseIso(text, out at) : TryParseUnix(text, out at);
    }

    private static bool TryParseUnix(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        at = default;
        bool isNegative = text.Length > 0 && text[0] == (byte)'-';
        if (isNegative)
        {
            text = text[1..];
        }

        int dot = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? text : text[..dot];
        if (whole.Length is 0 or > 12 || !TryParseDigits(whole, out long seconds)
            || !TryParseFraction(dot < 0 ? [] : text[(dot + 1)..], dot >= 0, out long micros))
        {
            return false;
        }

        long total = (seconds * MicrosecondsPerSecond) + micros;
        total = isNegative ? -total : total;
        if (total < MinSeconds * MicrosecondsPerSecond || total / MicrosecondsPerSecond > MaxSeconds)
        {
            return false;
        }

        at = FromMicroseconds(total);
        return true;
    }

    /// <summary>yyyy-MM-dd, then maybe T or a space and HH:mm[:ss[.f…]], then maybe Z or ±HH[:]MM.</summary>
    private static bool TryParseIso(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        at = default;
        if (text.Length < 10 || text[7] != (byte)'-' || !TryParseDigits(text[..4], out long year)
            || !TryParseDigits(text[5..7], out long month) || !TryParseDigits(text[8..10], out long day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month))
        {
            return false;
        }

        var date = new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Unspecified);
        ReadOnlySpan<byte> rest = text[10..];
        long micros = 0;
        if (rest.Length > 0)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryParseClock(rest[1..], out micros, out int used))
            {
                return false;
            }

            rest = rest[(1 + used)..];
        }

        if (!TryParseZone(rest, out int zoneMinutes))
        {
            return false;
        }

        long ticks = date.Ticks + (micros * TimeSpan.TicksPerMicrosecond) - (zoneMinutes * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        at = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryParseClock(ReadOnlySpan<byte> text, out long micros, out int used)
    {
        micros = 0;
        used = 5;
        if (text.Length < 5 || text[2] != (byte)':' || !TryParseDigits(text[..2], out long hour) || !TryParseDigits(text[3..5], out long minute)
            || hour > 23 || minute > 59)
        {
            return false;
        }

        long second = 0;
        long fraction = 0;
        if (text.Length > 5 && text[5] == (byte)':')
        {
            if (text.Length < 8 || !TryParseDigits(text[6..8], out second) || second > 59)
            {
                return false;
            }

            used = 8;
            if (text.Length > 8 && text[8] is (byte)'.' or (byte)',')
            {
                int end = 9;
                while (end < text.Length && text[end] is >= (byte)'0' and <= (byte)'9')
                {
                    end++;
                }

                if (!TryParseFraction(text[9..end], true, out fraction))
                {
                    return false;
                }

                used = end;
            }
        }

        micros = ((((hour * 60) + minute) * 60) + second) * MicrosecondsPerSecond + fraction;
        return true;
    }

    private static bool TryParseZone(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 0 || text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        ReadOnlySpan<byte> hours = text.Length > 2 ? text[1..3] : [];
        ReadOnlySpan<byte> rest = text.Length switch { 3 => "00"u8, 5 => text[3..], 6 when text[3] == (byte)':' => text[4..], _ => [] };
        if (text[0] is not ((byte)'+' or (byte)'-') || !TryParseDigits(hours, out long h) || !TryParseDigits(rest, out long m) || h > 14 || m > 59)
        {
            return false;
        }

        minutes = (int)((h * 60) + m) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryParseDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return text.Length > 0;
    }

    private static bool TryParseFraction(ReadOnlySpan<byte> digits, bool isExpected, out long micros)
    {
        micros = 0;
        if (!isExpected)
        {
            return true;
        }

        long scale = MicrosecondsPerSecond;
        foreach (byte c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            scale /= 10;
            micros += (c - '0') * scale;
        }

        return digits.Length > 0;
    }
}
