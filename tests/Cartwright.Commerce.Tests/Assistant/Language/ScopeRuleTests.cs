using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class ScopeRuleTests
{
    private const int Sentences = 1_000;

    [Fact]
    public void The_bound_refuses_few_of_those_that_are_right_and_all_that_is_plainly_out_of_scope()
    {
        LanguageVocabulary vocabulary = Vocabulary("buy", "oos", "sell");
        var random = new Random(5);
        ReadLanguage[] right = [.. Enumerable.Range(0, Sentences).Select(_ => Read(0.8f, 0.1f * random.NextSingle(), 0.1f))];
        ReadLanguage[] outside = [.. Enumerable.Range(0, 50).Select(_ => Read(0.3f, 0.4f, 0.3f))];

        var rule = ScopeRule.Of(vocabulary, [.. right, .. outside],
            [.. Enumerable.Repeat("buy", Sentences), .. Enumerable.Repeat(ShopIntents.OutOfScope, outside.Length)]);

        Assert.InRange(right.Count(read => rule.Refuses(read.Intents, vocabulary)), Sentences / 200, Sentences / 50);
        Assert.All(outside, read => Assert.True(rule.Refuses(read.Intents, vocabulary)));
    }

    [Fact]
    public void Where_nothing_out_of_scope_was_learned_nothing_is_refused()
    {
        LanguageVocabulary vocabulary = Vocabulary("buy", "rent", "sell");

        var rule = ScopeRule.Of(vocabulary, [Read(0.4f, 0.3f, 0.3f)], ["buy"]);

        Assert.False(rule.Refuses([0.34f, 0.33f, 0.33f], vocabulary));
        Assert.Equal(1, ScopeRule.Likeliest([0.2f, 0.5f, 0.3f], vocabulary));
    }

    [Fact]
    public void With_too_few_examples_to_set_a_bound_the_likelier_wins()
    {
        LanguageVocabulary vocabulary = Vocabulary("buy", "oos", "sell");

        var rule = ScopeRule.Of(vocabulary, [Read(0.4f, 0.3f, 0.3f)], ["buy"]);

        Assert.Equal(ScopeRule.Likelier, rule);
        Assert.True(rule.Refuses([0.3f, 0.4f, 0.3f], vocabulary));
        Assert.Equal(2, ScopeRule.Likeliest([0.1f, 0.6f, 0.3f], vocabulary));
    }

    // In alphabetical order: buy, out-of-scope, sell.
    private static ReadLanguage Read(params float[] chances) => new(chances, [], []);

    private static LanguageVocabulary Vocabulary(params string[] intents) =>
        LanguageVocabulary.Learn([.. intents.Select(intent => UtteranceExample.Of(new Utterance { Text = $"i {intent}", Intent = intent }))]);
}
