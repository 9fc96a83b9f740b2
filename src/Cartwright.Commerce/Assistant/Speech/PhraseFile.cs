using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Sentences as people say them, one a line.</summary>
internal static class PhraseFile
{
    private const int MostBytes = 10_000_000;

    /// <exception cref="ImportFormatException">There is no such file, or it is too large.</exception>
    /// <exception cref="ValidationException">There is no sentence in it.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > MostBytes)
        {
            throw new ImportFormatException(path, null, File.Exists(path) ? $"the file is larger than {MostBytes / 1_000_000} MB." : "there is no such file of sentences, one a line.");
        }

        string[] phrases = [.. File.ReadLines(path).Select(Spoken).Where(phrase => phrase.Length > 0)];
        return phrases.Length > 0 ? phrases : throw new ValidationException($"{path} holds no sentences; write one a line, as people say them.");
    }

    /// <summary>A text as it is said: small letters, apostrophes inside words, and nothing else but spaces. Numbers become words.</summary>
    public static string Spoken(string text)
    {
        var spoken = new StringBuilder(text.Length);
        string plain = WithoutAccents(text);
        for (int at = 0; at < plain.Length; at++)
        {
            char letter = plain[at];
            if (letter is >= 'a' and <= 'z' || (letter is '\'' or '’' && spoken.Length > 0 && spoken[^1] != ' '))
            {
                spoken.Append(letter == '’' ? '\'' : letter);
            }
            else if (char.IsAsciiDigit(letter))
            {
                int end = at;
                while (end < plain.Length && char.IsAsciiDigit(plain[end]))
                {
                    end++;
                }

                Space(spoken).Append(SpokenNumber.Of(plain[at..end])).Append(' ');
                at = end - 1;
            }
            else
            {
                Space(spoken);
            }
        }

        return spoken.ToString().Trim().TrimEnd('\'');
    }

    // By a table, since programs without ICU's data know no decompositions.
    private static string WithoutAccents(string text) => string.Create(text.Length, text, (plain, accented) =>
    {
        const string From = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćčďđēęěğīłńňōőřśşšťţūůűźżž";
        const string To = "aaaaaaceeeeiiiinoooooouuuuyyaaaccddeeegilnnoorsssttuuuzzz";
        for (int i = 0; i < plain.Length; i++)
        {
            char letter = char.ToLowerInvariant(accented[i]);
            int place = From.IndexOf(letter, StringComparison.Ordinal);
            plain[i] = place < 0 ? letter : To[place];
        }
    });

    private static StringBuilder Space(StringBuilder spoken) => spoken.Length > 0 && spoken[^1] != ' ' ? spoken.Append(' ') : spoken;
}

/// <summary>Numbers as English says them.</summary>
internal static class SpokenNumber
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <param name="digits">"128" is "one hundred twenty eight"; more than six digits, or a zero in front, are said one by one.</param>
    public static string Of(string digits)
    {
        const int MostDigits = 6;
        return digits.Length > MostDigits || (digits.Length > 1 && digits[0] == '0')
            ? string.Join(' ', digits.Select(digit => Small[digit - '0']))
            : Of(int.Parse(digits, CultureInfo.InvariantCulture));
    }

    private static string Of(int number) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[number / 10] + (number % 10 == 0 ? "" : $" {Small[number % 10]}"),
        < 1_000 => $"{Small[number / 100]} hundred" + (number % 100 == 0 ? "" : $" {Of(number % 100)}"),
        _ => $"{Of(number / 1_000)} thousand" + (number % 1_000 == 0 ? "" : $" {Of(number % 1_000)}"),
    };
}
