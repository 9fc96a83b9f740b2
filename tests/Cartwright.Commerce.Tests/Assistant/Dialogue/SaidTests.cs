using Cartwright.Commerce.Assistant;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

public sealed class SaidTests
{
    [Theory]
    [InlineData("actually take it out again", "actually|it", "")]
    [InlineData("then take the second one too", "then|the second one|too", "")]
    [InlineData("remove the red mug instead", "the red mug|instead", "red mug")]
    public void Words_that_only_point_or_carry_on_name_no_product(string sentence, string tagged, string named)
    {
        SlotValue[] slots = [.. tagged.Split('|').Select(value => new SlotValue
        {
            Name = ShopSlots.Product, Value = value, Confidence = 0.9, Start = sentence.IndexOf(value, StringComparison.Ordinal), Length = value.Length,
        })];
        var said = new Said(sentence, new Understanding { Intent = ShopIntents.RemoveFromBasket, Confidence = 0.9, InScope = true, Slots = slots });

        Assert.Equal(named, said.Naming(ShopSlots.Product));
    }
}
