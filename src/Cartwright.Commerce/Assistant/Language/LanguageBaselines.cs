using System.Numerics.Tensors;
using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Assistant;

/// <summary>What the network must beat: the most frequent intent, a linear model of a sentence's words, and each word's most frequent tag.</summary>
internal static class LanguageBaselines
{
    public const string OfTags = "word-tags";

    public static IReadOnlyList<string> Names { get; } = ["majority", "bag-of-words", OfTags];

    private const double Penalty = 0.3;

    public static Func<IReadOnlyList<UtteranceExample>, ToldLanguage> Fit(string name, IReadOnlyList<UtteranceExample> train, CancellationToken cancellation) => name switch
    {
        "majority" => Majority(train),
        "bag-of-words" => BagOfWords(train, cancellation),
        _ => WordTags(train),
    };

    private static Func<IReadOnlyList<UtteranceExample>, ToldLanguage> Majority(IReadOnlyList<UtteranceExample> train)
    {
        string most = MostFrequent(train.Select(example => example.Intent));
        return examples => new ToldLanguage([.. examples.Select(_ => most)], null);
    }

    /// <summary>Logistic regression of which words a sentence has.</summary>
    private static Func<IReadOnlyList<UtteranceExample>, ToldLanguage> BagOfWords(IReadOnlyList<UtteranceExample> train, CancellationToken cancellation)
    {
        string[] intents = [.. train.Select(example => example.Intent).Distinct().Order(StringComparer.Ordinal)];
        if (intents.Length < 2)
        {
            return Majority(train);
        }

        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (UtteranceWord word in train.SelectMany(example => example.Words))
        {
            words.TryAdd(word.Form, words.Count);
        }

        int[] classes = [.. train.Select(example => Array.BinarySearch(intents, example.Intent, StringComparer.Ordinal))];
        var model = LinearModel.FitClasses(Rows(train, words), classes, intents.Length, Penalty, cancellation);
        return examples =>
        {
            float[] chances = model.Predict(Rows(examples, words));
            return new ToldLanguage([.. examples.Select((_, i) => intents[intents.Length == 2 ? (chances[i] > 0.5f ? 1 : 0)
                : TensorPrimitives.IndexOfMax<float>(chances.AsSpan(i * intents.Length, intents.Length))])], null);
        };
    }

    private static SparseRows Rows(IReadOnlyList<UtteranceExample> examples, Dictionary<string, int> words)
    {
        int[] starts = new int[examples.Count + 1];
        var columns = new List<int>();
        for (int i = 0; i < examples.Count; i++)
        {
            columns.AddRange(examples[i].Words.Select(word => words.GetValueOrDefault(word.Form, -1)).Where(word => word >= 0).Distinct().Order());
            starts[i + 1] = columns.Count;
        }

        return new SparseRows(starts, [.. columns], [.. Enumerable.Repeat(1f, columns.Count)], words.Count);
    }

    private static Func<IReadOnlyList<UtteranceExample>, ToldLanguage> WordTags(IReadOnlyList<UtteranceExample> train)
    {
        Dictionary<string, string> tags = train.Where(example => example.Tags is not null)
            .SelectMany(example => example.Words.Zip(example.Tags!, (word, tag) => (word.Form, tag)))
            .GroupBy(word => word.Form, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => MostFrequent(group.Select(word => word.tag)), StringComparer.Ordinal);
        return examples => new ToldLanguage(null, [.. examples.Select(example => example.Words.Select(word => tags.GetValueOrDefault(word.Form, UtteranceExample.Outside)).ToArray())]);
    }

    private static string MostFrequent(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;
}
