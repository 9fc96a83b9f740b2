using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Commerce.Assistant;

/// <summary>Understands sentences: networks that answer together, the words they know, and when to refuse.</summary>
internal sealed class LanguageModel(IReadOnlyList<UnderstandingNetwork> networks, LanguageVocabulary vocabulary, ScopeRule scope)
{
    private const int UtterancesOfBatch = 64;
    private const int MostAlternatives = 3;

    private readonly TagDecoder _decoder = new(vocabulary.Tags);

    public IReadOnlyList<UnderstandingNetwork> Networks => networks;

    public LanguageVocabulary Vocabulary => vocabulary;

    public ScopeRule Scope => scope;

    /// <summary>Many may ask at once, so each question is answered on its own thread.</summary>
    public Understanding Understand(string text)
    {
        using Compute.Confinement alone = Compute.OnThisThread();
        var example = new UtteranceExample(text, UtteranceWord.Split(text), "", null);
        return Understand(example, Read([example]).Single());
    }

    /// <summary>The means of the networks' chances.</summary>
    public IEnumerable<ReadLanguage> Read(IReadOnlyList<UtteranceExample> examples)
    {
        foreach (UtteranceExample[] chunk in examples.Chunk(UtterancesOfBatch))
        {
            var batch = UtteranceBatch.Of([.. chunk.Select(example => ReadUtterance.Of(example, vocabulary))], vocabulary);
            int tagCount = vocabulary.Tags.Count, intentCount = vocabulary.Intents.Count;
            float[] intents = new float[batch.Count * intentCount];
            float[] tags = new float[batch.Words.Length * tagCount];
            using (TensorScope.Begin())
            using (NoGradient.Begin())
            {
                foreach (UnderstandingNetwork network in networks)
                {
                    (Tensor ofIntents, Tensor ofTags) = network.Forward(batch);
                    TensorPrimitives.MultiplyAdd(ofIntents.Softmax().Values, 1f / networks.Count, intents, intents);
                    TensorPrimitives.MultiplyAdd(ofTags.Softmax().Values, 1f / networks.Count, tags, tags);
                }
            }

            for (int u = 0; u < chunk.Length; u++)
            {
                float[] ofWords = tags[(batch.Offsets[u] * tagCount)..(batch.Offsets[u + 1] * tagCount)];
                yield return new ReadLanguage(intents[(u * intentCount)..((u + 1) * intentCount)], ofWords, tagCount == 1 ? [] : _decoder.Decode(ofWords));
            }
        }
    }

    /// <summary>The tags of an example's words as the model reads them; those of words that it did not read are outside.</summary>
    public string[] TagsOf(UtteranceExample example, ReadLanguage read) =>
        [.. example.Words.Select((_, w) => w < read.Path.Length ? vocabulary.Tags[read.Path[w]] : UtteranceExample.Outside)];

    public ToldLanguage Tell(IReadOnlyList<UtteranceExample> examples)
    {
        ReadLanguage[] read = [.. Read(examples)];
        return new ToldLanguage([.. read.Select(IntentOf)], [.. read.Zip(examples, (of, example) => TagsOf(example, of))]);
    }

    public string IntentOf(ReadLanguage read) => scope.Refuses(read.Intents, vocabulary) ? ShopIntents.OutOfScope : vocabulary.Intents[ScopeRule.Likeliest(read.Intents, vocabulary)];

    private Understanding Understand(UtteranceExample example, ReadLanguage read)
    {
        string intent = IntentOf(read);
        float likeliest = read.Intents[ScopeRule.Likeliest(read.Intents, vocabulary)];
        double confidence = intent == ShopIntents.OutOfScope ? 1 - likeliest : likeliest;
        return new Understanding
        {
            Intent = intent,
            Confidence = confidence,
            InScope = intent != ShopIntents.OutOfScope,
            Slots = [.. UtteranceExample.Pieces(TagsOf(example, read)).Select(piece => ValueOf(example, piece, read))],
            Alternatives = [.. read.Intents.Select((chance, i) => new IntentGuess(vocabulary.Intents[i], chance)).Where(guess => guess.Intent != intent)
                .OrderByDescending(guess => guess.Confidence).Take(MostAlternatives)],
        };
    }

    private SlotValue ValueOf(UtteranceExample example, TaggedPiece piece, ReadLanguage read)
    {
        int start = example.Words[piece.Start].Start;
        int end = example.Words[piece.End - 1].Start + example.Words[piece.End - 1].Length;
        double chance = 1;
        for (int w = piece.Start; w < piece.End; w++)
        {
            chance *= read.Tags[(w * vocabulary.Tags.Count) + read.Path[w]];
        }

        return new SlotValue { Name = piece.Slot, Value = example.Text[start..end], Confidence = chance, Start = start, Length = end - start };
    }
}

/// <summary>What was read of one utterance.</summary>
/// <param name="Intents">Chance of each intent.</param>
/// <param name="Tags">Chances of tags: [words, tags].</param>
/// <param name="Path">The tag of each word; empty where no slots were learned.</param>
internal sealed record ReadLanguage(float[] Intents, float[] Tags, int[] Path);
