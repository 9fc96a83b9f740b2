namespace Cartwright.Commerce.Search;

/// <summary>Finds the products that answer a query: all of its words, or what they were meant to be, or most of them.</summary>
/// <param name="view">The index as it is now.</param>
/// <param name="scorer">What a word is worth to a product.</param>
internal sealed class QueryReading<TScorer>(IndexView view, TScorer scorer)
    where TScorer : struct, IWordScorer
{
    /// <summary>What a guessed word counts beside one that was typed.</summary>
    private const float GuessWeight = 0.8f;

    /// <param name="corrects">Whether words may be read as others.</param>
    /// <param name="isAsYouType">Whether the last word may be a beginning.</param>
    /// <param name="allows">Whether a product may be in the answer; null where all may.</param>
    public FoundProducts Find(SearchQuery query, bool corrects, bool isAsYouType, Func<int, bool>? allows)
    {
        FoundProducts found = Find(query.Words, query.Phrases, corrects, isAsYouType, allows);
        if (found.Count == 0 && query.Phrases.Count > 0)
        {
            // The words need not stand together then, and the answer says so.
            found = Find(query.Words, [], corrects, isAsYouType, allows);
            found.Relaxed = found.Count == 0 ? [] : [.. query.Phrases.Select(phrase => $"\"{phrase.Text}\""), .. found.Relaxed];
        }

        return found;
    }

    private FoundProducts Find(IReadOnlyList<QueryWord> typed, IReadOnlyList<Phrase> phrases, bool corrects, bool isAsYouType, Func<int, bool>? allows)
    {
        var words = new WordMatch[typed.Count];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = isAsYouType && i == words.Length - 1 ? WordMatch.OfBeginning(view, typed[i]) : WordMatch.Of(view, typed[i]);
        }

        FoundProducts found = FindAll(words, phrases, allows);
        if (found.Count > 0 || words.Length == 0)
        {
            return found;
        }

        // What only a filter keeps away was not mistyped.
        corrects = corrects && (allows is null || FindAll(words, phrases, allows: null).Count == 0);
        WordMatch[] read = corrects ? WithGuesses(words) : words;
        found = corrects ? FindAll(read, phrases, allows) : found;
        if (found.Count == 0 && corrects && phrases.Count == 0 && words.All(word => word.IsKnown || word.Word.IsJoiner))
        {
            found = FindWithOneGuess(words, allows);
        }

        if (found.Count == 0 && phrases.Count == 0)
        {
            found = Relaxation.Find(view, read, allows, (kept, allowed) => FindAll(kept, [], allowed));
        }

        found.Corrected = found.Count > 0 ? Corrections(found, words) : [];
        return found;
    }

    /// <summary>A score for every product that has any of the words.</summary>
    public FoundProducts FindAny(SearchQuery query) => FindAny([.. query.Words.Select(word => WordMatch.Of(view, word))]);

    /// <summary>The same with words that were read as a search reads them.</summary>
    public FoundProducts FindAny(IReadOnlyList<WordMatch> words)
    {
        var found = new FoundProducts { Words = words };
        for (int place = 0; place < view.Segments.Count; place++)
        {
            using var matcher = new Matcher(view.Segments[place], place);
            matcher.FindAny(words, scorer);
            found.Add(view.Segments[place].Segment, matcher.Docs, matcher.Scores, allows: null);
        }

        return found;
    }

    private FoundProducts FindAll(IReadOnlyList<WordMatch> words, IReadOnlyList<Phrase> phrases, Func<int, bool>? allows)
    {
        var found = new FoundProducts { Words = words };
        WordMatch[] required = [.. words.Where(word => !word.Word.IsJoiner)];
        if (required.Any(word => !word.IsKnown))
        {
            return found;
        }

        WordMatch[] optional = [.. words.Where(word => word.Word.IsJoiner)];
        for (int place = 0; place < view.Segments.Count; place++)
        {
            using var matcher = new Matcher(view.Segments[place], place);
            matcher.FindAll(required, optional, scorer);
            foreach (Phrase phrase in phrases)
            {
                int at = place;
                matcher.Where(doc => phrase.StandsIn(words, view.Segments[at].Segment, at, doc));
            }

            found.Add(view.Segments[place].Segment, matcher.Docs, matcher.Scores, allows);
        }

        return found;
    }

    /// <summary>Products have each word but none has all: one of them, the rarest first, may be a word that was not meant.</summary>
    private FoundProducts FindWithOneGuess(WordMatch[] words, Func<int, bool>? allows)
    {
        var found = new FoundProducts { Words = words };
        foreach (WordMatch rare in words.Where(word => !word.Word.IsJoiner).OrderBy(word => word.DocCount))
        {
            WordMatch guessed = WithGuesses(rare);
            found = guessed == rare ? found : FindAll([.. words.Select(word => word == rare ? guessed : word)], [], allows);
            if (found.Count > 0)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Adds guesses to the words that no product has.</summary>
    private WordMatch[] WithGuesses(WordMatch[] words) => [.. words.Select(word => word.IsKnown ? word : WithGuesses(word))];

    private WordMatch WithGuesses(WordMatch word)
    {
        var readings = new List<Reading>(word.Readings);
        foreach (SpellingGuess guess in Spelling.Guess(view, word.Word.Text))
        {
            readings.Add(Reading.OfWord(view, guess.Word) with { Weight = MathF.Pow(GuessWeight, guess.Edits) });
        }

        return readings.Count == word.Readings.Count ? word : word with { Readings = readings };
    }

    /// <summary>What the best product has in place of what was typed.</summary>
    private List<Correction> Corrections(FoundProducts found, WordMatch[] typed)
    {
        Span<int> product = stackalloc int[1];
        Span<float> score = stackalloc float[1];
        found.Best(product, score, out _);
        int best = product[0];
        var corrections = new List<Correction>();
        foreach (WordMatch read in found.Words)
        {
            WordMatch word = typed.First(word => word.Word == read.Word);
            if (read != word
                && !word.Readings.Any(reading => WordPlaces.Has(view, reading, best))
                && read.Readings.FirstOrDefault(reading => WordPlaces.Has(view, reading, best)) is { } guess)
            {
                corrections.Add(new Correction(word.Word.Text, guess.Text));
            }
        }

        return corrections;
    }
}
