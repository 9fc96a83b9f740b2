using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>The parts of a product's score by the ranker, in deviations from the mean of the products it was ordered among.</summary>
/// <param name="Words">What BM25F says.</param>
/// <param name="Trees">What the boosted trees say, by their weight.</param>
/// <param name="Network">What the network says, by its weight.</param>
internal readonly record struct RankShare(float Words, float Trees, float Network)
{
    public float Score => Words + Trees + Network;

    /// <summary>Heaviest first; without one the score would be lower by its weight. A part that says the same of all is no reason.</summary>
    public IReadOnlyList<Reason> Reasons =>
    [
        .. new[]
        {
            new Reason("words", "its words, compared with the others'", ProductId: null, Words),
            new Reason("learned", "what words, price and popularity taught the trees", ProductId: null, Trees),
            new Reason("learned", "how query and title read to the network", ProductId: null, Network),
        }.Where(reason => reason.Weight != 0).OrderByDescending(reason => reason.Weight),
    ];
}
