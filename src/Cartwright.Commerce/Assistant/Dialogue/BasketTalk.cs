using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Talk about the basket. What is put in and taken out is counted as the shop's own interaction.</summary>
internal sealed class BasketTalk(ProductReferences references, ProductTalk products)
{
    /// <summary>What a yes to "Shall I take all of it out?" does.</summary>
    public const string Clear = "(clear)";

    public async Task AddAsync(Turn turn, CancellationToken stop)
    {
        Reference meant = await references.ResolveAsync(turn, turn.Asked?.Candidates is { Count: > 0 } candidates ? candidates : null, stop: stop);
        if (await products.OneOrAskAsync(turn, meant, ShopIntents.AddToBasket, stop) is { } product)
        {
            int units = turn.Said.Count ?? CountOf(turn) ?? turn.Asked?.Units ?? 1;
            if (units < 1)
            {
                AskCount(turn, product, ShopIntents.AddToBasket);
                return;
            }

            Add(turn, product, units);
        }
    }

    public async Task RemoveAsync(Turn turn, CancellationToken stop)
    {
        List<BasketUnits> basket = turn.Talk.Basket;
        if (basket.Count == 0)
        {
            turn.Answer.Say($"Your basket is empty.");
            return;
        }

        if (turn.Said.ClearsBasket)
        {
            turn.Talk.Pending = new Pending(Pending.YesOrNo) { Then = Clear };
            Show(turn);
            turn.Answer.Say($"Shall I take all of it out?").Suggest("Yes", "No");
            return;
        }

        string[] inBasket = [.. basket.Select(line => line.ProductId)];
        Reference meant = await references.ResolveAsync(turn, inBasket, isClosed: true, stop);
        Product? product = meant.One
            ?? (turn.Talk.Focus is { } focus && inBasket.Contains(focus, StringComparer.Ordinal) && meant.Words.Length == 0 ? turn.Find(focus) : null);
        if (product is null && meant.Words.Length > 0 && meant.IsNone)
        {
            turn.Answer.Say($"There is no “{Fact.Said(turn.Talk, meant.Words)}” in your basket.");
            Show(turn);
            return;
        }

        if (product is null)
        {
            await products.OneOrAskAsync(turn, meant.IsNone ? new Reference { Several = turn.FindAll(inBasket) } : meant, ShopIntents.RemoveFromBasket, stop);
            return;
        }

        if ((turn.Said.Count ?? CountOf(turn)) is < 1)
        {
            AskCount(turn, product, ShopIntents.RemoveFromBasket);
            return;
        }

        BasketUnits held = basket.First(line => line.ProductId == product.Id);
        Take(turn, held, Math.Min(turn.Said.Count ?? CountOf(turn) ?? held.Units, held.Units));
        turn.Talk.Focus = product.Id;
        turn.Answer.Say($"I took {Fact.Title(product)} out of your basket.");
        Show(turn, isShort: true);
    }

    /// <summary>Empties the basket, once the shopper said yes.</summary>
    public static void EmptyBasket(Turn turn)
    {
        foreach (BasketUnits line in turn.Talk.Basket.ToArray())
        {
            Take(turn, line, line.Units);
        }

        turn.Talk.Focus = null;
        turn.Answer.Say($"Your basket is empty now.").Suggest("Show me something new");
    }

    /// <param name="isShort">The sum alone.</param>
    public static void Show(Turn turn, bool isShort = false)
    {
        (Product Product, int Units)[] lines = [.. Lines(turn)];
        if (lines.Length == 0)
        {
            turn.Answer.Say($"Your basket is empty.").Suggest("Show me something new");
            return;
        }

        if (!isShort)
        {
            Sentence[] named = [.. lines.Select(line => line.Units == 1 ? turn.Named(line.Product)
                : Sentence.Of($"{Fact.Of(FactSource.Basket, turn.Talk.Id, line.Product.Id, Fact.Count(line.Units))} of {turn.Named(line.Product)}"))];
            turn.Answer.Say($"In your basket: {named}.").Show(lines.Select(line => line.Product));
            turn.Talk.Shown = [.. lines.Select(line => line.Product.Id)];
            turn.Talk.Focus = lines.Length == 1 ? lines[0].Product.Id : null;
        }

        turn.Answer.Say($"Together {Fact.Of(FactSource.Basket, turn.Talk.Id, "total", Fact.Money(Total(turn), turn.Currency))}.").Suggest("How can I pay?", "What does delivery cost?");
    }

    public static IEnumerable<(Product Product, int Units)> Lines(Turn turn) => turn.Talk.Basket.Where(line => turn.Find(line.ProductId) is not null).Select(line => (turn.Find(line.ProductId)!, line.Units));

    public static decimal Total(Turn turn) => Lines(turn).Sum(line => (line.Product.Price ?? 0) * line.Units);

    /// <summary>Asks how many are meant, where what was said is none.</summary>
    private static void AskCount(Turn turn, Product product, string intent)
    {
        turn.Talk.Focus = product.Id;
        turn.Talk.Pending = new Pending(Pending.Count) { Then = intent, Candidates = [product.Id] };
        turn.Answer.Say($"How many of {Fact.Title(product)} do you mean? Less than one can't be.").Show(product).Suggest("One", "Two", "Cancel");
    }

    private static void Add(Turn turn, Product product, int wanted)
    {
        turn.Talk.Focus = product.Id;
        turn.Answer.Show(product);
        List<BasketUnits> basket = turn.Talk.Basket;
        int at = basket.FindIndex(line => line.ProductId == product.Id);
        int held = at < 0 ? 0 : basket[at].Units;
        if (!product.IsInStock)
        {
            turn.Answer.Say($"{Fact.Title(product)} is sold out at the moment.").Suggest("Show me something like it");
            return;
        }

        int units = Math.Min(wanted, Math.Min(product.Stock ?? Conversation.MaxUnits, Conversation.MaxUnits) - held);
        if (units < wanted && product.Stock is { } stock && held + wanted > stock)
        {
            turn.Answer.Say($"There are only {Fact.Stock(product)} of {Fact.Title(product)}.");
        }

        if (units <= 0 || (at < 0 && basket.Count >= ReplyRequest.MaxLines))
        {
            turn.Answer.Say($"Nothing more of it fits into your basket.");
            Show(turn, isShort: true);
            return;
        }

        if (at < 0)
        {
            basket.Add(new BasketUnits(product.Id, units));
        }
        else
        {
            basket[at] = basket[at] with { Units = held + units };
        }

        turn.Happened.Add(Moved(InteractionKind.Cart, product, units));
        Sentence count = held + units == 1 ? Sentence.Of($"") : Sentence.Of($", {Fact.Of(FactSource.Basket, turn.Talk.Id, product.Id, Fact.Count(held + units))} of it");
        turn.Answer.Say($"{Fact.Title(product)} is in your basket{count}.");
        Show(turn, isShort: true);
        turn.Answer.Suggest("Show my basket", "Show me something that goes with it");
    }

    /// <summary>The number that was asked for; null where none was, or none is said.</summary>
    private static int? CountOf(Turn turn) =>
        turn.Asked?.Awaiting == Pending.Count && Said.Amount(turn.Said.Text) is { } told ? (int)Math.Min(told, Conversation.MaxUnits) : null;

    private static void Take(Turn turn, BasketUnits line, int units)
    {
        int at = turn.Talk.Basket.FindIndex(held => held.ProductId == line.ProductId);
        if (line.Units == units)
        {
            turn.Talk.Basket.RemoveAt(at);
        }
        else
        {
            turn.Talk.Basket[at] = line with { Units = line.Units - units };
        }

        if (turn.Find(line.ProductId) is { } product)
        {
            turn.Happened.Add(Moved(InteractionKind.Uncart, product, units));
        }
    }

    private static Interaction Moved(InteractionKind kind, Product product, int units) => new() { Kind = kind, Product = product.Id, Quantity = units, Price = product.Price };
}
