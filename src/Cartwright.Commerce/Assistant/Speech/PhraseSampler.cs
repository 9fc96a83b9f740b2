using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Makes sentences of slots' values, as somebody could say them, for voices to speak.</summary>
/// <param name="said">What was said in recordings: sentences speak of the same slots together.</param>
internal sealed class PhraseSampler(SlotVocabulary vocabulary, SlotPhrases phrases, IReadOnlyList<IReadOnlyDictionary<string, string>> said)
{
    private const double CarrierShare = 0.9;
    private const double ArticleShare = 0.5;
    private const double JointShare = 0.35;

    /// <returns>The same sentences for the same seed.</returns>
    public IReadOnlyList<string> Draw(int count, int seed)
    {
        var random = Seeds.Random((ulong)seed, 3);
        return [.. Enumerable.Range(0, count).Select(_ => Sentence(random))];
    }

    private string Sentence(Random random)
    {
        int[] slots = [.. said[random.Next(said.Count)].Keys.Select(slot => vocabulary.Slots.Index().First(of => of.Item == slot).Index)];
        random.Shuffle(slots);
        var words = new List<string>();
        if (random.NextDouble() < CarrierShare)
        {
            words.Add(Any(SlotPhrases.Carriers));
        }

        if (random.NextDouble() < ArticleShare)
        {
            words.Add(random.Next(2) == 0 ? "a" : "an");
        }

        foreach ((int place, int slot) in slots.Index())
        {
            if (place > 0 && random.NextDouble() < JointShare)
            {
                words.Add(Any(SlotPhrases.Joints));
            }

            words.Add(Any(phrases.Spoken[slot]));
        }

        return string.Join(' ', words);

        string Any(IReadOnlyList<string> texts) => texts[random.Next(texts.Count)];
    }
}
