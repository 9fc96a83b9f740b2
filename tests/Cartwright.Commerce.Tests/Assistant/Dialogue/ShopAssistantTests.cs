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
