namespace Cartwright.Commerce.Catalog;

/// <summary>The official split of a shop folder, as its <c>split.csv</c> says, by the snapshot's dense indexes.</summary>
/// <remarks>An array is empty where the file says nothing about that kind, and <see cref="Snapshot.None"/> where it leaves a row out.</remarks>
public sealed record ShopSplit
{
    /// <summary>Names of the parts: "train", "valid", "test" or "fold1", "fold2", …</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>Part of each interaction, an index into <see cref="Parts"/>, in the order of <see cref="Snapshot.Interactions"/>.</summary>
    public int[] Interaction { get; init; } = [];

    /// <summary>Part of each session.</summary>
    public int[] Session { get; init; } = [];

    /// <summary>Part of each shopper.</summary>
    public int[] Shopper { get; init; } = [];

    /// <summary>Part of each product.</summary>
    public int[] Product { get; init; } = [];

    /// <param name="rows">One of the arrays above.</param>
    /// <returns>The part's name; null where the file leaves the row out.</returns>
    public string? PartName(int[] rows, int index) => rows[index] == Snapshot.None ? null : Parts[rows[index]];
}
