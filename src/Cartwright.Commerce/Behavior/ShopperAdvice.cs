using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Valuable shoppers who may be leaving.</summary>
internal sealed class ShopperAdvice(BehaviorAnalyst analyst) : IAdviser
{
    /// <summary>Shoppers worth a word of their own.</summary>
    private const int MostValuable = 200;

    /// <summary>A chance of still being active below which somebody may be leaving.</summary>
    private const double Doubtful = 0.6;

    /// <summary>Fewer shoppers than these do not tell how shoppers come back.</summary>
    private const int FewestShoppers = 100;

    public AdviceTopic Topic => AdviceTopic.Behavior;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        InteractionColumns all = shop.Snapshot.Interactions;
        if (!shop.Snapshot.Info.HasRealTimes || shop.Snapshot.Shoppers.Count < FewestShoppers || !all.Kind.Contains(InteractionKind.Purchase))
        {
            return [];
        }

        ValueResponse valued = await analyst.ValueAsync(new ValueRequest { Count = MostValuable }, cancellationToken);
        ShopperValue[] leaving = [.. valued.Results.Where(shopper => shopper.Active < Doubtful)];
        if (leaving.Length == 0)
        {
            return [];
        }

        string currency = shop.Snapshot.Info.Currency;
        return [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"{leaving.Length:N0} of the {valued.Results.Count:N0} most valuable shoppers may be leaving: remind them of the shop."),
            Reasons = [.. leaving.OrderByDescending(shopper => shopper.Value ?? 0).Take(3).Select(shopper => Advice.Say(
                $"{shopper.ShopperId}: still active with a chance of {shopper.Active:P0}{(shopper.Value is { } value ? Advice.Say($", expected to spend {value:N0} {currency} in the year ahead") : "")}."))],
            Command = Advice.Say($"cartwright behavior value --count {MostValuable}"),
        }];
    }
}
