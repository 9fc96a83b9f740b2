using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Neighbors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Finds a model's best products through an index, where looking at each takes long: above <see cref="FewestProducts"/>.</summary>
/// <remarks>
/// Two kinds, built beside the questions, from the first one on; until one is there every product is looked at. One finds
/// exactly what a look at each would, in a third of the time (<see cref="FlatIndex"/>). Far above that a graph finds nearly all
/// without coming near most products (61 s of one processor and 101 MB for 250,000 products of 64 numbers, and as much again for
/// likeness).
/// </remarks>
/// <param name="fewest">Products from which on an index is built.</param>
/// <param name="fewestForGraph">Products from which on that is a graph.</param>
internal sealed class ProductIndex(
    IVectorModel model, int fewest = ProductIndex.FewestProducts, int fewestForGraph = ProductIndex.FewestProductsForGraph)
{
    public const int FewestProducts = 20_000;
    public const int FewestProductsForGraph = 200_000;

    /// <summary>Candidates kept on the way, for each product that is wanted and at least: recall@20 of 0.996 at 250,000 products.</summary>
    private const int BreadthFactor = 2;
    private const int LeastBreadth = 128;

    private readonly Lazy<Task<FlatIndex>> _exact = new(() => Task.Run(() => FlatIndex.Build(model.ProductVectors, model.VectorSize)));
    private readonly Lazy<Task<Hnsw>> _byProduct = new(() => Build(model, VectorSimilarity.InnerProduct));
    private readonly Lazy<Task<Hnsw>> _byAngle = new(() => Build(model, VectorSimilarity.Cosine));

    /// <summary>The best products for a history, best first.</summary>
    /// <returns>How many were found; 0 where every product has to be looked at.</returns>
    public int Find(Steps history, Span<int> products, Span<float> scores)
    {
        Hnsw? graph = Ready(_byProduct, fewestForGraph);
        FlatIndex? exact = graph is null ? Ready(_exact, fewest) : null;
        if (graph is null && exact is null)
        {
            return 0;
        }

        float[] query = new float[model.VectorSize];
        model.WriteVector(history, query);
        return Known(exact?.Search(query, products, scores) ?? Search(graph!, query, products, scores), products, scores);
    }

    /// <summary>The products whose vectors point most the same way as one's, that one among them.</summary>
    /// <inheritdoc cref="Find(Steps, Span{int}, Span{float})"/>
    public int FindSimilar(int product, Span<int> products, Span<float> scores) =>
        VectorOf(product).ContainsAnyExcept(0f) && Ready(_byAngle, fewestForGraph) is { } graph
            ? Known(Search(graph, VectorOf(product), products, scores), products, scores)
            : 0;

    /// <summary>The score of one product.</summary>
    public float Score(ReadOnlySpan<float> history, int product) => TensorPrimitives.Dot(history, VectorOf(product));

    private static int Search(Hnsw graph, ReadOnlySpan<float> query, Span<int> products, Span<float> scores) =>
        graph.Search(query, Math.Max(LeastBreadth, BreadthFactor * products.Length), products, scores);

    private TIndex? Ready<TIndex>(Lazy<Task<TIndex>> index, int from)
        where TIndex : class => model.ProductCount >= from && index.Value is { IsCompletedSuccessfully: true } built ? built.Result : null;

    /// <summary>Leaves out the products of which the model knows nothing.</summary>
    private int Known(int found, Span<int> products, Span<float> scores)
    {
        int kept = 0;
        for (int i = 0; i < found; i++)
        {
            if (VectorOf(products[i]).ContainsAnyExcept(0f))
            {
                (products[kept], scores[kept]) = (products[i], scores[i]);
                kept++;
            }
        }

        return kept;
    }

    private ReadOnlySpan<float> VectorOf(int product) => model.ProductVectors.Slice(product * model.VectorSize, model.VectorSize);

    private static Task<Hnsw> Build(IVectorModel model, VectorSimilarity similarity) =>
        Task.Run(() => Hnsw.Build(model.ProductVectors, model.VectorSize, similarity));
}
