using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class SlotPhrasesTests
{
    private static readonly SlotVocabulary Vocabulary = new(
    [
        Said(("drink", "coffee"), ("milk", "some milk")),
        Said(("drink", "iced coffee"), ("milk", "milk")),
        Said(("drink", "tea"), ("milk", "some cream")),
        Said(("drink", "tea"), ("milk", "cream")),
        Said(("milk", "lots of milk")),
        Said(("milk", "lots of cream")),
        Said(("milk", "soy milk")),
    ]);

    [Theory]
    [InlineData("i want a iced coffee with lots of cream", "iced coffee", "lots of cream")]
    [InlineData("coffee", "coffee", null)]
    [InlineData("milk and tea please", "tea", "milk")]
    [InlineData("tea no coffee", "coffee", null)]
    [InlineData("", null, null)]
    public void Reads_the_longest_value_that_fits_and_the_last_of_a_slot(string text, string? drink, string? milk)
    {
        IReadOnlyDictionary<string, string> said = new SlotPhrases(Vocabulary).Read(text);

        Assert.Equal(drink, said.GetValueOrDefault("drink"));
        Assert.Equal(milk, said.GetValueOrDefault("milk"));
    }

    [Fact]
    public void Values_of_the_same_parts_are_combined()
    {
        var vocabulary = new SlotVocabulary([Said(("m", "some milk")), Said(("m", "some cream")), Said(("m", "milk")), Said(("m", "cream")), Said(("m", "lots of milk")),
            Said(("m", "lots of sugar")), Said(("m", "sugar"))]);

        IReadOnlyList<string> spoken = new SlotPhrases(vocabulary).Spoken[0];

        Assert.Contains("lots of cream", spoken);
        Assert.Contains("some sugar", spoken);
        Assert.DoesNotContain("some lots of milk", spoken);
    }

    [Fact]
    public void Numbers_and_values_are_each_others_way_back()
    {
        IReadOnlyDictionary<string, string> said = Said(("drink", "tea"), ("milk", "cream"));

        Assert.Equal(said, Vocabulary.SaidBy(Vocabulary.NumbersOf(said)));
        Assert.Equal(-1, Vocabulary.NumbersOf(Said(("drink", "water")))[0]);
    }

    internal static IReadOnlyDictionary<string, string> Said(params (string Slot, string Value)[] slots) =>
        new SortedDictionary<string, string>(slots.ToDictionary(slot => slot.Slot, slot => slot.Value), StringComparer.Ordinal);
}
