using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Finds what somebody probably meant by a word that is not allowed.</summary>
public static class NearMiss
{
    /// <returns>
    /// The allowed word that is fewest edits away, or that the word begins: "recomend" means "recommendation". Null where nothing is near: of words of up to
    /// four letters one edit is near, of up to seven two, of longer ones a quarter of the letters, and never more than five.
    /// </returns>
    public static string? Of(string word, IEnumerable<string> allowed) => allowed
        .Select(candidate => (candidate, edits: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(c => c.edits < word.Length && c.edits <= MostEdits(Math.Min(word.Length, c.candidate.Length)))
        .OrderBy(c => c.edits)
        .Select(c => c.candidate)
        .FirstOrDefault();

    private static int MostEdits(int letters) => letters <= 4 ? 1 : letters <= 7 ? 2 : Math.Min(Math.Max(2, letters / 4), 5);

    /// <summary>Passes where <paramref name="word"/> is allowed.</summary>
    /// <param name="what">What the word names: "protocol".</param>
    /// <exception cref="ValidationException">It is not; the message lists what is, and guesses.</exception>
    public static void Require(string what, string word, IReadOnlyCollection<string> allowed)
    {
        if (Refusal(what, word, allowed) is { } refusal)
        {
            throw new ValidationException(refusal);
        }
    }

    /// <returns>Null where <paramref name="word"/> is allowed; else what is, and a guess.</returns>
    internal static string? Refusal(string what, string word, IReadOnlyCollection<string> allowed)
    {
        if (allowed.Contains(word, StringComparer.Ordinal))
        {
            return null;
        }

        string guess = Of(word, allowed) is string near ? $" Did you mean '{near}'?" : "";
        return $"There is no {what} '{word}'.{guess} Allowed are: {string.Join(", ", allowed)}.";
    }

    /// <summary>Edits to the whole word, or one more than the edits to its beginning, where four letters or more are typed.</summary>
    private static int Distance(string word, string candidate)
    {
        if (word.Length > 100)
        {
            return int.MaxValue;
        }

        int whole = Edits(word, candidate);
        return word.Length < 4 || word.Length >= candidate.Length
            ? whole
            : Math.Min(whole, 1 + Math.Min(Edits(word, candidate[..word.Length]), Edits(word, candidate[..(word.Length + 1)])));
    }

    /// <summary>Letters to insert, remove, replace, or swap with their neighbor.</summary>
    private static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int replace = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replace, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
