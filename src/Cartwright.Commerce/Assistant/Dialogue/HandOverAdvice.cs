using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Shoppers who wait for a person.</summary>
internal sealed class HandOverAdvice(ShopAssistant assistant) : IAdviser
{
    private const int MostWaiting = 1_000;

    public AdviceTopic Topic => AdviceTopic.Assistant;

    public bool IsOfDecisions => true;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<HandOver> waiting = (await assistant.HandOversAsync(new HandOversRequest { Count = MostWaiting }, cancellationToken)).HandOvers;
        return waiting.Count == 0 ? [] : [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"Answer {waiting.Count:N0} {(waiting.Count == 1 ? "shopper who waits" : "shoppers who wait")} for a person; the first since {waiting[^1].At:yyyy-MM-dd HH:mm} UTC."),
            IsUrgent = true,
            Command = "cartwright assistant handovers",
        }];
    }
}
