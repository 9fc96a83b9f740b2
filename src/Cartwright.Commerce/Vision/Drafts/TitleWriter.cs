using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Writes the likeliest title from facts, word by word, with none but allowed words.</summary>
/// <remarks>Beam search; the score of a title is its log chance by its length to a power (Wu et al., "Google's Neural Machine Translation System", 2016, section 7).</remarks>
/// <param name="perplexity">On titles kept aside.</param>
internal sealed class TitleWriter(TitleNetwork network, TitleWords words, TitleFacts facts, double perplexity)
{
    private const int BeamWidth = 12;
    private const int MostWords = 14;
    private const int FewestWords = 2;
    private const double LengthPower = 0.8;

    public TitleNetwork Network => network;

    public TitleWords Words => words;

    public TitleFacts Facts => facts;

    /// <summary>e to the mean of −ln of each word's chance: as if so many words were equally likely.</summary>
    public double Perplexity => perplexity;

    /// <param name="told">What is known of the product: name and value.</param>
    /// <param name="said">Words, as <see cref="TitleWords.Key"/> gives them, that may be taken over though no fact has them.</param>
    /// <param name="allows">Whether a word may be said.</param>
    /// <returns>Words as they are compared; null where no title can be written with the words that are allowed.</returns>
    public int[]? Write(IEnumerable<(string Name, string Value)> told, IEnumerable<string> said, Func<string, bool> allows)
    {
        TitleFact[] read = [.. told.Select(fact => facts.Read(fact.Name, fact.Value, words)).OfType<TitleFact>(),
            new TitleFact(-1, [.. said.Select(words.NumberOf).Where(word => word != TitleWords.Unknown)])];
        int[] allowed = [.. Enumerable.Range(TitleWords.Unknown + 1, words.Count - TitleWords.Unknown - 1).Where(word => allows(words.KeyOf(word)))];
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Tensor first = network.Begin(new TitleBatch([([TitleWords.End], read)], words.Count));
        List<Draft> beam = [new([TitleWords.End], 0, first.ToArray())], whole = [];
        for (int length = 0; length <= MostWords && beam.Count > 0; length++)
        {
            var batch = new TitleBatch([.. beam.Select(draft => (new[] { draft.Words[^1] }, (IReadOnlyList<TitleFact>)read))], words.Count, [.. beam.Select(draft => draft.Words)]);
            (Tensor logits, Tensor hidden) = network.Forward(batch, Tensor.From([.. beam.SelectMany(draft => draft.Hidden)], 1, beam.Count, network.Options.HiddenSize));
            Tensor chances = logits.LogSoftmax();
            var next = new List<Draft>();
            for (int i = 0; i < beam.Count; i++)
            {
                Draft draft = beam[i];
                ReadOnlySpan<float> of = chances.Values.Slice(i * words.Count, words.Count);
                float[] state = hidden.Values.Slice(i * network.Options.HiddenSize, network.Options.HiddenSize).ToArray();
                if (length >= FewestWords)
                {
                    whole.Add(draft with { Score = draft.Score + of[TitleWords.End] });
                }

                foreach (int word in length == MostWords ? [] : allowed)
                {
                    if (!draft.Words.Contains(word))
                    {
                        next.Add(new Draft([.. draft.Words, word], draft.Score + of[word], state));
                    }
                }
            }

            beam = [.. next.OrderByDescending(draft => draft.Score).Take(BeamWidth)];
        }

        return whole.Count == 0 ? null : whole.MaxBy(draft => draft.Score / Math.Pow(draft.Words.Length, LengthPower))!.Words[1..];
    }

    /// <param name="Words">With the mark of the beginning.</param>
    /// <param name="Hidden">The state before its last word was read.</param>
    private sealed record Draft(int[] Words, double Score, float[] Hidden);
}
