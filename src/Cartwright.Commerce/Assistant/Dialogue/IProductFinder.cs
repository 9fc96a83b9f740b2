namespace Cartwright.Commerce.Assistant;

/// <summary>Finds the products that a shopper means.</summary>
public interface IProductFinder
{
    /// <summary>Best first. What the shop removed is not among them.</summary>
    Task<FoundByWords> FindAsync(ProductWish wish, int count, CancellationToken cancellationToken = default);
}

/// <summary>What a shopper looks for.</summary>
public sealed record ProductWish
{
    /// <summary>In the shopper's words.</summary>
    public string Words { get; init; } = "";

    /// <summary>In the shop's currency.</summary>
    public decimal? PriceFrom { get; init; }

    /// <summary>In the shop's currency.</summary>
    public decimal? PriceTo { get; init; }

    /// <summary>"relevance", "price", "-price" or "newest".</summary>
    public string Sort { get; init; } = "relevance";

    /// <summary>Leaves out what is sold out.</summary>
    public bool InStock { get; init; } = true;

    /// <summary>Products to leave out at the beginning.</summary>
    public int Offset { get; init; }
}

/// <param name="ProductIds">Best first.</param>
/// <param name="TotalCount">How many there are in all.</param>
/// <param name="LeftOut">Words that were left out because no product has all of them.</param>
/// <param name="Corrected">What was read in place of words that no product has.</param>
public sealed record FoundByWords(IReadOnlyList<string> ProductIds, int TotalCount, IReadOnlyList<string> LeftOut, IReadOnlyList<WordReading> Corrected);

/// <param name="Word">As the shopper wrote it.</param>
/// <param name="ReadAs">The word of the shop that was looked for.</param>
public sealed record WordReading(string Word, string ReadAs);
