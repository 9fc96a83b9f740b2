using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Finds the product that a shopper means: by its place among those shown, by "it", or by its name.</summary>
internal sealed class ProductReferences(IProductFinder finder)
{
    public const int MostChoices = 4;

    private static readonly string[] NamingSlots = [ShopSlots.Product, ShopSlots.Brand, ShopSlots.Category, ShopSlots.Color, ShopSlots.Attribute];

    /// <param name="among">Ids to choose from before the whole shop is looked at; those shown last where it is null.</param>
    /// <param name="isClosed">True where nothing else can be meant.</param>
    public async Task<Reference> ResolveAsync(Turn turn, IReadOnlyList<string>? among = null, bool isClosed = false, CancellationToken stop = default)
    {
        IReadOnlyList<Product> near = turn.FindAll(among ?? turn.Talk.Shown);
        if (turn.Said.Ordinals is [var place, ..] && near.Count > 0)
        {
            return place == Said.Last ? Reference.To(near[^1])
                : place <= near.Count ? Reference.To(near[place - 1])
                : new Reference { Several = near };
        }

        string words = turn.Said.Naming(NamingSlots);
        if (turn.Said.Sort is { } sort && sort != "newest" && near.Count > 1 && words.Length == 0)
        {
            return Reference.To(sort == "price" ? near.MinBy(product => product.Price ?? decimal.MaxValue)! : near.MaxBy(product => product.Price ?? decimal.MinValue)!);
        }

        return words.Length == 0 ? Pointed(turn, near, among is not null)
            : Among(words, near) is { IsNone: false } shown ? shown
            : isClosed ? new Reference { Words = words }
            : await LookUpAsync(turn, words, stop);
    }

    /// <summary>Each of several products that a sentence names.</summary>
    public async Task<IReadOnlyList<Product>> ResolveAllAsync(Turn turn, CancellationToken stop)
    {
        IReadOnlyList<Product> near = turn.FindAll(turn.Talk.Shown);
        Product[] byPlace = [.. turn.Said.Ordinals.Select(place => place == Said.Last ? near.Count : place).Where(place => place >= 1 && place <= near.Count).Select(place => near[place - 1]).Distinct()];
        if (byPlace.Length >= 2)
        {
            return byPlace;
        }

        var named = new List<Product>(byPlace);
        foreach (string part in turn.Said.Slots(ShopSlots.Product))
        {
            string words = string.Join(' ', Said.Words(part));
            Reference found = Among(words, near) is { One: not null } shown ? shown : await LookUpAsync(turn, words, stop);
            Product? one = found.One ?? (found.Several.Count > 0 ? found.Several[0] : null);
            if (one is not null && named.TrueForAll(product => product.Id != one.Id))
            {
                named.Add(one);
            }
        }

        if (named.Count == 1 && turn.Talk.Focus is { } focus && focus != named[0].Id && turn.Find(focus) is { } other)
        {
            named.Insert(0, other);                         // "compare it with the kettle"
        }

        return named.Count >= 2 ? named : near.Count >= 2 ? [.. near.Take(turn.Said.Count is > 2 and var count ? count : 2)] : named;
    }

    private static Reference Pointed(Turn turn, IReadOnlyList<Product> near, bool isAsked) =>
        !isAsked && turn.Talk.Focus is { } focus && turn.Find(focus) is { } product ? Reference.To(product)
        : near.Count == 1 ? Reference.To(near[0])
        : new Reference { Several = near };

    /// <summary>Those of a few products whose record has all of the words, or most of them where none has all.</summary>
    private static Reference Among(string words, IReadOnlyList<Product> near)
    {
        string[] wanted = [.. Said.Words(words)];
        (Product Product, int Hits)[] hits = [.. near.Select(product => (product, wanted.Count(word => Mentions(product, word)))).OrderByDescending(hit => hit.Item2)];
        if (hits.Length == 0 || hits[0].Hits * 2 <= wanted.Length - (wanted.Length == 1 ? 1 : 0) || hits[0].Hits == 0)
        {
            return new Reference { Words = words };
        }

        Product[] best = [.. hits.TakeWhile(hit => hit.Hits == hits[0].Hits).Select(hit => hit.Product)];
        return best.Length == 1 ? Reference.To(best[0])
            : hits[0].Hits == wanted.Length && best.Length < near.Count ? new Reference { Several = best }
            : new Reference { Words = words };                          // they say nothing that tells them apart
    }

    private async Task<Reference> LookUpAsync(Turn turn, string words, CancellationToken stop)
    {
        FoundByWords found = await finder.FindAsync(new ProductWish { Words = words, InStock = false }, MostChoices, stop);
        IReadOnlyList<Product> products = turn.FindAll(found.ProductIds);
        string[] wanted = [.. Said.Words(words)];
        Product[] called = [.. products.Where(product => wanted.All(word => MentionsInTitle(product, word)))];
        return products.Count == 0 || found.LeftOut.Count * 2 > wanted.Length ? new Reference { Words = words }
            : found.TotalCount == 1 ? Reference.To(products[0])
            : called.Length == 1 ? Reference.To(called[0])
            : called.FirstOrDefault(product => string.Equals(product.Title, words, StringComparison.OrdinalIgnoreCase)) is { } exact ? Reference.To(exact)
            : new Reference { Several = products, Words = words };
    }

    private static bool Mentions(Product product, string word) => MentionsInTitle(product, word) || Has(product.Brand, word) || Has(product.Category, word)
        || product.Attributes.Values.Any(value => Has(value, word)) || product.Tags.Any(tag => Has(tag, word));

    private static bool MentionsInTitle(Product product, string word) => Has(product.Name, word);

    /// <summary>The word, or the one without the s of several.</summary>
    private static bool Has(string? text, string word) => text is not null && (text.Contains(word, StringComparison.OrdinalIgnoreCase)
        || (word.Length > 3 && word.EndsWith('s') && text.Contains(word[..^1], StringComparison.OrdinalIgnoreCase)));
}

/// <summary>Which product is meant.</summary>
internal sealed record Reference
{
    public Product? One { get; private init; }

    /// <summary>Several that might be.</summary>
    public IReadOnlyList<Product> Several { get; init; } = [];

    /// <summary>The words it was called by, where they were looked for.</summary>
    public string Words { get; init; } = "";

    public bool IsNone => One is null && Several.Count == 0;

    public static Reference To(Product product) => new() { One = product };
}
