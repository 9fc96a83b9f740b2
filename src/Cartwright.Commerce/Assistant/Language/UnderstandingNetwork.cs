using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Assistant;

internal sealed record UnderstandingNetworkOptions
{
    public required int WordCount { get; init; }

    public required int LetterCount { get; init; }

    public required int GramCount { get; init; }

    public required int IntentCount { get; init; }

    /// <summary>1 where no slots are learned.</summary>
    public required int TagCount { get; init; }

    public int WordSize { get; init; } = 100;

    public int LetterSize { get; init; } = 24;

    /// <summary>What the letters of a word say of it, in numbers.</summary>
    public int SpellingSize { get; init; } = 48;

    public int GramSize { get; init; } = 128;

    /// <summary>Numbers in a state of each direction.</summary>
    public int HiddenSize { get; init; } = 100;

    public float Dropout { get; init; } = 0.5f;

    public float LabelSmoothing { get; init; } = 0.1f;
}

/// <summary>Tells a sentence's intent and tags its words, together.</summary>
/// <remarks>
/// A bidirectional LSTM over words, with attention for the intent, whose reading the tags see: Liu and Lane, "Attention-Based Recurrent Neural
/// Network Models for Joint Intent Detection and Slot Filling", Interspeech 2016; that reading gates each word's state as in Goo et al.,
/// "Slot-Gated Modeling for Joint Slot Filling and Intent Prediction", NAACL 2018. Words are a row of their own beside a convolution over
/// their letters (Ma and Hovy, "End-to-end Sequence Labeling via Bi-directional LSTM-CNNs-CRF", ACL 2016). Differs: the largest of each number
/// over the words stands beside the attention, and a bag of the sentence's pieces (words, pairs, letters in a row) beside both, the wide part
/// of Cheng et al., "Wide &amp; Deep Learning for Recommender Systems", 2016.
/// </remarks>
internal sealed class UnderstandingNetwork : Module
{
    private const float SmallDeviation = 0.1f;
    private const int AttentionSize = 64;

    private readonly Embedding _words;
    private readonly Embedding _letters;
    private readonly Conv1d _spelling;
    private readonly Lstm _reading;
    private readonly AttentionPooling _attention;
    private readonly EmbeddingBag _grams;
    private readonly Dense _intent;
    private readonly Dense _gate;
    private readonly Dense _joining;
    private readonly Dense _tag;
    private readonly Dropout _dropout;

    public UnderstandingNetwork(UnderstandingNetworkOptions options, Random random)
    {
        Options = options;
        int states = 2 * options.HiddenSize;
        _words = new Embedding(options.WordCount, options.WordSize, random, SmallDeviation);
        _letters = new Embedding(options.LetterCount, options.LetterSize, random, SmallDeviation);
        _spelling = new Conv1d(options.LetterSize, options.SpellingSize, 3, random, new ConvOptions { Padding = 1 });
        _reading = new Lstm(options.WordSize + options.SpellingSize, options.HiddenSize, random, isBidirectional: true);
        _attention = new AttentionPooling(states, AttentionSize, random);
        _grams = new EmbeddingBag(options.GramCount, options.GramSize, random, SmallDeviation);
        _intent = new Dense((2 * states) + options.GramSize, options.IntentCount, random);
        _gate = new Dense(2 * states, states, random);
        _joining = new Dense(2 * states, states, random);
        _tag = new Dense(states, options.TagCount, random);
        _dropout = new Dropout(options.Dropout);
    }

    public UnderstandingNetworkOptions Options { get; }

    protected override IEnumerable<Part> Parts =>
    [
        new("words", _words), new("letters", _letters), new("spelling", _spelling), new("reading", _reading), new("attention", _attention),
        new("grams", _grams), new("intent", _intent), new("gate", _gate), new("joining", _joining), new("tag", _tag), new("dropout", _dropout),
    ];

    /// <returns>Logits of intents [utterances, intents] and of tags [words, tags].</returns>
    public (Tensor Intents, Tensor Tags) Forward(UtteranceBatch batch)
    {
        Tensor words = _dropout.Forward(Arrangement.Concat(1, _words.Forward(batch.Words), Spelling(batch).TakeRows(batch.Forms)));
        Tensor states = _dropout.Forward(_reading.Forward(words, batch.Offsets).Output);                      // [words, 2 · hidden]
        Tensor attended = _attention.Forward(states, batch.Offsets);                                          // [utterances, 2 · hidden]
        Tensor pieces = _dropout.Forward(_grams.Forward(batch.Grams, batch.GramOffsets));
        Tensor intents = _intent.Forward(Arrangement.Concat(1, attended, Largest(states, batch.Offsets), pieces));
        return (intents, Options.TagCount == 1 ? Tensor.Zeros(batch.Words.Length, 1) : Tags(states, attended.TakeRows(UtteranceOf(batch.Offsets))));
    }

    /// <returns>The mean over the utterances and that over their tagged words, summed: a scalar.</returns>
    public Tensor Loss(UtteranceBatch batch)
    {
        (Tensor intents, Tensor tags) = Forward(batch);
        Tensor loss = CrossEntropy.Loss(intents, batch.Intents, new() { LabelSmoothing = Options.LabelSmoothing, IgnoreIndex = UtteranceBatch.NoTarget });
        return Options.TagCount == 1 ? loss : loss + CrossEntropy.Loss(tags, batch.Tags, new() { IgnoreIndex = UtteranceBatch.NoTarget });
    }

    /// <summary>What the letters of each form say: [forms, spelling].</summary>
    private Tensor Spelling(UtteranceBatch batch)
    {
        int forms = batch.Letters.Length / UtteranceBatch.LettersOfWord;
        Tensor letters = _letters.Forward(batch.Letters).Reshape(forms, UtteranceBatch.LettersOfWord, Options.LetterSize).Transpose(0, 2, 1);
        return _spelling.Forward(letters, thenRelu: true).Max([2]);
    }

    private Tensor Tags(Tensor states, Tensor sentence)
    {
        Tensor both = Arrangement.Concat(1, states, sentence);
        Tensor gated = states * _gate.Forward(both).Sigmoid();
        return _tag.Forward(_dropout.Forward(_joining.Forward(Arrangement.Concat(1, gated, sentence), Activation.Relu)));
    }

    /// <summary>The largest of each number over the words of each utterance: [utterances, columns].</summary>
    private static Tensor Largest(Tensor states, int[] offsets)
    {
        int utterances = offsets.Length - 1;
        int longest = Enumerable.Range(0, utterances).Max(u => offsets[u + 1] - offsets[u]);
        int[] places = new int[utterances * longest];
        for (int u = 0; u < utterances; u++)
        {
            for (int w = 0; w < longest; w++)
            {
                places[(u * longest) + w] = Math.Min(offsets[u] + w, offsets[u + 1] - 1);     // the last word again does not change the largest
            }
        }

        return states.TakeRows(places).Reshape(utterances, longest, states.Columns).Max([1]);
    }

    private static int[] UtteranceOf(int[] offsets)
    {
        int[] of = new int[offsets[^1]];
        for (int u = 0; u + 1 < offsets.Length; u++)
        {
            of.AsSpan(offsets[u]..offsets[u + 1]).Fill(u);
        }

        return of;
    }
}
