namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>How far what was heard is from what was said.</summary>
internal static class WordErrors
{
    /// <returns>Words to replace, insert or remove: the edit distance of Levenshtein over words.</returns>
    public static int Count(string said, string heard)
    {
        string[] from = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] to = heard.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] errors = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            (int diagonal, errors[0]) = (errors[0], i);
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                (diagonal, errors[j]) = (errors[j], Math.Min(replaced, Math.Min(errors[j], errors[j - 1]) + 1));
            }
        }

        return errors[^1];
    }

    public static int Length(string said) => said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}
