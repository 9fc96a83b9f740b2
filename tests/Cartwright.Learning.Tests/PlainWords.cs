using System.Text.RegularExpressions;

namespace Cartwright.Learning.Tests;

/// <summary>Says whether an error can be read by someone who doesn't know the code.</summary>
internal static partial class PlainWords
{
    /// <param name="error">What was thrown for a mistake of the caller.</param>
    /// <param name="names">Parameters, which an error calls by the name they have.</param>
    public static void Assert(Exception error, params IEnumerable<string> names)
    {
        Xunit.Assert.True(error is ArgumentException, $"{error.GetType().Name} is no error of what was given: {error.Message}\n{error.StackTrace}");
        Match code = Code().Match(error.Message);
        Xunit.Assert.False(code.Success, $"'{code.Value}' is code: {error.Message}\n{error.StackTrace}");
        foreach (Match name in CamelCase().Matches(error.Message))
        {
            Xunit.Assert.True(names.Contains(name.Value, StringComparer.Ordinal), $"'{name.Value}' is a name of the code: {error.Message}\n{error.StackTrace}");
        }
    }

    /// <summary>An index, a remainder, a comparison, a cast, or a property.</summary>
    [GeneratedRegex(@"\w\[|%|==|!=|&&|\?\?|\((int|long|float)\)|\.(Shape|Length|Rank|Rows|Columns|Count)\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[a-z]+[A-Z]\w*")]
    private static partial Regex CamelCase();
}
