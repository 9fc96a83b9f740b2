using System.Text;

namespace Cartwright.Commerce.Assistant;

/// <summary>Patterns of phrases: "(a|b c|) d" is "a d", "b c d" or "d". Choices stand inside choices.</summary>
internal static class PhrasePattern
{
    public static string Choose(string pattern, Random random)
    {
        int place = 0;
        return Sequence(pattern, ref place, random);
    }

    /// <summary>Up to the end, a | or a ), which stays.</summary>
    private static string Sequence(string pattern, ref int place, Random random)
    {
        var text = new StringBuilder();
        while (place < pattern.Length && pattern[place] is not ('|' or ')'))
        {
            if (pattern[place] != '(')
            {
                text.Append(pattern[place++]);
                continue;
            }

            var choices = new List<string>();
            do
            {
                place++;                                         // the ( or the |
                choices.Add(Sequence(pattern, ref place, random));
            }
            while (place < pattern.Length && pattern[place] == '|');

            place++;                                             // the )
            text.Append(choices[random.Next(choices.Count)]);
        }

        return text.ToString();
    }
}
