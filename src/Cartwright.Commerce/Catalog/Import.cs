using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Reads a shop folder into the shop. All of it or none of it.</summary>
/// <example>cartwright catalog import ./shop-folder</example>
public sealed record ImportRequest
{
    /// <summary>The shop folder.</summary>
    [Required, PathField]
    public required string Folder { get; init; }

    /// <summary>Share of bad rows above which the import is given up and nothing changes.</summary>
    [Range(0.0, 1.0)]
    public double MaxRejectShare { get; init; } = 0.05;
}

/// <summary>What an import did, and what it could not read.</summary>
public sealed record ImportReport
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The shop folder that was read.</summary>
    [PathField]
    public required string Source { get; init; }

    /// <summary>False where nothing was stored; <see cref="Failure"/> says why.</summary>
    public required bool IsStored { get; init; }

    /// <summary>Why nothing was stored: a damaged file, a wrong header, too many bad rows. Null where all went well.</summary>
    public string? Failure { get; init; }

    public required IReadOnlyList<FileCounts> Files { get; init; }

    /// <summary>The first rejected rows, at most 1,000.</summary>
    public required IReadOnlyList<Reject> Rejects { get; init; }

    /// <summary>
    /// Products that interactions named and no file described. They wait for the catalog to have them, and are in no list until it does; where the shop has no
    /// catalog at all, neither in the folder nor from before, what is named is its catalog.
    /// </summary>
    public long ProductsCreated { get; init; }

    public long ShoppersCreated { get; init; }

    /// <summary>Judgments in the shop whose product the catalog does not have; they are kept.</summary>
    public long JudgmentsOfUnknownProducts { get; init; }

    /// <summary>What else is worth a word: columns that were left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public double Seconds { get; init; }
}

/// <param name="Read">Data rows, without the header.</param>
/// <param name="Stored">New or changed rows.</param>
/// <param name="Unchanged">Rows that were already there.</param>
/// <param name="Rejected">Rows that could not be read.</param>
public sealed record FileCounts(string File, long Read, long Stored, long Unchanged, long Rejected);

/// <param name="Line">From 1, the header included.</param>
public sealed record Reject(string File, long Line, string Reason);

/// <summary>An import under way. Disposing it before <see cref="CompleteAsync"/> leaves the shop as it was.</summary>
/// <remarks>Used by one caller at a time. Records have passed their checks before they come here.</remarks>
public interface IShopImport : IAsyncDisposable
{
    void SetInfo(ShopInfo info);

    /// <summary>Inserts or replaces products. They and the shoppers come before the interactions.</summary>
    void Put(IReadOnlyList<Product> products);

    /// <inheritdoc cref="Put(IReadOnlyList{Product})"/>
    void Put(IReadOnlyList<Shopper> shoppers);

    void Put(IReadOnlyList<Sale> sales);

    void Put(IReadOnlyList<CompetitorPrice> prices);

    void Put(IReadOnlyList<Judgment> judgments);

    void Put(IReadOnlyList<ShopText> texts);

    void Put(IReadOnlyList<Order> orders);

    /// <summary>Appends interactions that are not stored yet, and makes the shoppers that they name. Products that they name wait for the catalog to have them, unless there is no catalog.</summary>
    void Append(IReadOnlyList<Interaction> interactions);

    /// <summary>Appends what is not stored yet.</summary>
    void Append(IReadOnlyList<Review> reviews);

    /// <inheritdoc cref="Append(IReadOnlyList{Review})"/>
    void Append(IReadOnlyList<Search> searches);

    /// <inheritdoc cref="Append(IReadOnlyList{Review})"/>
    void Append(IReadOnlyList<Utterance> utterances);

    /// <summary>Makes all of it count.</summary>
    Task<ImportTotals> CompleteAsync(CancellationToken cancellationToken = default);
}

/// <summary>How many of an import's records were new or changed.</summary>
public sealed record ImportTotals
{
    public long Products { get; init; }

    public long Shoppers { get; init; }

    public long Interactions { get; init; }

    public long Sales { get; init; }

    public long Reviews { get; init; }

    public long CompetitorPrices { get; init; }

    public long Searches { get; init; }

    public long Judgments { get; init; }

    public long Utterances { get; init; }

    public long Texts { get; init; }

    public long Orders { get; init; }

    /// <summary>Products that were only named by interactions.</summary>
    public long ProductsCreated { get; init; }

    /// <summary>Shoppers that were only mentioned.</summary>
    public long ShoppersCreated { get; init; }

    /// <summary>Judgments in the shop whose product the catalog does not have.</summary>
    public long JudgmentsOfUnknownProducts { get; init; }
}

/// <summary>A consistent view of a shop, to be read from one thread. Sequences are read once, in order, row by row.</summary>
public interface IShopReading : IDisposable
{
    ShopInfo Info { get; }

    IEnumerable<Product> Products();

    IEnumerable<Shopper> Shoppers();

    /// <summary>In the order they were stored; those of removed products are left out.</summary>
    IEnumerable<Interaction> Interactions();

    IEnumerable<Sale> Sales();

    IEnumerable<Review> Reviews();

    IEnumerable<CompetitorPrice> CompetitorPrices();

    IEnumerable<Search> Searches();

    IEnumerable<Judgment> Judgments();

    IEnumerable<Utterance> Utterances();

    IEnumerable<ShopText> Texts();

    IEnumerable<Order> Orders();
}
