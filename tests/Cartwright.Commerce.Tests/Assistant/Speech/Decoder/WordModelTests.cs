using System.Globalization;
using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Decoder;

public sealed class WordModelTests
{
    private static readonly string[] Words = ["show", "me", "pans", "pots", "red", "</s>"];

    [Theory]
    [InlineData("")]
    [InlineData("me")]
    [InlineData("show me")]
    [InlineData("red red")]
    public void Chances_of_what_follows_sum_to_one(string context)
    {
        Dictionary<string, (double Log, double BackOff)> model = Parse(WordModel.Arpa(["show me pans", "show me pots", "red pans", "show me red pots"]));

        double sum = Words.Sum(word => Math.Pow(10, Log(model, context.Split(' ', StringSplitOptions.RemoveEmptyEntries), word)));

        Assert.Equal(1, sum, 2);
    }

    [Fact]
    public void The_file_counts_its_lines()
    {
        string[] lines = WordModel.Arpa(["show me pans"]).Split('\n');

        Assert.Equal("\\data\\", lines[0]);
        Assert.Equal("ngram 1=5", lines[1]);
        Assert.Equal("\\end\\", lines[^2]);
    }

    private static double Log(Dictionary<string, (double Log, double BackOff)> model, string[] context, string word)
    {
        if (model.TryGetValue(string.Join(' ', [.. context, word]), out (double Log, double BackOff) found))
        {
            return found.Log;
        }

        return context.Length == 0 ? double.NegativeInfinity
            : model.GetValueOrDefault(string.Join(' ', context)).BackOff + Log(model, context[1..], word);
    }

    private static Dictionary<string, (double Log, double BackOff)> Parse(string arpa)
    {
        var model = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        int length = 0;
        foreach (string line in arpa.Split('\n'))
        {
            if (line.EndsWith("-grams:", StringComparison.Ordinal))
            {
                length = line[1] - '0';
            }
            else if (length > 0 && line.Split(' ') is { Length: > 1 } parts)
            {
                model[string.Join(' ', parts[1..(1 + length)])] = (double.Parse(parts[0], CultureInfo.InvariantCulture),
                    parts.Length > 1 + length ? double.Parse(parts[1 + length], CultureInfo.InvariantCulture) : 0);
            }
        }

        return model;
    }
}
