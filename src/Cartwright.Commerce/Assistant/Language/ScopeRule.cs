using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant;

/// <summary>When a sentence is refused as one that nobody should answer: where its odds of that are above a bound.</summary>
/// <param name="Bound">Of ln(chance of out of scope / chance of the likeliest intent). Lower refuses more.</param>
internal sealed record ScopeRule(double Bound)
{
    /// <summary>Share of the sentences rightly understood that may be refused so that more of those out of scope are.</summary>
    private const double MostRefused = 0.015;
    private const int FewestOfEach = 20;

    /// <summary>Refuses what is likelier out of scope than anything else.</summary>
    public static ScopeRule Likelier { get; } = new(0);

    /// <summary>The lowest bound that refuses few of the sentences that would be understood rightly.</summary>
    /// <param name="read">Sentences that were not learned from.</param>
    public static ScopeRule Of(LanguageVocabulary vocabulary, IReadOnlyList<ReadLanguage> read, IReadOnlyList<string> intents)
    {
        if (vocabulary.OutOfScope < 0)
        {
            return Likelier;
        }

        var right = new List<double>();
        int outside = 0;
        for (int i = 0; i < read.Count; i++)
        {
            outside += intents[i] == ShopIntents.OutOfScope ? 1 : 0;
            if (intents[i] != ShopIntents.OutOfScope && vocabulary.Intents[Likeliest(read[i].Intents, vocabulary)] == intents[i])
            {
                right.Add(Score(read[i].Intents, vocabulary));
            }
        }

        if (outside < FewestOfEach || right.Count < FewestOfEach)
        {
            return Likelier;
        }

        right.Sort();
        return new ScopeRule(right[(int)Math.Ceiling((1 - MostRefused) * (right.Count - 1))]);
    }

    /// <returns>False for every sentence where nothing out of scope was learned.</returns>
    public bool Refuses(float[] chances, LanguageVocabulary vocabulary) => vocabulary.OutOfScope >= 0 && Score(chances, vocabulary) > Bound;

    /// <summary>The likeliest intent that is not out of scope; out of scope where there is no other.</summary>
    public static int Likeliest(float[] chances, LanguageVocabulary vocabulary)
    {
        int outside = vocabulary.OutOfScope;
        if (outside < 0)
        {
            return TensorPrimitives.IndexOfMax<float>(chances);
        }

        int before = outside == 0 ? -1 : TensorPrimitives.IndexOfMax<float>(chances.AsSpan(..outside));
        int behind = outside == chances.Length - 1 ? -1 : outside + 1 + TensorPrimitives.IndexOfMax<float>(chances.AsSpan(outside + 1));
        return before < 0 ? (behind < 0 ? outside : behind) : behind < 0 || chances[before] >= chances[behind] ? before : behind;
    }

    private static double Score(float[] chances, LanguageVocabulary vocabulary) =>
        Math.Log(Math.Max(chances[vocabulary.OutOfScope], 1e-12)) - Math.Log(Math.Max(chances[Likeliest(chances, vocabulary)], 1e-12));
}
