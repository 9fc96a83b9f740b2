using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cartwright.Storage.Sqlite;

/// <summary>Finds ids of somebody who is forgotten in texts that were written for other ends: reports, results, notes.</summary>
/// <remarks>
/// An id counts where no letter, digit, hyphen or underscore stands beside it; one of fewer than four characters, or of digits alone, only
/// between quotes, since a number in a report is mostly a number.
/// </remarks>
internal sealed class Traces
{
    private const string Instead = "(forgotten)";
    private const int ShortLength = 4;
    private const int EscapeLength = 6;

    private readonly string[] _forms;
    private readonly SearchValues<string> _any;

    /// <param name="ids">Ids as the shop says them; found also as JSON writes them.</param>
    public Traces(IEnumerable<string> ids)
    {
        _forms = [.. ids.Where(id => id.Length > 0).SelectMany(id => (string[])[id, JsonEncodedText.Encode(id).ToString(), JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()])
            .Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _any = SearchValues.Create(_forms, StringComparison.Ordinal);
    }

    public bool IsIn(string? text) => text is not null && Find(text, 0).Length > 0;

    /// <summary>The text with "(forgotten)" in place of every id.</summary>
    public string Without(string text)
    {
        (int at, int length) = Find(text, 0);
        if (length == 0)
        {
            return text;
        }

        var rest = new System.Text.StringBuilder(text.Length);
        int from = 0;
        for (; length > 0; (at, length) = Find(text, from))
        {
            rest.Append(text, from, at - from).Append(Instead);
            from = at + length;
        }

        return rest.Append(text, from, text.Length - from).ToString();
    }

    /// <returns>Length 0 where there is none from there on.</returns>
    private (int At, int Length) Find(string text, int from)
    {
        while (from < text.Length && text.AsSpan(from).IndexOfAny(_any) is >= 0 and var found)
        {
            int at = from + found;
            foreach (string form in _forms)
            {
                if (text.AsSpan(at).StartsWith(form, StringComparison.Ordinal) && StandsAlone(text, at, form))
                {
                    return (at, form.Length);
                }
            }

            from = at + 1;
        }

        return (0, 0);
    }

    private static bool StandsAlone(string text, int at, string form)
    {
        char before = Before(text, at), after = After(text, at + form.Length);
        return form.Length < ShortLength || form.All(char.IsAsciiDigit)
            ? IsQuote(before) && IsQuote(after)
            : !IsOfWord(before) && !IsOfWord(after);
    }

    /// <summary>The character before a place; JSON may have written it as <c>\u0027</c>.</summary>
    private static char Before(string text, int at) => at == 0 ? ' '
        : at >= EscapeLength && Escaped(text.AsSpan(at - EscapeLength, EscapeLength)) is { } escaped ? escaped
        : text[at - 1];

    private static char After(string text, int at)
    {
        if (at == text.Length)
        {
            return ' ';
        }

        return text.Length - at >= EscapeLength && Escaped(text.AsSpan(at, EscapeLength)) is { } escaped ? escaped
            : text[at] == '\\' && at + 1 < text.Length ? text[at + 1]
            : text[at];
    }

    private static char? Escaped(ReadOnlySpan<char> text) =>
        text.StartsWith("\\u", StringComparison.Ordinal) && ushort.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code) ? (char)code : null;

    private static bool IsQuote(char c) => c is '"' or '\'' or '“' or '”';

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';
}
