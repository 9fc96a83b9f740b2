using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("headphnes", "headphones", 1)]
    [InlineData("haedphones", "headphones", 1)]          // a swap is one edit
    [InlineData("hedphons", "headphones", 2)]
    [InlineData("pam", "pan", 1)]
    [InlineData("ipan", "pan", 1)]
    [InlineData("headphoness", "headphones", 1)]
    public void Guesses_the_word_with_fewest_edits(string word, string expected, int edits)
    {
        IndexView view = Bm25FTests.Of(("headphones with pan", null), ("pots", null), ("head phone", null));

        SpellingGuess guess = Spelling.Guess(view, word)[0];

        Assert.Equal((expected, edits), (guess.Word, guess.Edits));
    }

    [Fact]
    public void Guesses_nothing_for_words_of_two_letters_or_too_far_away()
    {
        IndexView view = Bm25FTests.Of(("headphones", null), ("tv", null));

        Assert.Empty(Spelling.Guess(view, "tx"));
        Assert.Empty(Spelling.Guess(view, "telephones"));
    }

    [Fact]
    public void Finds_every_word_that_counting_edits_one_by_one_finds()
    {
        var random = new Random(9);
        string[] words = [.. Enumerable.Range(0, 600).Select(_ => Draw(random, random.Next(2, 10))).Distinct(StringComparer.Ordinal)];
        IndexView view = Bm25FTests.Of([.. words.Select(word => (word, (string?)null))]);
        for (int i = 0; i < 300; i++)
        {
            string typed = Draw(random, random.Next(3, 10));

            IReadOnlyList<SpellingGuess> guesses = Spelling.Guess(view, typed);

            int fewest = words.Select(word => Edits(typed, word)).Where(edits => edits > 0 && edits <= Spelling.MaxEdits(typed)).DefaultIfEmpty(0).Min();
            string[] expected = [.. words.Where(word => fewest > 0 && Edits(typed, word) == fewest).Order(StringComparer.Ordinal)];
            if (expected.Length <= 24)
            {
                Assert.Equal(expected, guesses.Select(guess => guess.Word).Order(StringComparer.Ordinal));
            }
        }
    }

    private static string Draw(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abcde"[random.Next(5)]));

    /// <summary>Letters to insert, remove, replace, or swap with their neighbor, by the whole table.</summary>
    private static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
