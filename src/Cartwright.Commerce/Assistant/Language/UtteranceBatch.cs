namespace Cartwright.Commerce.Assistant;

/// <summary>Utterances as numbers, one after the other.</summary>
internal sealed class UtteranceBatch
{
    public const int NoTarget = -100;
    public const int LettersOfWord = 14;
    public const int UnknownLetter = 1;
    public const int FirstLetter = 2;

    /// <summary>Share of a word's sightings in which it is read as unknown: a word seen once, in a fifth of them.</summary>
    private const double RareWord = 0.25;
    private const double DroppedWord = 0.05;
    private const double DroppedGram = 0.2;

    private UtteranceBatch(int count) => Offsets = new int[count + 1];

    /// <summary>Utterance u is the words Offsets[u] up to Offsets[u + 1].</summary>
    public int[] Offsets { get; }

    /// <summary>[words]</summary>
    public int[] Words { get; private init; } = [];

    /// <summary>[words]: which of the forms each word has.</summary>
    public int[] Forms { get; private init; } = [];

    /// <summary>[forms · <see cref="LettersOfWord"/>]: the letters of each different word, 0 behind its end.</summary>
    public int[] Letters { get; private init; } = [];

    /// <summary>Utterance u has the pieces GramOffsets[u] up to GramOffsets[u + 1].</summary>
    public int[] GramOffsets { get; private init; } = [];

    public int[] Grams { get; private init; } = [];

    /// <summary>[utterances]</summary>
    public int[] Intents { get; private init; } = [];

    /// <summary>[words]</summary>
    public int[] Tags { get; private init; } = [];

    public int Count => Offsets.Length - 1;

    /// <param name="dropping">Reads words as unknown and drops pieces of sentences at random, for training; null reads all.</param>
    public static UtteranceBatch Of(IReadOnlyList<ReadUtterance> utterances, LanguageVocabulary vocabulary, Random? dropping = null)
    {
        var forms = new Dictionary<string, int>(StringComparer.Ordinal);
        var (words, formOf, grams, tags, letters) = (new List<int>(), new List<int>(), new List<int>(), new List<int>(), new List<int>());
        int[] gramOffsets = new int[utterances.Count + 1];
        int[] intents = new int[utterances.Count];
        int[] offsets = new int[utterances.Count + 1];
        for (int u = 0; u < utterances.Count; u++)
        {
            ReadUtterance utterance = utterances[u];
            for (int w = 0; w < utterance.Words.Length; w++)
            {
                int word = utterance.Words[w];
                bool isDropped = dropping?.NextDouble() is { } draw && draw < DroppedWord + (RareWord / (RareWord + vocabulary.CountOf(word)));
                words.Add(isDropped ? LanguageVocabulary.Unknown : word);
                string form = utterance.Forms[w];
                if (!forms.TryGetValue(form, out int place))
                {
                    forms[form] = place = forms.Count;
                    for (int i = 0; i < LettersOfWord; i++)
                    {
                        // Of a long word, the beginning and the end.
                        int at = form.Length <= LettersOfWord || i < LettersOfWord / 2 ? i : form.Length - LettersOfWord + i;
                        letters.Add(at < form.Length ? vocabulary.Letter(form[at]) : 0);
                    }
                }

                formOf.Add(place);
                tags.Add(utterance.Tags is { } told ? told[w] : NoTarget);
            }

            grams.AddRange(dropping is null ? utterance.Grams : utterance.Grams.Where(_ => dropping.NextDouble() >= DroppedGram));
            intents[u] = utterance.Intent;
            offsets[u + 1] = words.Count;
            gramOffsets[u + 1] = grams.Count;
        }

        var batch = new UtteranceBatch(utterances.Count)
        {
            Words = [.. words],
            Forms = [.. formOf],
            Letters = [.. letters],
            GramOffsets = gramOffsets,
            Grams = [.. grams],
            Intents = intents,
            Tags = [.. tags],
        };
        offsets.CopyTo(batch.Offsets, 0);
        return batch;
    }
}

/// <summary>An utterance as numbers.</summary>
/// <param name="Forms">The words as they are written, for their letters.</param>
/// <param name="Intent"><see cref="UtteranceBatch.NoTarget"/> where it is not known.</param>
/// <param name="Tags">Null where nobody marked slots.</param>
internal sealed record ReadUtterance(int[] Words, string[] Forms, int[] Grams, int Intent, int[]? Tags)
{
    private const int MostWords = 120;

    /// <summary>Words beyond the 120th are not read.</summary>
    public static ReadUtterance Of(UtteranceExample example, LanguageVocabulary vocabulary)
    {
        UtteranceWord[] words = example.Words.Length <= MostWords ? example.Words : example.Words[..MostWords];
        int intent = vocabulary.Intent(example.Intent);
        if (words.Length == 0)
        {
            return new ReadUtterance([LanguageVocabulary.Unknown], [""], [], intent < 0 ? UtteranceBatch.NoTarget : intent, null);
        }

        return new ReadUtterance([.. words.Select(word => vocabulary.Word(word.Form))], [.. words.Select(word => word.Form)], vocabulary.Grams(words),
            intent < 0 ? UtteranceBatch.NoTarget : intent,
            example.Tags is null ? null : [.. words.Select((_, w) => vocabulary.Tag(example.Tags[w]) is >= 0 and var tag ? tag : UtteranceBatch.NoTarget)]);
    }
}
