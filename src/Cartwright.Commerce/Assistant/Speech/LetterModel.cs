namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>How likely a letter is behind those before it, learned from phrases.</summary>
/// <remarks>
/// Counts of runs of up to <see cref="Order"/> letters, each length mixed with the shorter one by the weight of Witten and Bell, "The Zero-Frequency
/// Problem", 1991. Letters, not words: a product's name that was cut differently is still half known.
/// </remarks>
internal sealed class LetterModel
{
    public const int Order = 8;

    private const int Bits = 5;                                  // of a letter's number, so that a run of them is one number
    private const int Edge = SpeechAlphabet.ClassCount;          // before the first letter

    private readonly Dictionary<ulong, (int Count, int Kinds)>[] _contexts = [.. Enumerable.Range(0, Order).Select(_ => new Dictionary<ulong, (int, int)>())];
    private readonly Dictionary<ulong, int>[] _runs = [.. Enumerable.Range(0, Order).Select(_ => new Dictionary<ulong, int>())];

    /// <param name="phrases">As they are said.</param>
    public LetterModel(IEnumerable<string> phrases)
    {
        foreach (string phrase in phrases)
        {
            ulong before = Edge;
            foreach (int letter in SpeechAlphabet.Encode(phrase))
            {
                for (int length = 0; length < Order; length++)
                {
                    ulong context = Last(before, length);
                    ulong run = (context << Bits) | (uint)letter;
                    int count = _runs[length].GetValueOrDefault(run);
                    _runs[length][run] = count + 1;
                    (int seen, int kinds) = _contexts[length].GetValueOrDefault(context);
                    _contexts[length][context] = (seen + 1, kinds + (count == 0 ? 1 : 0));
                }

                before = (before << Bits) | (uint)letter;
            }
        }
    }

    /// <summary>ln of the chance that a letter follows.</summary>
    /// <param name="before">The letters so far.</param>
    public double Log(IReadOnlyList<int> before, int letter)
    {
        ulong history = before.Count < Order ? Edge : 0UL;
        for (int i = Math.Max(0, before.Count - Order); i < before.Count; i++)
        {
            history = (history << Bits) | (uint)before[i];
        }

        double chance = 1.0 / (SpeechAlphabet.ClassCount - 1);
        for (int length = 0; length < Order; length++)
        {
            ulong context = Last(history, length);
            if (!_contexts[length].TryGetValue(context, out (int Count, int Kinds) seen))
            {
                break;                                           // what was not seen in short was not seen in long
            }

            int count = _runs[length].GetValueOrDefault((context << Bits) | (uint)letter);
            chance = (count + (seen.Kinds * chance)) / (seen.Count + seen.Kinds);
        }

        return Math.Log(chance);
    }

    private static ulong Last(ulong history, int length) => history & ((1UL << (Bits * length)) - 1);
}
