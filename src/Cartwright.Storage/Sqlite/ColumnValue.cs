using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>How values that SQLite has no type for stand in its columns.</summary>
internal static class ColumnValue
{
    /// <summary>One currency unit in hundred-millionths, the last decimal that prices keep.</summary>
    private const decimal PriceScale = 100_000_000m;

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public static long From(DateTimeOffset at) => ShopTime.ToMicroseconds(at);

    public static long? From(DateTimeOffset? at) => at is { } moment ? From(moment) : null;

    public static DateTimeOffset Time(long value) => ShopTime.FromMicroseconds(value);

    public static DateTimeOffset? Time(long? value) => value is { } known ? Time(known) : null;

    public static long? From(decimal? price) => price is { } amount ? (long)Math.Round(amount * PriceScale) : null;

    public static decimal? Price(long? value) => value is { } known ? known / PriceScale : null;

    /// <summary>Null where there is none; names in order, so that the same attributes are the same text.</summary>
    public static string? From(IReadOnlyDictionary<string, string> attributes)
        => attributes.Count == 0 ? null : AttributesJson.Write(attributes);

    public static IReadOnlyDictionary<string, string> Attributes(string? value)
        => value is null ? EmptyAttributes.Instance : AttributesJson.Read(value);

    public static string? From(IReadOnlyList<string> words, char separator) => words.Count == 0 ? null : string.Join(separator, words);

    public static IReadOnlyList<string> Words(string? value, char separator) => string.IsNullOrEmpty(value) ? [] : value.Split(separator);
}
