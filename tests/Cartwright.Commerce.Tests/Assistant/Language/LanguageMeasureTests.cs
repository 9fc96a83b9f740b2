using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class LanguageMeasureTests
{
    private static readonly UtteranceExample[] Examples =
    [
        Example("fly to rome", "flight", "O", "O", "B-city"),
        Example("fly to new york", "flight", "O", "O", "B-city", "I-city"),
        Example("which fare", "fare", "O", "O"),
        Example("tell a joke", "oos"),
    ];

    [Fact]
    public void A_refused_sentence_in_scope_is_wrong_and_refusals_of_the_others_are_counted_apart()
    {
        IReadOnlyDictionary<string, MetricEstimate> metrics = Estimate(["flight", "out-of-scope", "flight", "out-of-scope"], null);

        Assert.Equal(1 / 3.0, metrics["accuracy"].Value, 9);
        Assert.Equal(1, metrics["oosRecall"].Value);
        Assert.Equal(((2 * 1 / 4.0) + 0 + (2 * 1 / 3.0)) / 3, metrics["macroF1"].Value, 9);       // flight, fare, out of scope
        Assert.False(metrics.ContainsKey("slotF1"));
    }

    [Fact]
    public void A_piece_counts_where_slot_and_both_ends_are_right()
    {
        string[][] tags = [["O", "O", "B-city"], ["O", "O", "B-city", "O"], ["O", "B-city"], ["O", "O", "O"]];

        IReadOnlyDictionary<string, MetricEstimate> metrics = Estimate(["flight", "flight", "fare", "out-of-scope"], tags);

        Assert.Equal(2 * 1 / 5.0, metrics["slotF1"].Value, 9);                                   // 1 hit, 3 told, 2 there
        Assert.Equal(2 / 4.0, metrics["sentenceAccuracy"].Value, 9);
        Assert.InRange(metrics["slotF1"].Value, metrics["slotF1"].Low, metrics["slotF1"].High);
    }

    private static IReadOnlyDictionary<string, MetricEstimate> Estimate(string[] intents, string[][]? tags) =>
        new LanguageMeasure(Examples, seed: 1).Estimate(new ToldLanguage(intents, tags));

    private static UtteranceExample Example(string text, string intent, params string[] tags) => UtteranceExample.Of(new Utterance { Text = text, Intent = intent, Slots = tags });
}
