using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Talk about products: finding and refining, price, stock and what else is known, comparing.</summary>
internal sealed class ProductTalk(IProductFinder finder, ProductReferences references)
{
    private const int ShownCount = 4;
    private const int NamedCount = 3;

    private static readonly string[] Choices = ["The first one", "The second one", "The third one", "The fourth one"];

    /// <summary>What the stock planner reads of a product and a shopper does not: the supplier's business.</summary>
    private static readonly string[] Inner = ["lead_time_days", "order_cost", "holding_rate", "pack_size", "minimum_order", "on_order"];

    /// <summary>True where all words of the sentence that may name a thing name a product of the shop.</summary>
    public async Task<bool> KnowsAsync(Turn turn, CancellationToken stop)
    {
        string words = turn.Said.ContentWords;
        return words.Length > 0 && await finder.FindAsync(new ProductWish { Words = words, InStock = false }, 1, stop) is { TotalCount: > 0, LeftOut.Count: 0, Corrected.Count: 0 };
    }

    /// <summary>Looks for what the sentence names, whatever was looked for before.</summary>
    public Task FindAsync(Turn turn, CancellationToken stop)
    {
        Said said = turn.Said;
        string words = said.Naming(ShopSlots.Product, ShopSlots.Category);
        var wish = new Wish
        {
            Words = words,
            Brand = said.Slot(ShopSlots.Brand),
            Color = said.Slot(ShopSlots.Color),
            Attributes = [.. said.Slots(ShopSlots.Attribute)],
            PriceFrom = said.PriceFrom,
            PriceTo = said.PriceTo,
            Sort = said.Sort ?? "relevance",
        };
        if (wish.IsEmpty || wish.Query.Length == 0)
        {
            wish = wish with { Words = said.ContentWords };
        }

        return wish.IsEmpty ? AskWish(turn) : ShowAsync(turn, wish, stop);
    }

    /// <summary>Looks again with what the sentence adds or changes.</summary>
    public Task RefineAsync(Turn turn, CancellationToken stop)
    {
        Said said = turn.Said;
        Wish before = turn.Talk.Wish;
        if (before.IsEmpty)
        {
            return FindAsync(turn, stop);
        }

        string words = said.Naming(ShopSlots.Product, ShopSlots.Category);
        Wish wish = before with
        {
            Words = words.Length > 0 && !before.Words.Contains(words, StringComparison.OrdinalIgnoreCase) ? words : before.Words,
            Brand = said.Slot(ShopSlots.Brand) ?? before.Brand,
            Color = said.Slot(ShopSlots.Color) ?? before.Color,
            Attributes = said.Slots(ShopSlots.Attribute).ToArray() is { Length: > 0 } attributes ? attributes : before.Attributes,
            PriceFrom = said.PriceFrom ?? (said.PriceTo is null ? before.PriceFrom : null),
            PriceTo = said.PriceTo ?? (said.PriceFrom is null ? before.PriceTo : null),
            Sort = said.Sort ?? Said.OrderOf(said.Text) ?? before.Sort,
            Offset = 0,
        };
        if (wish == before with { Offset = 0 })
        {
            // Nothing is new: the next ones of the same, or words that no slot took.
            wish = before with { Offset = before.Offset + ShownCount };
        }

        return ShowAsync(turn, wish, stop);
    }

    /// <summary>Price, stock, or what else is known of a product.</summary>
    public async Task TellAsync(Turn turn, string intent, CancellationToken stop)
    {
        Reference meant = await references.ResolveAsync(turn, turn.Asked?.Candidates is { Count: > 0 } candidates ? candidates : null, stop: stop);
        if (await OneOrAskAsync(turn, meant, intent, stop) is not { } product)
        {
            return;
        }

        Tell(turn, product, intent);
    }

    public async Task CompareAsync(Turn turn, CancellationToken stop)
    {
        int shown = turn.FindAll(turn.Talk.Shown).Count;
        if (shown > 0 && turn.Said.PlaceWords.FirstOrDefault(word => Said.PlaceOf(word) > shown) is { } beyond)
        {
            turn.Answer.Say($"There is no “{Fact.Said(turn.Talk, beyond)}” among those that I showed you: they are {Fact.Found(turn.Talk, shown)}.")
                .Show(turn.FindAll(turn.Talk.Shown)).Suggest("Compare the first and the last", "Show me more");
            return;
        }

        IReadOnlyList<Product> products = await references.ResolveAllAsync(turn, stop);
        if (products.Count < 2)
        {
            turn.Talk.Pending = new Pending(Pending.Wish) { Then = ShopIntents.FindProduct };
            turn.Answer.Say($"Which products shall I compare? Name two, or let me show you some first.");
            return;
        }

        Compare(turn, products);
    }

    /// <returns>The product; null where the answer asks which one is meant.</returns>
    public async Task<Product?> OneOrAskAsync(Turn turn, Reference meant, string intent, CancellationToken stop)
    {
        if (meant.One is { } one)
        {
            return one;
        }

        if (meant.IsNone && meant.Words.Length > 0)
        {
            FoundByWords near = await finder.FindAsync(new ProductWish { Words = meant.Words, InStock = false }, ProductReferences.MostChoices, stop);
            IReadOnlyList<Product> products = turn.FindAll(near.ProductIds);
            if (products.Count == 0)
            {
                turn.Answer.Say($"I found nothing called “{Fact.Said(turn.Talk, meant.Words)}” in this shop.").Suggest("Talk to a person");
                return null;
            }

            meant = new Reference { Several = products, Words = meant.Words };
        }

        if (meant.Several.Count == 0)
        {
            turn.Talk.Pending = new Pending(Pending.Product) { Then = intent, Units = turn.Said.Count ?? 1 };
            turn.Answer.Say($"Which product do you mean?");
            return null;
        }

        Ask(turn, meant.Several, intent);
        return null;
    }

    private static void Tell(Turn turn, Product product, string intent)
    {
        turn.Talk.Focus = product.Id;
        turn.Answer.Show(product);
        switch (intent)
        {
            case ShopIntents.ProductPrice:
                turn.Answer.Say(Priced(turn, product));
                if (!product.IsInStock)
                {
                    turn.Answer.Say(Stocked(product));
                }

                turn.Answer.Suggest("Is it in stock?", "Add it to my basket", "Tell me more about it");
                break;
            case ShopIntents.ProductStock:
                turn.Answer.Say(Stocked(product)).Suggest(product.IsInStock ? "Add it to my basket" : "Show me something like it", "How much is it?", "How long does delivery take?");
                break;
            default:
                Describe(turn, product);
                break;
        }
    }

    private static Task AskWish(Turn turn)
    {
        turn.Talk.Pending = new Pending(Pending.Wish) { Then = ShopIntents.FindProduct };
        turn.Answer.Say($"What are you looking for?");
        return Task.CompletedTask;
    }

    private static void Ask(Turn turn, IReadOnlyList<Product> several, string intent)
    {
        Product[] choices = [.. several.Take(ProductReferences.MostChoices)];
        turn.Talk.Pending = new Pending(Pending.Product)
        {
            Then = intent,
            Candidates = [.. choices.Select(product => product.Id)],
            Units = turn.Said.Count ?? turn.Asked?.Units ?? 1,
        };
        turn.Talk.Shown = turn.Talk.Pending.Candidates;
        turn.Talk.Focus = null;
        Sentence[] named = [.. choices.Select(turn.Named)];
        turn.Answer.Say($"Which one do you mean: {named}?").Show(choices).Suggest(Choices.Take(choices.Length));
    }

    private async Task ShowAsync(Turn turn, Wish wish, CancellationToken stop)
    {
        var asked = new ProductWish { Words = wish.Query, PriceFrom = wish.PriceFrom, PriceTo = wish.PriceTo, Sort = wish.Sort, Offset = wish.Offset };
        FoundByWords found = await finder.FindAsync(asked, ShownCount, stop);
        if (found.TotalCount == 0)
        {
            await TellNothingAsync(turn, wish, asked, stop);
            return;
        }

        IReadOnlyList<Product> products = turn.FindAll(found.ProductIds);
        turn.Talk.Wish = wish;
        if (products.Count == 0)
        {
            turn.Answer.Say($"Those were all {Fact.Found(turn.Talk, found.TotalCount)}.").Suggest("Show me cheaper ones", "Talk to a person");
            return;
        }

        foreach (WordReading reading in found.Corrected)
        {
            turn.Answer.Say($"I read “{Fact.Said(turn.Talk, reading.Word)}” as “{Fact.Of(FactSource.Search, turn.Talk.Id, "readAs", reading.ReadAs)}”.");
        }

        if (found.LeftOut.Count > 0)
        {
            Fact[] leftOut = [.. found.LeftOut.Select(word => Fact.Said(turn.Talk, $"“{word}”"))];
            turn.Answer.Say($"Nothing here has all of these words, so I left out {leftOut}.");
        }

        turn.Talk.Shown = [.. products.Select(product => product.Id)];
        turn.Talk.Focus = products.Count == 1 ? products[0].Id : null;
        Sentence[] named = [.. products.Take(NamedCount).Select(turn.Named)];
        Sentence bounds = Bounds(turn, wish);
        turn.Answer.Show(products);
        if (found.TotalCount == 1)
        {
            turn.Answer.Say($"I found one{bounds}: {named}.").Suggest("Is it in stock?", "Add it to my basket", "Tell me more about it");
        }
        else if (wish.Offset > 0)
        {
            turn.Answer.Say($"There are also {named}.").Suggest("Show me more", "Tell me about the first one", "Add the first one to my basket");
        }
        else
        {
            turn.Answer.Say($"I found {Fact.Found(turn.Talk, found.TotalCount)}{bounds}, first of all {named}.")
                .Suggest("Compare the first and the second", "Show me cheaper ones", "Tell me about the first one", "Add the first one to my basket");
        }
    }

    /// <summary>Says that there is none, and whether it is the price or the stock that leaves nothing.</summary>
    private async Task TellNothingAsync(Turn turn, Wish wish, ProductWish asked, CancellationToken stop)
    {
        Sentence what = wish.Query.Length > 0 ? Sentence.Of($"“{Fact.Said(turn.Talk, wish.Query)}”") : Sentence.Of($"that");
        bool isBound = wish.PriceFrom is not null || wish.PriceTo is not null;
        FoundByWords free = isBound ? await finder.FindAsync(asked with { PriceFrom = null, PriceTo = null, Sort = wish.PriceTo is null ? "-price" : "price" }, 1, stop) : new FoundByWords([], 0, [], []);
        FoundByWords soldOut = free.TotalCount > 0 ? new FoundByWords([], 0, [], []) : await finder.FindAsync(asked with { InStock = false }, ShownCount, stop);
        if (turn.FindAll(free.ProductIds) is [var nearest])
        {
            turn.Talk.Wish = wish with { PriceFrom = null, PriceTo = null };
            (turn.Talk.Shown, turn.Talk.Focus) = ([nearest.Id], nearest.Id);
            turn.Answer.Say($"I found no {what}{Bounds(turn, wish)}.").Say($"The nearest is {turn.Named(nearest)}.").Show(nearest).Suggest("Tell me more about it", "Add it to my basket");
        }
        else if (turn.FindAll(soldOut.ProductIds) is { Count: > 0 } gone)
        {
            (turn.Talk.Shown, turn.Talk.Focus) = ([.. gone.Select(product => product.Id)], gone.Count == 1 ? gone[0].Id : null);
            Fact[] titles = [.. gone.Take(NamedCount).Select(Fact.Title)];
            turn.Answer.Say($"{titles} would fit, but there is none in stock.").Show(gone).Suggest("Talk to a person");
        }
        else
        {
            turn.Answer.Say($"I found nothing for {what}.").Suggest("Talk to a person");
        }
    }

    private static Sentence Bounds(Turn turn, Wish wish)
    {
        Sentence none = Sentence.Of($"");
        Sentence from = wish.PriceFrom is { } low ? Sentence.Of($" from {Fact.Of(FactSource.Search, turn.Talk.Id, "priceFrom", Fact.Money(low, turn.Currency))}") : none;
        Sentence to = wish.PriceTo is { } high ? Sentence.Of($" up to {Fact.Of(FactSource.Search, turn.Talk.Id, "priceTo", Fact.Money(high, turn.Currency))}") : none;
        return Sentence.Of($"{from}{to}");
    }

    private static Sentence Priced(Turn turn, Product product) => product.Price is null
        ? Sentence.Of($"The shop has not said what {Fact.Title(product)} costs.")
        : Sentence.Of($"{Fact.Title(product)} costs {Fact.Price(product, turn.Currency)}.");

    private static Sentence Stocked(Product product) => product.Stock switch
    {
        null => Sentence.Of($"{Fact.Title(product)} can be ordered."),
        0 => Sentence.Of($"{Fact.Title(product)} is sold out at the moment."),
        _ => Sentence.Of($"{Fact.Title(product)} is in stock: {Fact.Stock(product)} on hand."),
    };

    /// <summary>What was asked for by name, or all that a shopper may want to know.</summary>
    private static void Describe(Turn turn, Product product)
    {
        string[] names = [.. product.Attributes.Keys.Where(name => !Inner.Contains(name, StringComparer.OrdinalIgnoreCase))];
        string[] asked = [.. names.Where(turn.Said.Has)];
        if (asked.Length > 0)
        {
            turn.Answer.Say(Attributes(product, asked));
        }
        else
        {
            if (product.Description is { Length: > 0 } description)
            {
                turn.Answer.Say($"{Fact.Title(product)}: {Fact.Of(FactSource.Product, product.Id, "description", TextShelf.Beginning(description))}");
            }

            if (names.Length > 0)
            {
                turn.Answer.Say(Attributes(product, names));
            }

            if (product.Brand is { Length: > 0 } brand && product.Description is null)
            {
                turn.Answer.Say($"{Fact.Title(product)} is made by {Fact.Of(FactSource.Product, product.Id, "brand", brand)}.");
            }

            turn.Answer.Say(Priced(turn, product));
        }

        turn.Answer.Suggest("Is it in stock?", "Add it to my basket", "Show me something like it");
    }

    private static Sentence Attributes(Product product, IEnumerable<string> names)
    {
        Sentence[] said = [.. names.Take(8).Select(name => Sentence.Of($"{Fact.Of(FactSource.Product, product.Id, "attribute", name.Replace('_', ' '))} {Fact.Attribute(product, name)}"))];
        return Sentence.Of($"{Fact.Title(product)}: {said}.");
    }

    private static void Compare(Turn turn, IReadOnlyList<Product> products)
    {
        Sentence[] priced = [.. products.Where(product => product.Price is not null).Select(product => Sentence.Of($"{Fact.Title(product)} costs {Fact.Price(product, turn.Currency)}"))];
        if (priced.Length > 0)
        {
            turn.Answer.Say($"{priced}.");
        }

        Product[] byPrice = [.. products.Where(product => product.Price is not null).OrderBy(product => product.Price)];
        if (byPrice.Length > 1 && byPrice[0].Price < byPrice[1].Price)
        {
            turn.Answer.Say($"The cheapest of them is {Fact.Title(byPrice[0])}.");
        }

        string[] names = [.. products.SelectMany(product => product.Attributes.Keys).Distinct().Where(name => !Inner.Contains(name, StringComparer.OrdinalIgnoreCase)
            && products.Select(product => product.Attributes.GetValueOrDefault(name)).Distinct().Count() > 1)];
        foreach (Product product in products)
        {
            string[] own = [.. names.Where(product.Attributes.ContainsKey)];
            if (own.Length > 0)
            {
                turn.Answer.Say(Attributes(product, own));
            }
        }

        Fact[] gone = [.. products.Where(product => !product.IsInStock).Select(Fact.Title)];
        if (gone.Length > 0)
        {
            turn.Answer.Say($"Sold out at the moment: {gone}.");
        }

        turn.Talk.Shown = [.. products.Select(product => product.Id)];
        turn.Talk.Focus = null;
        turn.Answer.Show(products).Suggest("Add the first one to my basket", "Add the second one to my basket", "Tell me about the first one");
    }
}
