using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant;

/// <summary>The assistant's verbs that talk: reply, replay, and what waits for a person.</summary>
public sealed class ShopAssistant
{
    private readonly ShopCatalog _catalog;
    private readonly IAssistantStore _store;
    private readonly IProductFinder _finder;
    private readonly Func<UnderstandRequest, CancellationToken, Task<UnderstandResponse>> _understandAsync;
    private readonly TimeProvider _clock;
    private readonly Conversations _conversations;
    private readonly Dialogue _dialogue;

    /// <param name="understandAsync">Reads a sentence: the language model in service.</param>
    public ShopAssistant(ShopCatalog catalog, IAssistantStore store, IProductFinder finder,
        Func<UnderstandRequest, CancellationToken, Task<UnderstandResponse>> understandAsync, TimeProvider clock)
        : this(store, catalog, finder, understandAsync, clock) => catalog.ForgetInMemory.Add(_conversations.Forget);

    private ShopAssistant(IAssistantStore store, ShopCatalog catalog, IProductFinder finder,
        Func<UnderstandRequest, CancellationToken, Task<UnderstandResponse>> understandAsync, TimeProvider clock)
    {
        (_catalog, _store, _finder, _understandAsync, _clock) = (catalog, store, finder, understandAsync, clock);
        _conversations = new Conversations(clock);
        _dialogue = new Dialogue(store, finder, clock);
    }

    /// <summary>Answers a sentence. Two sentences of one conversation wait for each other.</summary>
    /// <exception cref="ModelNotTrainedException">No language model is in service.</exception>
    public async Task<ReplyResponse> ReplyAsync(ReplyRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        return await ReplyAsync(request, isCounted: true, cancellationToken);
    }

    /// <summary>Runs written conversations and says how many reached their goal, whether anything was said that no record says, and how long answers took.</summary>
    /// <remarks>Nothing is counted in the shop or left for a person: baskets and hand-overs stay in the replay.</remarks>
    /// <exception cref="ImportFormatException">The file can't be read.</exception>
    /// <exception cref="ModelNotTrainedException">No language model is in service.</exception>
    public async Task<ReplayResponse> ReplayAsync(ReplayRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        var rehearsal = new ShopAssistant(new RehearsalStore(_store), _catalog, _finder, _understandAsync, _clock);
        return await new ConversationReplay(rehearsal, _catalog, _store).RunAsync(request, progress, cancellationToken);
    }

    public async Task<HandOversResponse> HandOversAsync(HandOversRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        return new HandOversResponse(await _store.ListHandOversAsync(request.All, request.Count, cancellationToken));
    }

    /// <exception cref="NotFoundException">There is none of this id.</exception>
    public async Task<HandOver> CloseHandOverAsync(CloseHandOverRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, _clock);
        HandOver open = await _store.FindHandOverAsync(request.Id, cancellationToken) ?? throw new NotFoundException($"Nothing that waits for a person has the id '{request.Id}'.");
        HandOver closed = open with { ClosedAt = open.ClosedAt ?? _clock.GetUtcNow(), Note = request.Note ?? open.Note };
        await _store.PutHandOverAsync(closed, cancellationToken);
        return closed;
    }

    /// <param name="isCounted">True posts what went into the basket as the shop's own interactions.</param>
    internal async Task<ReplyResponse> ReplyAsync(ReplyRequest request, bool isCounted, CancellationToken stop)
    {
        Conversation talk = _conversations.Continue(request.ConversationId, request.ShopperId);
        await talk.Turn.WaitAsync(stop);
        try
        {
            LiveShop shop = await _catalog.LiveAsync(stop);
            talk.SessionId = request.SessionId ?? talk.SessionId;
            if (request.Basket is { } basket)
            {
                talk.Basket = [.. basket];
            }

            Understanding understanding = (await _understandAsync(new UnderstandRequest { Text = request.Text }, stop)).Understanding;
            var turn = new Turn(talk, new Said(request.Text, understanding), shop) { Asked = talk.Pending };
            talk.Pending = null;
            await _dialogue.AnswerAsync(turn, stop);
            talk.Keep(request.Text, turn.Answer.Text);
            if (isCounted && turn.Happened.Count > 0)
            {
                await _catalog.AppendAsync(new InteractionsRequest
                {
                    Interactions = [.. turn.Happened.Select(happened => happened with { Shopper = talk.ShopperId, Session = talk.SessionId })],
                }, stop);
            }

            return Response(turn, request.Explain);
        }
        finally
        {
            talk.Turn.Release();
        }
    }

    private static ReplyResponse Response(Turn turn, bool withUnderstanding) => new()
    {
        ConversationId = turn.Talk.Id,
        Text = turn.Answer.Text,
        Sentences = turn.Answer.Sentences,
        Products = [.. turn.Answer.Products.Select(product => new ReplyProduct(product.Id, product.Name, product.Price, product.IsInStock) { Currency = turn.Currency })],
        Basket = new ReplyBasket([.. BasketTalk.Lines(turn).Select(line => new ReplyBasketLine(line.Product.Id, line.Product.Name, line.Units, line.Product.Price))], BasketTalk.Total(turn))
        {
            Currency = turn.Currency,
        },
        Suggestions = turn.Answer.Suggestions,
        HandOver = turn.Answer.HandOver,
        Awaiting = turn.Talk.Pending?.Awaiting,
        Understanding = withUnderstanding ? turn.Said.Understanding : null,
    };
}
