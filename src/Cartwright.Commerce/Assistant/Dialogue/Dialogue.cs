namespace Cartwright.Commerce.Assistant;

/// <summary>Decides what a sentence is an answer to, or a question for, and who answers it.</summary>
/// <remarks>
/// A frame (<see cref="Conversation"/>: what is looked for, what was shown, what "it" is, the basket) and at most one open question (<see cref="Pending"/>). A sentence
/// that fits the open question answers it; one that clearly wants something else drops it (Bobrow et al., "GUS, a frame-driven dialog system", 1977).
/// </remarks>
internal sealed class Dialogue
{
    /// <summary>Below it the assistant asks what was meant.</summary>
    private const double Unsure = 0.45;

    /// <summary>Below it what the shop has is looked at first.</summary>
    private const double Doubtful = 0.65;

    /// <summary>From it on a sentence is taken at its word, whatever was asked before.</summary>
    private const double Sure = 0.8;

    private static readonly string[] Persons = ["person", "human", "somebody", "someone", "agent", "staff", "employee", "representative", "people"];

    private static readonly string[] ByPrice = ["cheaper", "cheapest", "expensive", "dearest"];

    private readonly ProductReferences _references;
    private readonly ProductTalk _products;
    private readonly BasketTalk _basket;
    private readonly OrderTalk _orders;
    private readonly ServiceTalk _service;

    public Dialogue(IAssistantStore store, IProductFinder finder, TimeProvider clock)
    {
        _references = new ProductReferences(finder);
        _products = new ProductTalk(finder, _references);
        _basket = new BasketTalk(_references, _products);
        _orders = new OrderTalk(store, new OrderAttempts(clock));
        _service = new ServiceTalk(store, clock);
    }

    public async Task AnswerAsync(Turn turn, CancellationToken stop)
    {
        string intent = IntentOf(turn);
        if (turn.Asked is { Awaiting: Pending.Intent, Of: { } first } asked && intent == asked.Then && (turn.Said.Text == Questions[intent].Say || !IsSupported(turn.Said, intent)))
        {
            turn.Said = first;   // a sentence that says something of its own is taken by its own words
        }

        if (intent is not (ShopIntents.OutOfScope or ShopIntents.Greet))
        {
            turn.Talk.NotUnderstood = 0;
        }

        await AnswerAsync(turn, await GroundedAsync(turn, intent, stop), stop);
    }

    /// <summary>Where the network is in doubt, what the shop has decides: a text with the sentence's words, or a product that all of them name.</summary>
    private async Task<string> GroundedAsync(Turn turn, string intent, CancellationToken stop)
    {
        string read = intent == AskIntent ? turn.Said.Intent : intent;
        double enough = read is ShopIntents.TalkToPerson or ShopIntents.RemoveFromBasket ? Sure : Doubtful;
        if (turn.Asked is not null || turn.Said.Understanding.Confidence >= enough)
        {
            return intent;
        }

        return ByPrice.Any(turn.Said.Has) && turn.Talk.Shown.Count > 0 && read != ShopIntents.CompareProducts ? ShopIntents.RefineResults   // "the cheaper one", of those shown
            : IsSupported(turn.Said, read) ? read
            : await _service.KnowsAsync(turn, stop) ? ShopIntents.AskPolicy
            : await _products.KnowsAsync(turn, stop) ? ShopIntents.FindProduct
            : read == ShopIntents.TalkToPerson ? AskIntent                    // nobody is called by mistake
            : intent;
    }

    /// <summary>True where what was found in the sentence is what the intent is about.</summary>
    private static bool IsSupported(Said said, string intent)
    {
        bool namesProduct = said.Slot(ShopSlots.Product) is not null || said.Slot(ShopSlots.Category) is not null;
        return intent switch
        {
            ShopIntents.AskPolicy => said.Slot(ShopSlots.Topic) is not null || said.DeliveryPlace is not null,
            ShopIntents.OrderStatus => said.Slot(ShopSlots.OrderId) is not null,
            ShopIntents.RemoveFromBasket => said.ClearsBasket,
            ShopIntents.FindProduct => namesProduct,
            ShopIntents.TalkToPerson => Persons.Any(said.Has),
            ShopIntents.ProductPrice or ShopIntents.ProductStock or ShopIntents.ProductDetails or ShopIntents.AddToBasket or ShopIntents.CompareProducts
                => namesProduct || said.Ordinals.Count > 0,
            ShopIntents.RefineResults => said.PriceTo is not null || said.PriceFrom is not null || said.Sort is not null || said.Slot(ShopSlots.Color) is not null || said.Slot(ShopSlots.Brand) is not null,
            _ => false,
        };
    }

    private async Task AnswerAsync(Turn turn, string intent, CancellationToken stop)
    {
        switch (intent)
        {
            case BasketTalk.Clear: BasketTalk.EmptyBasket(turn); break;
            case KeepContact: await _service.KeepContactAsync(turn, stop); break;
            case AskIntent: AskWhatIsMeant(turn); break;
            case ShopIntents.FindProduct: await _products.FindAsync(turn, stop); break;
            case ShopIntents.RefineResults: await _products.RefineAsync(turn, stop); break;
            case ShopIntents.ProductPrice or ShopIntents.ProductStock or ShopIntents.ProductDetails: await _products.TellAsync(turn, intent, stop); break;
            case ShopIntents.CompareProducts: await _products.CompareAsync(turn, stop); break;
            case ShopIntents.AddToBasket: await _basket.AddAsync(turn, stop); break;
            case ShopIntents.RemoveFromBasket: await _basket.RemoveAsync(turn, stop); break;
            case ShopIntents.ShowBasket: BasketTalk.Show(turn); break;
            case ShopIntents.OrderStatus: await _orders.TellAsync(turn, stop); break;
            case ShopIntents.ReturnProduct: await _service.TellAsync(turn, "return", stop); break;
            case ShopIntents.CheckoutHelp: await _service.TellAsync(turn, "pay payment", stop); break;
            case ShopIntents.AskPolicy: await _service.TellAsync(turn, "", stop); break;
            case ShopIntents.TalkToPerson: await _service.HandOverAsync(turn, turn.Asked?.Reason ?? "asked", stop); break;
            case ShopIntents.Greet:
                turn.Answer.Say($"Hello! I can find products, tell prices and stock, fill your basket, look up an order and answer questions about the shop. What can I do for you?")
                    .Suggest("Show me something new", "Where is my order?", "How long does delivery take?");
                break;
            case ShopIntents.Thank: turn.Answer.Say($"You are welcome. Anything else?"); break;
            case ShopIntents.Goodbye: turn.Answer.Say($"Goodbye, and thank you for your visit."); break;
            case ShopIntents.Yes: turn.Answer.Say($"Good. What can I do for you?"); break;
            case ShopIntents.No or ShopIntents.Cancel: turn.Answer.Say($"All right. Is there anything else?"); break;
            default: NotUnderstood(turn); break;
        }
    }

    private const string KeepContact = "(contact)";
    private const string AskIntent = "(ask)";

    /// <summary>What to do: the sentence's own intent, or that of the question it answers.</summary>
    private static string IntentOf(Turn turn)
    {
        Said said = turn.Said;
        string intent = said.Intent;
        double confidence = said.Understanding.Confidence;
        bool isSure = confidence >= Sure;
        if (said.ClearsBasket || said.DeliveryPlace is not null)
        {
            return said.ClearsBasket ? ShopIntents.RemoveFromBasket : ShopIntents.AskPolicy;   // said in so many words, whatever the network makes of it
        }

        switch (turn.Asked)
        {
            case { Awaiting: Pending.Contact } when intent is not (ShopIntents.No or ShopIntents.Cancel or ShopIntents.Goodbye or ShopIntents.Thank):
                return IsContact(said.Text) || !isSure ? KeepContact : intent;

            case { Awaiting: Pending.YesOrNo, Then: { } then }:
                return intent == ShopIntents.Yes ? then : intent;

            case { Awaiting: Pending.Count, Then: { } then } when Said.Amount(said.Text) is not null && intent is not (ShopIntents.Cancel or ShopIntents.No):
                return then;

            case { Awaiting: Pending.Postcode or Pending.Order } when said.Code is not null && intent is not ShopIntents.Cancel:
                return ShopIntents.OrderStatus;

            case { Awaiting: Pending.Product, Then: { } then } when intent is not (ShopIntents.Cancel or ShopIntents.No or ShopIntents.TalkToPerson or ShopIntents.OrderStatus)
                && !(intent == ShopIntents.AskPolicy && confidence >= Unsure):
                bool isChoice = said.Ordinals.Count > 0 || intent is ShopIntents.FindProduct or ShopIntents.RefineResults or ShopIntents.Yes or ShopIntents.ProductDetails or ShopIntents.OutOfScope;
                return isChoice || !isSure ? then : intent;

            case { Awaiting: Pending.Wish, Then: { } then } when intent is ShopIntents.OutOfScope or ShopIntents.Yes or ShopIntents.RefineResults or ShopIntents.ProductDetails || confidence < Unsure:
                return then;

            case { Awaiting: Pending.Intent, Then: { } then } when intent == ShopIntents.Yes:
                return then;

            default:
                return said.Understanding.InScope && confidence < Unsure ? AskIntent : intent;
        }
    }

    private static bool IsContact(string text) => text.Contains('@') || text.Count(char.IsAsciiDigit) >= 6;

    /// <summary>Names the two likeliest meanings.</summary>
    private static void AskWhatIsMeant(Turn turn)
    {
        string[] likely = [.. turn.Said.Understanding.Alternatives.Select(guess => guess.Intent).Prepend(turn.Said.Understanding.Intent).Distinct().Where(Questions.ContainsKey).Take(2)];
        if (likely.Length == 0)
        {
            NotUnderstood(turn);
            return;
        }

        turn.Talk.Pending = new Pending(Pending.Intent) { Then = likely[0], Of = turn.Said };
        turn.Answer.Say($"I am not sure what you mean.").Say(Questions[likely[0]].Question()).Suggest(likely.Select(intent => Questions[intent].Say)).Suggest("Talk to a person");
    }

    private static void NotUnderstood(Turn turn)
    {
        turn.Talk.NotUnderstood++;
        if (turn.Talk.NotUnderstood >= 2)
        {
            turn.Talk.Pending = new Pending(Pending.YesOrNo) { Then = ShopIntents.TalkToPerson, Reason = "not-understood" };
            turn.Answer.Say($"I still don't understand.").Say($"Shall I pass this on to a person?").Suggest("Yes", "No");
            return;
        }

        turn.Answer.Say($"I can't help with that. I know this shop's products, your basket, your orders, and what the shop says of delivery, payment and returns.")
            .Suggest("Show me something new", "Where is my order?", "Talk to a person");
    }

    private static readonly Dictionary<string, (Func<Sentence> Question, string Say)> Questions = new(StringComparer.Ordinal)
    {
        [ShopIntents.FindProduct] = (() => $"Are you looking for a product?", "I am looking for a product"),
        [ShopIntents.RefineResults] = (() => $"Shall I look for others?", "Show me others"),
        [ShopIntents.ProductPrice] = (() => $"Do you want to know a price?", "How much is it?"),
        [ShopIntents.ProductStock] = (() => $"Do you want to know whether something is in stock?", "Is it in stock?"),
        [ShopIntents.ProductDetails] = (() => $"Do you want to know more about a product?", "Tell me more about it"),
        [ShopIntents.CompareProducts] = (() => $"Shall I compare products?", "Compare them"),
        [ShopIntents.AddToBasket] = (() => $"Shall I put something into your basket?", "Add it to my basket"),
        [ShopIntents.RemoveFromBasket] = (() => $"Shall I take something out of your basket?", "Take it out of my basket"),
        [ShopIntents.ShowBasket] = (() => $"Do you want to see your basket?", "Show my basket"),
        [ShopIntents.CheckoutHelp] = (() => $"Is it about paying?", "How can I pay?"),
        [ShopIntents.OrderStatus] = (() => $"Is it about an order?", "Where is my order?"),
        [ShopIntents.ReturnProduct] = (() => $"Do you want to send something back?", "How can I return something?"),
        [ShopIntents.AskPolicy] = (() => $"Is it a question about the shop, such as delivery or opening hours?", "How long does delivery take?"),
        [ShopIntents.TalkToPerson] = (() => $"Do you want to talk to a person?", "Talk to a person"),
    };
}
