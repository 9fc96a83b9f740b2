using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Tells where an order is, to whoever is signed in as its shopper or knows its number and its postcode.</summary>
/// <remarks>
/// A wrong postcode, a wrong number and an order without a postcode get the same answer. Three wrong tries end it for a conversation, five in an hour for an order,
/// whoever tries. One sentence is one try.
/// </remarks>
internal sealed class OrderTalk(IAssistantStore store, OrderAttempts attempts)
{
    private const int MostFailed = 3;
    private const int OwnCount = 3;

    public async Task TellAsync(Turn turn, CancellationToken stop)
    {
        string? id = IsOfEarlier(turn) ? turn.Asked!.OrderId : OrderIdIn(turn);
        if (id is null)
        {
            await TellOwnAsync(turn, stop);
            return;
        }

        // Whoever is signed in needs no postcode for what is theirs.
        if ((turn.Talk.ShopperId is not null || turn.Talk.KnownOrders.Contains(id)) && await store.FindOrderAsync(id, stop) is { } known
            && (known.Shopper is not null && known.Shopper == turn.Talk.ShopperId || turn.Talk.KnownOrders.Contains(known.Id)))
        {
            Tell(turn, known);
            return;
        }

        if (turn.Said.Postcode(beside: id) is not { } postcode)
        {
            turn.Talk.Pending = new Pending(Pending.Postcode) { Then = ShopIntents.OrderStatus, OrderId = id };
            turn.Answer.Say($"Which postcode does the order go to? I ask so that nobody else hears of it.");
            return;
        }

        if (turn.Talk.FailedOrders >= MostFailed || !attempts.Allows(id))
        {
            OfferPerson(turn, $"I can't look this order up here any more.");
            return;
        }

        Order? order = await store.FindOrderAsync(id, stop);
        if (order is not { Postcode: { Length: > 0 } expected } || !IsSame(expected, postcode))
        {
            turn.Talk.FailedOrders++;
            attempts.Failed(id);
            if (turn.Talk.FailedOrders >= MostFailed)
            {
                OfferPerson(turn, $"I find no order with this number and this postcode.");
                return;
            }

            turn.Talk.Pending = new Pending(Pending.Order) { Then = ShopIntents.OrderStatus, OrderId = id };
            turn.Answer.Say($"I find no order with this number and this postcode.").Say($"Please say both again.").Suggest("Talk to a person");
            return;
        }

        turn.Talk.KnownOrders.Add(order.Id);
        Tell(turn, order);
    }

    /// <summary>Whether a sentence has a postcode for the order that was named before it, and no other order's number: nothing in it has the form of that number.</summary>
    private static bool IsOfEarlier(Turn turn) => turn.Asked is { OrderId: { } earlier } asked
        && (asked.Awaiting == Pending.Postcode || (turn.Said.Code is not null && turn.Said.Codes.All(code => Form(code) != Form(earlier))));

    /// <summary>"A0000" for "B7312".</summary>
    private static string Form(string code) => string.Concat(code.Select(c => char.IsAsciiDigit(c) ? '0' : char.IsLetter(c) ? 'A' : c));

    /// <summary>The number that the sentence names: what is marked as one, or the first word with a digit of a sentence that has two of them or was asked for one.</summary>
    private static string? OrderIdIn(Turn turn)
    {
        if (turn.Said.Slot(ShopSlots.OrderId) is { } marked)
        {
            string code = Said.Words(marked).Select(word => word.TrimStart('#')).FirstOrDefault(word => word.Any(char.IsAsciiDigit)) ?? marked;
            return code.Length <= 200 ? code : null;
        }

        return Said.Words(turn.Said.Text).Select(word => word.TrimStart('#'))
            .FirstOrDefault(word => word.Any(char.IsAsciiDigit) && word.Length is >= 3 and <= 200 && !string.Equals(word, turn.Said.Slot(ShopSlots.Postcode), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What a shopper ordered last; a guest is asked for the number.</summary>
    private async Task TellOwnAsync(Turn turn, CancellationToken stop)
    {
        IReadOnlyList<Order> own = turn.Talk.ShopperId is { } shopper ? await store.ListOrdersAsync(shopper, OwnCount, stop) : [];
        if (own.Count == 0 && turn.Talk.KnownOrders.Count == 1 && await store.FindOrderAsync(turn.Talk.KnownOrders.First(), stop) is { } known)
        {
            own = [known];
        }

        if (own.Count == 0)
        {
            turn.Talk.Pending = new Pending(Pending.Order) { Then = ShopIntents.OrderStatus };
            turn.Answer.Say($"Please tell me the order's number and the postcode it goes to.").Suggest("Talk to a person");
            return;
        }

        Tell(turn, own[0]);
        foreach (Order earlier in own.Skip(1))
        {
            turn.Answer.Say($"Order {Field(earlier, "id", earlier.Id)} is {Field(earlier, "status", earlier.Status)}.");
        }
    }

    private static void Tell(Turn turn, Order order)
    {
        Sentence placed = order.At is { } at ? Sentence.Of($", placed on {Field(order, "at", Fact.Day(at))},") : Sentence.Of($"");
        turn.Answer.Say($"Order {Field(order, "id", order.Id)}{placed} is {Field(order, "status", order.Status)}.");
        bool isDone = order.Status.Contains("deliver", StringComparison.OrdinalIgnoreCase) || order.Status.Contains("cancel", StringComparison.OrdinalIgnoreCase)
            || order.Status.Contains("return", StringComparison.OrdinalIgnoreCase);
        if (order.ExpectedAt is { } expected && !isDone)
        {
            turn.Answer.Say($"It is expected on {Field(order, "expectedAt", Fact.Day(expected))}.");
        }

        if (order.Carrier is { } carrier)
        {
            Sentence number = order.Tracking is { } tracking ? Sentence.Of($" under the number {Field(order, "tracking", tracking)}") : Sentence.Of($"");
            turn.Answer.Say($"{Field(order, "carrier", carrier)} carries it{number}.");
        }

        IGrouping<string, string>[] lines = [.. order.Products.GroupBy(id => id, StringComparer.Ordinal)];
        Sentence[] named = [.. lines.Take(5).Select(line => Line(turn, order, line.Key, line.Count()))];
        if (named.Length > 0)
        {
            turn.Answer.Say($"In it: {named}.");
        }

        turn.Answer.Suggest("How can I send something back?", "Talk to a person");
    }

    private static Sentence Line(Turn turn, Order order, string product, int units)
    {
        Sentence title = turn.Find(product) is { } found ? Sentence.Of($"{Fact.Title(found)}") : Sentence.Of($"{Field(order, "products", product)}");
        return units == 1 ? title : Sentence.Of($"{Field(order, "products", Fact.Count(units))} of {title}");
    }

    private static void OfferPerson(Turn turn, Sentence why)
    {
        turn.Talk.Pending = new Pending(Pending.YesOrNo) { Then = ShopIntents.TalkToPerson, Reason = "order" };
        turn.Answer.Say(why).Say($"Shall a person look at it?").Suggest("Yes", "No");
    }

    private static Fact Field(Order order, string field, string value) => Fact.Of(FactSource.Order, order.Id, field, value);

    /// <summary>Equal but for spaces and capital letters; takes as long whatever the first difference is.</summary>
    private static bool IsSame(string expected, string given)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Normal(expected)), Encoding.UTF8.GetBytes(Normal(given)));

    private static string Normal(string postcode) => string.Concat(postcode.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
