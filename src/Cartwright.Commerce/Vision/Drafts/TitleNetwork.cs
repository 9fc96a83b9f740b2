using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <param name="WordCount">Words that may come next, the end and the unknown among them.</param>
/// <param name="FactCount">Facts with a number.</param>
internal sealed record TitleNetworkOptions(int WordCount, int FactCount)
{
    public int EmbeddingSize { get; init; } = 64;

    public int HiddenSize { get; init; } = 96;
}

/// <summary>A language model of titles that is told the facts: how likely each word comes next.</summary>
/// <remarks>
/// Gated recurrent units begin from the mean of the facts and read it again with every word, as Wen et al., "Semantically Conditioned LSTM-based Natural
/// Language Generation", EMNLP 2015, have the acts of a dialogue read. As in See, Liu and Manning, "Get To The Point", ACL 2017, words of the facts may be
/// taken over as they are; here a gate adds to their logits in place of a second distribution, less once the word was said.
/// </remarks>
internal sealed class TitleNetwork(TitleNetworkOptions options, Random random) : Module
{
    private readonly Embedding _words = new(options.WordCount, options.EmbeddingSize, random, deviation: 0.1f);
    private readonly EmbeddingBag _facts = new(Math.Max(1, options.FactCount), options.EmbeddingSize, random, deviation: 0.1f);
    private readonly Dense _begin = new(options.EmbeddingSize, options.HiddenSize, random);
    private readonly Gru _reader = new(options.EmbeddingSize, options.HiddenSize, random);
    private readonly Dropout _dropout = new(0.2f);
    private readonly Dense _gates = new(options.HiddenSize, 2, random);
    private readonly Dense _next = new(options.HiddenSize, options.WordCount, random);

    public TitleNetworkOptions Options => options;

    protected override IEnumerable<Part> Parts =>
        [new("words", _words), new("facts", _facts), new("begin", _begin), new("reader", _reader), new("dropout", _dropout), new("gates", _gates), new("next", _next)];

    /// <returns>A logit for every word at every place: [places, words].</returns>
    public Tensor Forward(TitleBatch batch) => Forward(batch, Begin(batch)).Logits;

    public Tensor Loss(TitleBatch batch) => CrossEntropy.Loss(Forward(batch), batch.Next);

    /// <summary>States before the first word: [1, titles, hidden].</summary>
    public Tensor Begin(TitleBatch batch) => _begin.Forward(Told(batch)).Tanh().Reshape(1, batch.TitleCount, options.HiddenSize);

    /// <param name="hidden">States before the batch's words.</param>
    /// <returns>[places, words], and the states behind them.</returns>
    public (Tensor Logits, Tensor Hidden) Forward(TitleBatch batch, Tensor hidden)
    {
        Tensor x = _words.Forward(batch.Words) + Told(batch).TakeRows(batch.TitleOf);
        RecurrentOutput read = _reader.Forward(x, batch.Offsets, hidden);
        Tensor seen = _dropout.Forward(read.Output), gates = _gates.Forward(seen);
        Tensor open = Tensor.From(batch.Open, batch.Words.Length, options.WordCount), said = Tensor.From(batch.Said, batch.Words.Length, options.WordCount);
        return (_next.Forward(seen) + (open * gates.Slice(1, 0, 1)) + (said * gates.Slice(1, 1, 2)), read.Hidden);
    }

    private Tensor Told(TitleBatch batch) => _facts.Forward(batch.Facts, batch.FactOffsets);
}

/// <summary>Titles as the network reads them, one after the other.</summary>
internal sealed class TitleBatch
{
    /// <param name="titles">Words before each place, the mark of the beginning (that of the end) first; the facts that are told.</param>
    /// <param name="said">Words that were said before, of each title; null where each title stands here whole.</param>
    public TitleBatch(IReadOnlyList<(int[] Words, IReadOnlyList<TitleFact> Facts)> titles, int wordCount, IReadOnlyList<int[]>? said = null)
    {
        Words = [.. titles.SelectMany(title => title.Words)];
        TitleCount = titles.Count;
        Offsets = [0, .. Sums(titles.Select(title => title.Words.Length))];
        TitleOf = [.. titles.SelectMany((title, i) => Enumerable.Repeat(i, title.Words.Length))];
        int[][] facts = [.. titles.Select(title => title.Facts.Where(fact => fact.Number >= 0).Select(fact => fact.Number).ToArray())];
        (Facts, FactOffsets) = ([.. facts.SelectMany(of => of)], [0, .. Sums(facts.Select(of => of.Length))]);
        Next = [.. titles.SelectMany(title => title.Words.Skip(1).Append(TitleWords.End))];
        (Open, Said) = (new float[Words.Length * wordCount], new float[Words.Length * wordCount]);
        for (int i = 0; i < titles.Count; i++)
        {
            HashSet<int> before = [.. said?[i] ?? []];
            int[] told = [.. titles[i].Facts.SelectMany(fact => fact.Words).Distinct()];
            for (int at = Offsets[i]; at < Offsets[i + 1]; at++)
            {
                before.Add(Words[at]);
                foreach (int word in told)
                {
                    (before.Contains(word) ? Said : Open)[(at * wordCount) + word] = 1;
                }
            }
        }
    }

    public int TitleCount { get; }

    public int[] Words { get; }

    /// <summary>Title i is the words from offset i to the next.</summary>
    public int[] Offsets { get; }

    public int[] TitleOf { get; }

    public int[] Facts { get; }

    public int[] FactOffsets { get; }

    /// <summary>The word behind each place.</summary>
    public int[] Next { get; }

    /// <summary>1 at words of facts that were not said yet: [places, words].</summary>
    public float[] Open { get; }

    /// <summary>1 at those that were.</summary>
    public float[] Said { get; }

    private static IEnumerable<int> Sums(IEnumerable<int> lengths)
    {
        int sum = 0;
        foreach (int length in lengths)
        {
            yield return sum += length;
        }
    }
}
