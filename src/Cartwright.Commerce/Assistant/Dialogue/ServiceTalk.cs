using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Talk about the shop itself: what the merchant says of delivery, payment and returns, and passing on to a person.</summary>
internal sealed class ServiceTalk(IAssistantStore store, TimeProvider clock)
{
    /// <summary>Below it a text only shares a common word with the question.</summary>
    private const double MinScore = 0.8;

    /// <summary>From these on a text is what a sentence asks for, whatever it was understood as.</summary>
    private const double SureScore = 3;
    private const double MostWords = 0.75;

    private volatile KeptShelf? _kept;

    /// <summary>Answers with the merchant's own sentences, or offers a person.</summary>
    /// <param name="about">Words that the question is about, where the sentence itself may not say them.</param>
    public async Task TellAsync(Turn turn, string about, CancellationToken stop)
    {
        TextShelf shelf = await ShelfAsync(turn, stop);
        if (turn.Said.DeliveryPlace is { } place)
        {
            TellDelivery(turn, shelf, place);
            return;
        }

        TextAnswer? found = shelf.Find($"{turn.Said.Text} {turn.Said.Slot(ShopSlots.Topic)} {about}");
        if (found is null || found.Score < MinScore)
        {
            turn.Talk.Pending = new Pending(Pending.YesOrNo) { Then = ShopIntents.TalkToPerson, Reason = "no-text" };
            turn.Answer.Say($"The shop has written nothing about that.").Say($"Shall I pass your question on to a person?").Suggest("Yes", "No");
            return;
        }

        foreach (string sentence in found.Sentences)
        {
            turn.Answer.Say($"{Fact.Of(FactSource.Text, found.Text.Id, "text", sentence)}");
        }

        turn.Answer.Suggest("Thank you", "Talk to a person");
    }

    /// <summary>What the shop says of delivery to a place; where it does not name it, that, and where it says that it delivers to.</summary>
    private static void TellDelivery(Turn turn, TextShelf shelf, string place)
    {
        TextAnswer? named = shelf.Naming(place);
        TextAnswer? places = named ?? shelf.Find("delivery to other countries abroad");
        if (places is { } told && (named is not null || told.Coverage >= MostWords))
        {
            foreach (string sentence in told.Sentences)
            {
                turn.Answer.Say($"{Fact.Of(FactSource.Text, told.Text.Id, "text", sentence)}");
            }
        }

        if (named is null)
        {
            turn.Talk.Pending = new Pending(Pending.YesOrNo) { Then = ShopIntents.TalkToPerson, Reason = "no-text" };
            turn.Answer.Say($"The shop has written nothing about delivery to “{Fact.Said(turn.Talk, place)}”, so I don't know.").Say($"Shall I pass your question on to a person?").Suggest("Yes", "No");
            return;
        }

        turn.Answer.Suggest("What does delivery cost?", "Talk to a person");
    }

    /// <summary>True where a text of the shop has nearly all that a sentence says.</summary>
    public async Task<bool> KnowsAsync(Turn turn, CancellationToken stop)
        => (await ShelfAsync(turn, stop)).Find(turn.Said.Text) is { Coverage: >= MostWords, Score: >= SureScore };

    /// <summary>Leaves the conversation for a person, and asks a guest how to be reached.</summary>
    /// <param name="reason">As <see cref="HandOver.Reason"/> says it.</param>
    public async Task HandOverAsync(Turn turn, string reason, CancellationToken stop)
    {
        if (turn.Talk.HandOver is { } waits)
        {
            turn.Answer.HandOver = waits.Id;
            turn.Answer.Say($"A person has this conversation already and will get back to you.");
            return;
        }

        HandOver left = turn.Talk.HandOver = new HandOver
        {
            Id = $"h-{Guid.CreateVersion7(clock.GetUtcNow()):N}",
            At = clock.GetUtcNow(),
            ConversationId = turn.Talk.Id,
            ShopperId = turn.Talk.ShopperId,
            SessionId = turn.Talk.SessionId,
            Reason = reason,
            Lines = [.. turn.Talk.Lines, new SaidLine(IsShopper: true, turn.Said.Text)],
        };
        await store.PutHandOverAsync(left, stop);
        turn.Answer.HandOver = left.Id;
        turn.Talk.Pending = new Pending(Pending.Contact);
        turn.Answer.Say($"I passed this on to a person.").Say($"How can they reach you? An email address or a phone number will do.").Suggest("No, thanks");
    }

    /// <summary>Keeps how the shopper wants to be reached.</summary>
    public async Task KeepContactAsync(Turn turn, CancellationToken stop)
    {
        HandOver left = turn.Talk.HandOver! with { Contact = turn.Said.Text };
        turn.Talk.HandOver = left;
        await store.PutHandOverAsync(left, stop);
        turn.Answer.HandOver = left.Id;
        turn.Answer.Say($"Thank you, I noted that. Can I help you with anything else?");
    }

    /// <summary>Read anew when the shop in memory is: after an import, here or in another process.</summary>
    private async Task<TextShelf> ShelfAsync(Turn turn, CancellationToken stop)
    {
        KeptShelf? kept = _kept;
        if (kept?.Shop != turn.Shop)
        {
            _kept = kept = new KeptShelf(turn.Shop, new TextShelf(await store.ListTextsAsync(stop)));
        }

        return kept.Shelf;
    }

    private sealed record KeptShelf(LiveShop Shop, TextShelf Shelf);
}
