using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Cartwright.Commerce.Catalog;

/// <summary>What a request wants of one attribute: one of some values, or a number within bounds.</summary>
/// <remarks>A value's number is what it begins with: "28 cm" is 28. A product whose value begins with none is outside all bounds.</remarks>
internal sealed class AttributeFilter
{
    private readonly List<string> _values = [];
    private double _least = double.NegativeInfinity;
    private double _most = double.PositiveInfinity;

    private AttributeFilter(string name) => Name = name;

    public string Name { get; }

    /// <summary>Values of which a product must have one; none where only bounds are asked for.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <param name="asked">Each "name=value", "name>=number" or "name&lt;=number"; several values of one name: any of them.</param>
    /// <exception cref="ValidationException">One of them is none of these.</exception>
    public static AttributeFilter[] Read(IReadOnlyList<string> asked)
    {
        var filters = new Dictionary<string, AttributeFilter>(StringComparer.OrdinalIgnoreCase);
        foreach (string said in asked)
        {
            int at = said.IndexOf('=', StringComparison.Ordinal);
            char bound = at > 1 && said[at - 1] is '<' or '>' ? said[at - 1] : '=';
            string name = at < 1 ? "" : said[..(bound == '=' ? at : at - 1)].Trim();
            string value = said[(at + 1)..].Trim();
            if (name.Length == 0)
            {
                throw new ValidationException($"'{said}' is no attribute and value. Write name=value, such as color=red, or name>=number, such as weight>=2.");
            }

            AttributeFilter filter = filters.TryGetValue(name, out AttributeFilter? known) ? known : filters[name] = new AttributeFilter(name);
            filter.Add(said, bound, value);
        }

        return [.. filters.Values];
    }

    /// <returns>The product's value of an attribute, whose name may be in any case; null where it has none.</returns>
    public static string? ValueOf(Product product, string name) => product.Attributes.TryGetValue(name, out string? exact) ? exact
        : product.Attributes.FirstOrDefault(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool Fits(Product product)
    {
        string? value = ValueOf(product, Name);
        return value is not null
            && (_values.Count == 0 || _values.Contains(value, StringComparer.OrdinalIgnoreCase))
            && ((double.IsNegativeInfinity(_least) && double.IsPositiveInfinity(_most)) || (NumberOf(value) is { } number && number >= _least && number <= _most));
    }

    private void Add(string said, char bound, string value)
    {
        if (bound == '=')
        {
            _values.Add(value);
            return;
        }

        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            throw new ValidationException($"'{said}' bounds an attribute by '{value}', which is no number. Write name>=number, such as weight>=2.5.");
        }

        (_least, _most) = bound == '>' ? (Math.Max(_least, number), _most) : (_least, Math.Min(_most, number));
    }

    private static double? NumberOf(string value)
    {
        int end = 0;
        while (end < value.Length && (char.IsAsciiDigit(value[end]) || value[end] is '.' || (end == 0 && value[end] is '-' or '+')))
        {
            end++;
        }

        return double.TryParse(value.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
    }
}
