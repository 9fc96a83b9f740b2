using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>One sentence and its answer: what every part of the dialogue reads and writes.</summary>
internal sealed class Turn(Conversation talk, Said said, LiveShop shop)
{
    public Conversation Talk { get; } = talk;

    /// <summary>What is answered: mostly the sentence itself; the one before it where this one only confirms that.</summary>
    public Said Said { get; set; } = said;

    public Answer Answer { get; } = new();

    public LiveShop Shop { get; } = shop;

    /// <summary>What waited for this sentence; null where nothing was asked.</summary>
    public Pending? Asked { get; init; }

    /// <summary>What is to be counted as done in the shop.</summary>
    public List<Interaction> Happened { get; } = [];

    public string Currency => Shop.Snapshot.Info.Currency;

    /// <returns>The product as the shop has it now; null for one that it no longer lists.</returns>
    public Product? Find(string id) => Shop.ProductIndex(id) is var index and not Snapshot.None ? Shop.Products[index] : null;

    public IReadOnlyList<Product> FindAll(IEnumerable<string> ids) => [.. ids.Select(Find).OfType<Product>()];

    /// <summary>"{title} at {price}", or the title alone where no price is known.</summary>
    public Sentence Named(Product product) => product.Price is null ? Sentence.Of($"{Fact.Title(product)}") : Sentence.Of($"{Fact.Title(product)} at {Fact.Price(product, Currency)}");
}
