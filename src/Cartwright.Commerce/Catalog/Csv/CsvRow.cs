using System.Globalization;
using System.Text.Json;

namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>The fields of the row a table stands on, as values. The first that can't be read is remembered in <see cref="Error"/>.</summary>
internal sealed class CsvRow(CsvTable table)
{
    /// <summary>Why the row can't be read; null where it can.</summary>
    public string? Error { get; private set; }

    public void Start() => Error = table.Problem;

    /// <summary>The field as it stands; null where it is empty.</summary>
    public string? Text(int column)
    {
        string text = table.Text(column);
        return text.Length == 0 ? null : text;
    }

    /// <summary>The field without spaces around it; null where it is empty.</summary>
    public string? Word(int column)
    {
        string text = table.Text(column).Trim();
        return text.Length == 0 ? null : text;
    }

    public DateTimeOffset? OptionalTime(int column, string name)
    {
        ReadOnlySpan<byte> text = table.Bytes(column);
        return text.IsEmpty ? null
            : ShopTime.TryParse(text, out DateTimeOffset at) ? at
            : Fail<DateTimeOffset>(name, column, "a time such as 2024-03-01T12:00:00Z, or Unix seconds");
    }

    public DateTimeOffset Time(int column, string name)
        => Required(OptionalTime(column, name), name, "a time such as 2024-03-01T12:00:00Z, or Unix seconds");

    /// <summary>The day of a date or of a moment.</summary>
    public DateOnly Date(int column, string name) => DateOnly.FromDateTime(Time(column, name).UtcDateTime);

    public double RequiredNumber(int column, string name) => Required(Number(column, name), name, "a number such as 12.5");

    public decimal RequiredPrice(int column, string name) => Required(Price(column, name), name, "an amount such as 12.50");

    public double? Number(int column, string name)
    {
        ReadOnlySpan<byte> text = table.Bytes(column);
        return text.IsEmpty ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
            : Fail<double>(name, column, "a number such as 12.5");
    }

    public int? Integer(int column, string name)
    {
        ReadOnlySpan<byte> text = table.Bytes(column);
        if (text.IsEmpty)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int integer))
        {
            return integer;
        }

        // Tools that know no integers with gaps write 3.0.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number : Fail<int>(name, column, "a whole number");
    }

    public decimal? Price(int column, string name)
    {
        ReadOnlySpan<byte> text = table.Bytes(column);
        return text.IsEmpty ? null
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal price)
                ? Math.Round(price, CatalogRules.PriceDecimals, MidpointRounding.ToEven)
            : Fail<decimal>(name, column, "an amount such as 12.50");
    }

    /// <summary>A number, or true and false for 1 and 0.</summary>
    public double? Share(int column, string name)
    {
        string text = table.Text(column).Trim();
        return text.Equals("true", StringComparison.OrdinalIgnoreCase) ? 1
            : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? 0
            : Number(column, name);
    }

    public IReadOnlyList<string> Words(int column, char separator)
    {
        string text = table.Text(column);
        return text.Length == 0 ? [] : text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public IReadOnlyList<int> Integers(int column, string name)
    {
        IReadOnlyList<string> words = Words(column, ' ');
        int[] integers = new int[words.Count];
        for (int i = 0; i < words.Count; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out integers[i]))
            {
                Fail<int>(name, column, "whole numbers separated by spaces");
            }
        }

        return integers;
    }

    /// <summary>A JSON object's members as text, and the columns that the format does not know; an empty field says nothing.</summary>
    /// <param name="json">The column that holds the object; null where the format has none.</param>
    public IReadOnlyDictionary<string, string> Attributes(int? json)
    {
        string text = json is { } column ? table.Text(column) : "";
        if (text.Length == 0 && table.Extras.Count == 0)
        {
            return EmptyAttributes.Instance;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text.Length > 0)
        {
            AddMembers(json!.Value, text, attributes);
        }

        foreach ((string name, int place) in Error is null ? table.Extras : [])
        {
            string value = table.Extra(place);
            if (value.Length > 0)
            {
                attributes[name] = value;
            }
        }

        return attributes.Count == 0 ? EmptyAttributes.Instance : attributes;
    }

    public T? Fail<T>(string name, int column, string expected)
        where T : struct
    {
        if (Error is null)
        {
            string found = table.Text(column);
            Error = $"{name} is '{(found.Length > 60 ? $"{found[..60]}…" : found)}'; it should be {expected}";
        }

        return null;
    }

    private T Required<T>(T? value, string name, string expected)
        where T : struct
    {
        if (value is null)
        {
            Error ??= $"{name} is empty; it should be {expected}";
        }

        return value.GetValueOrDefault();
    }

    private void AddMembers(int column, string text, Dictionary<string, string> attributes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                Fail<int>("attributes", column, "a JSON object such as {\"color\":\"red\"}");
                return;
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                string? value = member.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => member.Value.GetString(),
                    _ => member.Value.GetRawText(),
                };
                if (!string.IsNullOrEmpty(value))
                {
                    attributes[member.Name] = value;
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            Fail<int>("attributes", column, "a JSON object such as {\"color\":\"red\"}");
        }
    }
}
