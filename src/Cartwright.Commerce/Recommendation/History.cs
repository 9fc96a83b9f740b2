using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What is known of whoever asks, as a model reads it and as a reason tells it.</summary>
internal sealed class History
{
    /// <summary>Steps that count, the latest ones.</summary>
    private const int MaxSteps = 200;

    private readonly IReadOnlyList<LiveInteraction> _interactions;
    private readonly int[] _basket;

    private History(IReadOnlyList<LiveInteraction> interactions, int[] basket)
    {
        _interactions = interactions;
        _basket = basket;
        Steps = Merge();
    }

    /// <summary>Products of interest, oldest first, the basket last; one product several times in a row stands once.</summary>
    public Steps Steps { get; }

    public bool IsEmpty => Steps.IsEmpty;

    /// <exception cref="NotFoundException">The basket holds a product that the shop doesn't know.</exception>
    public static History Of(LiveShop shop, string? shopperId, string? sessionId, IReadOnlyList<string> basket)
    {
        int[] products = new int[basket.Count];
        for (int i = 0; i < products.Length; i++)
        {
            products[i] = shop.ProductIndex(basket[i]);
            if (products[i] == Snapshot.None)
            {
                throw new NotFoundException($"The basket holds product '{basket[i]}', and the shop has no such product.");
            }
        }

        IReadOnlyList<LiveInteraction> ofShopper = shopperId is null ? [] : shop.ShopperHistory(shopperId);
        IReadOnlyList<LiveInteraction> ofSession = sessionId is null ? [] : shop.SessionHistory(sessionId);
        return new History(Join(ofShopper, ofSession), products);
    }

    /// <summary>What was bought and when, oldest first.</summary>
    public IEnumerable<LiveInteraction> Purchases => _interactions.Where(i => i.Kind == InteractionKind.Purchase);

    /// <summary>What was bought, and is left out of an answer that should hold new things.</summary>
    public IEnumerable<int> Bought => Purchases.Select(i => i.Product);

    /// <summary>What was viewed, clicked or put in a cart.</summary>
    public IEnumerable<int> Seen => _interactions
        .Where(i => i.Kind is InteractionKind.View or InteractionKind.Click or InteractionKind.Cart).Select(i => i.Product);

    public IReadOnlyList<int> Basket => _basket;

    /// <summary>What was brought back.</summary>
    public IEnumerable<int> Returned => _interactions.Where(i => i.Kind == InteractionKind.Return).Select(i => i.Product);

    /// <summary>What the shopper does not want to see: blocked, and not unblocked since.</summary>
    public IReadOnlySet<int> Blocked
    {
        get
        {
            var blocked = new HashSet<int>();
            foreach (LiveInteraction one in _interactions.Where(one => one.Kind is InteractionKind.Block or InteractionKind.Unblock))
            {
                _ = one.Kind == InteractionKind.Block ? blocked.Add(one.Product) : blocked.Remove(one.Product);
            }

            return blocked;
        }
    }

    /// <summary>What is looked at now: the latest of the history.</summary>
    public ReadOnlySpan<int> Latest => Steps.Latest(1).Products.Span;

    /// <summary>Products that a request's list leaves out: the basket, what is blocked, and what it says of bought, seen and returned.</summary>
    /// <exception cref="NotFoundException">A product that is to be left out is unknown to the shop.</exception>
    public HashSet<int> Spared(LiveShop shop, ShopperFilter request)
    {
        HashSet<int> spared = [.. _basket, .. Blocked];
        spared.UnionWith(request.ExcludeBought ? Bought : []);
        spared.UnionWith(request.ExcludeSeen ? Seen : []);
        spared.UnionWith(request.ExcludeReturned ? Returned : []);
        foreach (string id in request.ExcludeProducts)
        {
            int product = shop.ProductIndex(id);
            spared.Add(product != Snapshot.None ? product : throw new NotFoundException($"'{id}' is to be left out, and the shop has no such product."));
        }

        return spared;
    }

    /// <summary>The reason that a product of the history is, told by the strongest thing that was done with it.</summary>
    /// <param name="recommended">What it is a reason for; it may be that product itself.</param>
    public Reason ReasonOf(LiveShop shop, int product, double weight, int recommended)
    {
        Product named = shop.Products[product];
        if (_basket.Contains(product))
        {
            return new Reason("basket", $"because {named.Name} is in the basket", named.Id, weight);
        }

        InteractionKind[] kinds = [.. _interactions.Where(i => i.Product == product).Select(i => i.Kind)];
        string verb = kinds.Contains(InteractionKind.Purchase) ? "bought"
            : kinds.Contains(InteractionKind.Rating) ? "rated"
            : kinds.Contains(InteractionKind.Cart) ? "put in the cart"
            : "viewed";
        (string title, string before) = product == recommended ? ("it", " before") : (named.Name, "");
        return new Reason("history", verb == "put in the cart" ? $"because you put {title} in the cart{before}" : $"because you {verb} {title}{before}", named.Id, weight);
    }

    /// <summary>A shopper's interactions and a session's, by time; what stands in both counts once.</summary>
    private static IReadOnlyList<LiveInteraction> Join(IReadOnlyList<LiveInteraction> ofShopper, IReadOnlyList<LiveInteraction> ofSession)
    {
        if (ofSession.Count == 0 || ofShopper.Count == 0)
        {
            return ofShopper.Count == 0 ? ofSession : ofShopper;
        }

        HashSet<LiveInteraction> known = [.. ofShopper];
        LiveInteraction[] more = [.. ofSession.Where(i => !known.Contains(i))];
        return more.Length == 0 ? ofShopper : [.. ofShopper.Concat(more).OrderBy(i => i.At)];
    }

    private Steps Merge()
    {
        var steps = new List<LiveInteraction>(Math.Min(_interactions.Count, MaxSteps) + _basket.Length);
        for (int i = _interactions.Count - 1; i >= 0 && steps.Count < MaxSteps; i--)
        {
            LiveInteraction step = _interactions[i];
            if (step.Kind.IsInterest() && (steps.Count == 0 || steps[^1].Product != step.Product))
            {
                steps.Add(step);
            }
        }

        steps.Reverse();
        DateTimeOffset latest = steps.Count > 0 ? steps[^1].At : DateTimeOffset.UnixEpoch;
        foreach (int product in _basket)
        {
            if (steps.Count == 0 || steps[^1].Product != product)
            {
                steps.Add(new LiveInteraction(product, InteractionKind.Cart, latest));
            }
        }

        return new Steps
        {
            Products = steps.ConvertAll(step => step.Product).ToArray(),
            At = steps.ConvertAll(step => ShopTime.ToMicroseconds(step.At)).ToArray(),
            Values = steps.ConvertAll(step => step.Stars).ToArray(),
        };
    }
}
