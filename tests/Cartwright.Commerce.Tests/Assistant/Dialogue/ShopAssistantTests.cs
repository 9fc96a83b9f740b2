using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

public sealed class ShopAssistantTests : IAsyncLifetime
{
    private TalkedShop _shop = null!;

    public async Task InitializeAsync() => _shop = await TalkedShop.OpenAsync();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task Finds_products_and_knows_them_by_their_place_and_by_it()
    {
        ReplyResponse found = await _shop.SayAsync("show me kettles", ShopIntents.FindProduct, [("category", "kettles")]);
        ReplyResponse priced = await _shop.SayAsync("how much is the second one", ShopIntents.ProductPrice, [("ordinal", "second")], found);
        ReplyResponse stocked = await _shop.SayAsync("is it in stock", ShopIntents.ProductStock, [("product", "it")], priced);

        Assert.Equal(["p1", "p3"], found.Products.Select(product => product.ProductId).Order());
        Assert.Contains(new FactSource("product", found.Products[1].ProductId, "price", found.Products[1].ProductId == "p3" ? "89.00 EUR" : "39.95 EUR"), priced.Sentences[0].Sources);
        Assert.Equal(found.Products[1].ProductId, Assert.Single(stocked.Products).ProductId);
        Assert.Contains("in stock", stocked.Text);
    }

    [Fact]
    public async Task A_price_bound_that_leaves_nothing_is_said_with_the_nearest()
    {
        ReplyResponse found = await _shop.SayAsync("kettles under 30", ShopIntents.FindProduct, [("category", "kettles"), ("price-max", "30")]);

        Assert.Equal("p1", Assert.Single(found.Products).ProductId);
        Assert.Contains("30.00 EUR", found.Text);
        Assert.Contains("Steel Kettle at 39.95 EUR", found.Text);
    }

    [Fact]
    public async Task Asks_which_one_where_several_fit_and_takes_the_answer()
    {
        ReplyResponse asked = await _shop.SayAsync("how much is the kettle", ShopIntents.ProductPrice, [("product", "kettle")]);
        ReplyResponse told = await _shop.SayAsync("the copper one", ShopIntents.FindProduct, [("product", "copper one")], asked);

        Assert.Equal("product", asked.Awaiting);
        Assert.Equal(3, asked.Products.Count);
        Assert.Equal("Copper Kettle costs 89.00 EUR.", told.Text);
    }

    [Fact]
    public async Task A_doubtful_sentence_about_an_order_is_of_what_was_shown()
    {
        ReplyResponse found = await _shop.SayAsync("kettles", ShopIntents.FindProduct, [("category", "kettles")]);
        ReplyResponse cheaper = await _shop.SayAsync("the cheaper one", ShopIntents.ProductDetails, after: found, confidence: 0.3);

        Assert.Equal("p1", cheaper.Products[0].ProductId);
    }

    [Fact]
    public async Task An_answer_that_says_something_of_its_own_is_taken_by_its_own_words()
    {
        ReplyResponse found = await _shop.SayAsync("kettles", ShopIntents.FindProduct, [("category", "kettles")]);
        ReplyResponse unsure = await _shop.SayAsync("those others there", ShopIntents.RefineResults, after: found, confidence: 0.3);
        ReplyResponse red = await _shop.SayAsync("only red ones", ShopIntents.RefineResults, [("color", "red")], unsure);

        Assert.Equal("intent", unsure.Awaiting);
        Assert.Equal("p3", Assert.Single(red.Products).ProductId);
    }

    [Fact]
    public async Task What_is_put_into_the_basket_is_counted_and_never_more_than_there_is()
    {
        ReplyResponse added = await _shop.SayAsync("nine steel kettles please", ShopIntents.AddToBasket, [("count", "nine"), ("product", "steel kettles")], shopper: "anna");
        ReplyResponse removed = await _shop.SayAsync("take two out", ShopIntents.RemoveFromBasket, [("count", "two")], added, shopper: "anna");

        Assert.Equal((5, 199.75m), (added.Basket.Lines[0].Units, added.Basket.Total));
        Assert.Equal(3, removed.Basket.Lines[0].Units);
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        Assert.Equal([InteractionKind.Cart, InteractionKind.Uncart], live.ShopperHistory("anna").Select(act => act.Kind));
        Assert.Empty((await _shop.SayAsync("add the glass kettle", ShopIntents.AddToBasket, [("product", "glass kettle")])).Basket.Lines);
    }

    [Theory]
    [InlineData("-5", "add -5 steel kettles")]
    [InlineData("5", "add -5 steel kettles")]
    [InlineData("0", "add 0 steel kettles")]
    public async Task Less_than_one_is_asked_about_and_a_number_answers(string count, string text)
    {
        ReplyResponse asked = await _shop.SayAsync(text, ShopIntents.AddToBasket, [("count", count), ("product", "steel kettles")]);
        ReplyResponse again = await _shop.SayAsync("-1", ShopIntents.OutOfScope, after: asked);
        ReplyResponse added = await _shop.SayAsync("three", ShopIntents.OutOfScope, after: again);

        Assert.Equal(("count", "count"), (asked.Awaiting, again.Awaiting));
        Assert.Empty(again.Basket.Lines);
        Assert.Equal(("p1", 3), (added.Basket.Lines[0].ProductId, added.Basket.Lines[0].Units));
    }

    [Fact]
    public async Task A_number_below_one_is_kept_in_mind_while_it_is_asked_which_product_is_meant()
    {
        ReplyResponse which = await _shop.SayAsync("add -5 kettles", ShopIntents.AddToBasket, [("count", "-5"), ("product", "kettles")]);
        ReplyResponse howMany = await _shop.SayAsync("the steel one", ShopIntents.ProductDetails, [("product", "steel one")], which);

        Assert.Equal(("product", "count"), (which.Awaiting, howMany.Awaiting));
        Assert.Empty(howMany.Basket.Lines);
    }

    [Fact]
    public async Task A_place_beyond_those_that_were_shown_is_said_and_nothing_else_compared()
    {
        ReplyResponse found = await _shop.SayAsync("show me kettles", ShopIntents.FindProduct, [("category", "kettles")]);
        ReplyResponse refused = await _shop.SayAsync("compare the first and the ninth", ShopIntents.CompareProducts, [("ordinal", "first")], found);
        ReplyResponse compared = await _shop.SayAsync("compare the first and the last", ShopIntents.CompareProducts, [("ordinal", "first"), ("ordinal", "last")], refused);

        Assert.Equal("There is no “ninth” among those that I showed you: they are 2.", refused.Text);
        Assert.Equal(2, refused.Products.Count);
        Assert.Contains("cheapest of them is Steel Kettle", compared.Text);
    }

    [Theory]
    [InlineData("clear my basket", ShopIntents.RemoveFromBasket)]
    [InlineData("clear my basket", ShopIntents.OutOfScope)]
    [InlineData("empty the cart please", ShopIntents.ShowBasket)]
    [InlineData("take everything out", ShopIntents.FindProduct)]
    public async Task The_basket_is_emptied_after_a_yes_however_it_was_understood(string text, string intent)
    {
        ReplyResponse added = await _shop.SayAsync("a steel kettle please", ShopIntents.AddToBasket, [("product", "steel kettle")], shopper: "anna");
        ReplyResponse kept = await _shop.SayAsync("no", ShopIntents.No, after: await _shop.SayAsync(text, intent, after: added, shopper: "anna", confidence: 0.4), shopper: "anna");
        ReplyResponse asked = await _shop.SayAsync(text, intent, after: kept, shopper: "anna", confidence: 0.4);
        ReplyResponse emptied = await _shop.SayAsync("yes", ShopIntents.Yes, after: asked, shopper: "anna");

        Assert.Single(kept.Basket.Lines);
        Assert.Equal("yes-or-no", asked.Awaiting);
        Assert.Contains("Steel Kettle", asked.Text);
        Assert.Empty(emptied.Basket.Lines);
        Assert.Equal("Your basket is empty now.", emptied.Text);
        Assert.Equal([InteractionKind.Cart, InteractionKind.Uncart], (await _shop.Shop.Catalog.LiveAsync()).ShopperHistory("anna").Select(act => act.Kind));
    }

    [Theory]
    [InlineData("I'll take all of them")]
    [InlineData("do you have a clear bag")]
    [InlineData("please don't empty my basket")]
    [InlineData("did you clear my cart?")]
    [InlineData("an empty basket for fruit")]
    public async Task What_only_sounds_like_it_does_not_ask_to_empty_the_basket(string text)
    {
        ReplyResponse added = await _shop.SayAsync("a steel kettle please", ShopIntents.AddToBasket, [("product", "steel kettle")], shopper: "anna");

        ReplyResponse reply = await _shop.SayAsync(text, ShopIntents.OutOfScope, after: added, shopper: "anna", confidence: 0.4);

        Assert.NotEqual("yes-or-no", reply.Awaiting);
        Assert.Single(reply.Basket.Lines);
    }

    [Fact]
    public async Task One_product_is_taken_out_without_asking_though_all_of_it_goes()
    {
        ReplyResponse added = await _shop.SayAsync("a steel kettle please", ShopIntents.AddToBasket, [("product", "steel kettle")]);
        ReplyResponse removed = await _shop.SayAsync("remove all steel kettles", ShopIntents.RemoveFromBasket, [("product", "steel kettles")], added);

        Assert.Null(removed.Awaiting);
        Assert.Empty(removed.Basket.Lines);
    }

    [Theory]
    [InlineData(ShopIntents.AskPolicy)]
    [InlineData(ShopIntents.OutOfScope)]
    public async Task Delivery_to_a_country_is_answered_from_the_texts_or_handed_over(string intent)
    {
        ReplyResponse unknown = await _shop.SayAsync("do you deliver to Norway?", intent);
        ReplyResponse left = await _shop.SayAsync("yes", ShopIntents.Yes, after: unknown);
        await _shop.SayOfTheShopAsync("abroad", "Where we deliver", "We deliver to Norway and Sweden. Parcels take a week.");
        ReplyResponse told = await _shop.SayAsync("can you ship to norway", intent);
        ReplyResponse home = await _shop.SayAsync("do you deliver to my home", ShopIntents.AskPolicy);

        Assert.Contains("nothing about delivery to “Norway”, so I don't know.", unknown.Text);
        Assert.Equal("yes-or-no", unknown.Awaiting);
        Assert.NotNull(left.HandOver);
        Assert.Equal("We deliver to Norway and Sweden.", told.Text);
        Assert.Equal("abroad", Assert.Single(told.Sentences[0].Sources).Id);
        Assert.DoesNotContain("don't know", home.Text);
    }

    [Fact]
    public async Task Never_tells_of_a_product_that_was_removed_or_what_it_costs_the_shop()
    {
        ReplyResponse found = await _shop.SayAsync("kettles", ShopIntents.FindProduct, [("category", "kettles")]);
        ReplyResponse details = await _shop.SayAsync("tell me about the steel kettle", ShopIntents.ProductDetails, [("product", "steel kettle")], found);
        await _shop.Shop.Catalog.DeleteProductAsync("p1");
        ReplyResponse gone = await _shop.SayAsync("how much is the steel kettle", ShopIntents.ProductPrice, [("product", "steel kettle")], details);

        Assert.Contains("Boils 2 l.", details.Text);
        Assert.DoesNotContain(details.Sentences.SelectMany(sentence => sentence.Sources), source => source.Field is "cost" or "lead_time_days");
        Assert.DoesNotContain(gone.Products, product => product.ProductId == "p1");
    }

    [Fact]
    public async Task Answers_from_the_merchants_texts_word_for_word()
    {
        ReplyResponse told = await _shop.SayAsync("can I send something back", ShopIntents.AskPolicy);
        ReplyResponse unknown = await _shop.SayAsync("do you engrave rings", ShopIntents.AskPolicy);

        Assert.Equal(["You can return it within 30 days.", "<b>Free</b> of charge."], told.Sentences.Select(sentence => sentence.Text));
        Assert.All(told.Sentences, sentence => Assert.Equal(new FactSource("text", "returns", "text", sentence.Text), Assert.Single(sentence.Sources)));
        Assert.Equal("yes-or-no", unknown.Awaiting);
        Assert.Empty(unknown.Sentences.SelectMany(sentence => sentence.Sources));
    }

    [Fact]
    public async Task Leaves_a_conversation_for_a_person_who_reads_and_closes_it()
    {
        ReplyResponse left = await _shop.SayAsync("a person please", ShopIntents.TalkToPerson, shopper: "anna");
        ReplyResponse thanked = await _shop.SayAsync("anna@example.com", ShopIntents.OutOfScope, after: left, shopper: "anna");
        HandOver waits = Assert.Single((await _shop.Assistant.HandOversAsync(new HandOversRequest())).HandOvers);
        await _shop.Assistant.CloseHandOverAsync(new CloseHandOverRequest { Id = waits.Id, Note = "called" });

        Assert.Equal((left.HandOver, "anna", "anna@example.com", "asked"), (waits.Id, waits.ShopperId, waits.Contact, waits.Reason));
        Assert.Equal(left.HandOver, thanked.HandOver);
        Assert.Empty((await _shop.Assistant.HandOversAsync(new HandOversRequest())).HandOvers);
        Assert.Equal("called", Assert.Single((await _shop.Assistant.HandOversAsync(new HandOversRequest { All = true })).HandOvers).Note);
        await Assert.ThrowsAsync<NotFoundException>(() => _shop.Assistant.CloseHandOverAsync(new CloseHandOverRequest { Id = "nothing" }));
    }

    [Fact]
    public async Task A_forgotten_shopper_leaves_no_conversation_and_nothing_for_a_person()
    {
        ReplyResponse left = await _shop.SayAsync("a person please", ShopIntents.TalkToPerson, shopper: "anna");

        ForgottenShopper receipt = await _shop.Shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "anna" });

        Assert.Equal((1, 1), (receipt.Orders, receipt.HandOvers));
        Assert.Empty((await _shop.Assistant.HandOversAsync(new HandOversRequest { All = true })).HandOvers);
        Assert.NotEqual(left.ConversationId, (await _shop.SayAsync("hello", ShopIntents.Greet, after: left, shopper: "anna")).ConversationId);
    }

    [Fact]
    public async Task Offers_a_person_after_two_sentences_that_it_does_not_understand()
    {
        ReplyResponse first = await _shop.SayAsync("blub", ShopIntents.OutOfScope);
        ReplyResponse second = await _shop.SayAsync("blub blub", ShopIntents.OutOfScope, after: first);
        ReplyResponse yes = await _shop.SayAsync("yes", ShopIntents.Yes, after: second);

        Assert.Equal((null, "yes-or-no"), (first.Awaiting, second.Awaiting));
        Assert.NotNull(yes.HandOver);
    }

    [Fact]
    public async Task A_conversation_ends_when_it_was_left_alone_and_is_nobody_elses()
    {
        ReplyResponse first = await _shop.SayAsync("hello", ShopIntents.Greet);
        ReplyResponse again = await _shop.SayAsync("hello", ShopIntents.Greet, after: first);
        ReplyResponse other = await _shop.SayAsync("hello", ShopIntents.Greet, after: first, shopper: "anna");
        _shop.Clock.Now += TimeSpan.FromMinutes(31);
        ReplyResponse later = await _shop.SayAsync("hello", ShopIntents.Greet, after: first);

        Assert.Equal(first.ConversationId, again.ConversationId);
        Assert.NotEqual(first.ConversationId, other.ConversationId);
        Assert.NotEqual(first.ConversationId, later.ConversationId);
    }
}
