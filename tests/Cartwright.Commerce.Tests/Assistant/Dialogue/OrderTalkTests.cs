using Cartwright.Commerce.Assistant;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

public sealed class OrderTalkTests : IAsyncLifetime
{
    private TalkedShop _shop = null!;

    public async Task InitializeAsync() => _shop = await TalkedShop.OpenAsync();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task Tells_an_order_to_who_knows_its_number_and_postcode()
    {
        ReplyResponse asked = await _shop.SayAsync("where is my order", ShopIntents.OrderStatus);
        ReplyResponse number = await _shop.SayAsync("a1001", ShopIntents.OrderStatus, [("order-id", "a1001")], asked);
        ReplyResponse told = await _shop.SayAsync("1010", ShopIntents.OutOfScope, after: number);
        ReplyResponse again = await _shop.SayAsync("and when does it come", ShopIntents.OrderStatus, after: told);

        Assert.Equal(("order", "postcode", null), (asked.Awaiting, number.Awaiting, told.Awaiting));
        Assert.Equal("Order A1001, placed on 2 January 2026, is shipped. It is expected on 5 January 2026. Northpost carries it under the number N77. In it: 2 of Steel Kettle.", told.Text);
        Assert.Equal(told.Text, again.Text);
        Assert.DoesNotContain("1010", told.Text);
    }

    [Fact]
    public async Task Whoever_is_signed_in_hears_of_their_own_orders_and_of_no_other()
    {
        ReplyResponse own = await _shop.SayAsync("where is my order", ShopIntents.OrderStatus, shopper: "anna");
        ReplyResponse other = await _shop.SayAsync("where is A1002", ShopIntents.OrderStatus, [("order-id", "A1002")], own, shopper: "anna");

        Assert.StartsWith("Order A1001", own.Text);
        Assert.Equal("postcode", other.Awaiting);
        Assert.Empty(other.Sentences.SelectMany(sentence => sentence.Sources));
    }

    [Theory]
    [InlineData("A1002 9999")]      // a wrong postcode
    [InlineData("A9999 9999")]      // no such order
    [InlineData("A1003 9999")]      // an order without a postcode
    public async Task A_wrong_guess_hears_the_same_whatever_is_wrong(string guess)
    {
        ReplyResponse told = await _shop.SayAsync(guess, ShopIntents.OrderStatus);

        Assert.Equal("I find no order with this number and this postcode. Please say both again.", told.Text);
        Assert.Equal("order", told.Awaiting);
    }

    [Theory]
    [InlineData("1010")]
    [InlineData("A1001 1010")]
    [InlineData("sorry, 1010 it is")]
    public async Task The_right_postcode_after_a_wrong_one_is_enough(string said)
    {
        ReplyResponse wrong = await _shop.SayAsync("A1001 9999", ShopIntents.OrderStatus);

        Assert.StartsWith("Order A1001", (await _shop.SayAsync(said, ShopIntents.OrderStatus, after: wrong)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_after_a_wrong_one_is_another_order()
    {
        ReplyResponse wrong = await _shop.SayAsync("A1001 9999", ShopIntents.OrderStatus);
        ReplyResponse other = await _shop.SayAsync("A1002", ShopIntents.OrderStatus, after: wrong);

        Assert.Equal("postcode", other.Awaiting);
    }

    [Fact]
    public async Task Three_wrong_guesses_end_it_for_a_conversation()
    {
        ReplyResponse? last = null;
        for (int i = 0; i < 3; i++)
        {
            last = await _shop.SayAsync($"A1001 999{i}", ShopIntents.OrderStatus, after: last);
        }

        ReplyResponse right = await _shop.SayAsync("A1001 1010", ShopIntents.OrderStatus, after: last);

        Assert.Equal("yes-or-no", last!.Awaiting);
        Assert.Equal("I can't look this order up here any more. Shall a person look at it?", right.Text);
    }

    [Fact]
    public async Task Five_wrong_guesses_in_an_hour_end_it_for_an_order_known_or_not()
    {
        foreach (string order in (string[])["A1001", "A9999"])
        {
            for (int i = 0; i < 5; i++)
            {
                await _shop.SayAsync($"{order} 999{i}", ShopIntents.OrderStatus);
            }
        }

        string known = (await _shop.SayAsync("A1001 1010", ShopIntents.OrderStatus)).Text;
        string unknown = (await _shop.SayAsync("A9999 1010", ShopIntents.OrderStatus)).Text;
        _shop.Clock.Now += TimeSpan.FromHours(1);
        string later = (await _shop.SayAsync("A1001 1010", ShopIntents.OrderStatus)).Text;

        Assert.Equal(known, unknown);
        Assert.DoesNotContain("shipped", known);
        Assert.Contains("shipped", later);
    }

    [Fact]
    public async Task A_sentence_full_of_numbers_is_one_guess()
    {
        ReplyResponse told = await _shop.SayAsync("A1001 1010 1011 1012 1013 1014", ShopIntents.OrderStatus);

        Assert.Empty(told.Sentences.SelectMany(sentence => sentence.Sources));
    }
}
