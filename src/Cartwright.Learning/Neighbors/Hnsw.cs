using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Neighbors;

/// <summary>What "near" means.</summary>
public enum VectorSimilarity
{
    /// <summary>The angle alone; vectors of no length are near to nothing.</summary>
    Cosine,

    /// <summary>The inner product: longer vectors are nearer, as in matrix factorization.</summary>
    InnerProduct,
}

public sealed record HnswOptions
{
    /// <summary>Neighbors that a vector is linked to when it comes in; twice as many on the lowest layer. More find more and take more memory.</summary>
    [Range(2, 128)]
    public int LinkCount { get; init; } = 16;

    /// <summary>Candidates among which those neighbors are chosen; more build a better graph and take longer.</summary>
    [Range(4, 4096)]
    public int BuildBreadth { get; init; } = 100;

    /// <summary>Same seed and vectors give the same graph, bit for bit, on any number of threads.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Finds the nearest of many vectors without a look at each: a graph of neighbors in layers, walked from coarse to fine.</summary>
/// <remarks>
/// Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using Hierarchical Navigable Small World Graphs", IEEE TPAMI
/// 2020, algorithms 1 to 5 (4 without extension of candidates, with pruned ones kept). The largest inner product becomes a nearest neighbor by one
/// more number in each stored vector, sqrt(L^2 - |x|^2), L being the greatest length: all of them then have one length, and the products with a
/// query, whose number there is 0, stay as they are (Bachrach et al., "Speeding Up the Xbox Recommender System Using a Euclidean Transformation
/// for Inner-Product Spaces", RecSys 2014). Differs: vectors come in by batches that see the graph before them and each other, so that the graph
/// is the same on any number of threads. Memory: 4 bytes for each number, 8 for each of <see cref="HnswOptions.LinkCount"/> links and some 12 a
/// vector (250,000 vectors of 64 numbers with 16 links: 99 MB), and 4 bytes a vector for each question that is asked at the same time.
/// </remarks>
public sealed class Hnsw
{
    private readonly ConcurrentBag<HnswWalk> _walks = [];
    private readonly VectorSimilarity _similarity;
    private readonly int _size;

    private Hnsw(HnswGraph graph, VectorSimilarity similarity, int size) => (Graph, _similarity, _size) = (graph, similarity, size);

    /// <summary>Vectors that are in it.</summary>
    public int Count => Graph.Count;

    internal HnswGraph Graph { get; }

    /// <param name="vectors">[count, size]; copied.</param>
    /// <param name="size">Numbers of a vector, 1 or more.</param>
    /// <exception cref="ShapeException">The numbers don't fill vectors.</exception>
    /// <exception cref="ArgumentException">One of them is not a finite number.</exception>
    public static Hnsw Build(ReadOnlySpan<float> vectors, int size, VectorSimilarity similarity, HnswOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        options ??= new HnswOptions();
        ShapeException.Require(vectors.Length % size == 0, $"{vectors.Length} numbers are not vectors of {size} numbers each.");

        HnswGraph graph = new(Placed(vectors, size, similarity), similarity == VectorSimilarity.InnerProduct ? size + 1 : size, options);
        new HnswBuilder(graph, options).Build(cancellationToken);
        return new Hnsw(graph, similarity, size);
    }

    /// <summary>The nearest vectors that are found, nearest first; of equal ones the lower index. Safe to ask from several threads.</summary>
    /// <param name="query">[size]</param>
    /// <param name="breadth">Candidates that are kept on the way; more find more and take longer. At least as many as are asked for are kept.</param>
    /// <param name="indexes">Filled; as many as are wanted.</param>
    /// <param name="similarities">Filled: the cosine or the inner product. As long as <paramref name="indexes"/>.</param>
    /// <returns>How many were found.</returns>
    /// <exception cref="ShapeException">A span has another length.</exception>
    /// <exception cref="ArgumentException">The query has a length that is no finite number.</exception>
    public int Search(ReadOnlySpan<float> query, int breadth, Span<int> indexes, Span<float> similarities)
    {
        ShapeException.Require(query.Length == _size, $"A query of this index has {_size} numbers, as its vectors; found {query.Length}.");
        ShapeException.Require(
            indexes.Length == similarities.Length,
            $"There is room for {indexes.Length} indexes and {similarities.Length} similarities; it has to be the same.");
        float norm = TensorPrimitives.Norm(query);
        if (!float.IsFinite(norm))
        {
            throw new ArgumentException("The query has a length that is no finite number.", nameof(query));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(breadth);
        if (Count == 0 || indexes.IsEmpty)
        {
            return 0;
        }

        if (!_walks.TryTake(out HnswWalk? walk))
        {
            walk = new HnswWalk(Graph);
        }

        Span<float> placed = Graph.Width <= 1024 ? stackalloc float[Graph.Width] : new float[Graph.Width];
        placed[_size..].Clear();
        query.CopyTo(placed);
        float length = _similarity == VectorSimilarity.Cosine ? norm : 1;
        if (length > 0)
        {
            TensorPrimitives.Divide(placed, length, placed);
        }

        int count = walk.Find(placed, Math.Max(breadth, indexes.Length), indexes, similarities);
        _walks.Add(walk);
        return count;
    }

    private static float[] Placed(ReadOnlySpan<float> vectors, int size, VectorSimilarity similarity)
    {
        int count = vectors.Length / size;
        float[] lengths = new float[count];
        for (int i = 0; i < count; i++)
        {
            lengths[i] = TensorPrimitives.Norm(vectors.Slice(i * size, size));
            if (!float.IsFinite(lengths[i]))
            {
                throw new ArgumentException($"Vector {i} has a length that is no finite number: it holds NaN, infinity or numbers that are too large. Leave it out.", nameof(vectors));
            }
        }

        int width = similarity == VectorSimilarity.InnerProduct ? size + 1 : size;
        float longest = count == 0 ? 0 : TensorPrimitives.Max<float>(lengths);
        float[] placed = new float[count * width];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(i * size, size);
            Span<float> place = placed.AsSpan(i * width, width);
            if (similarity == VectorSimilarity.InnerProduct)
            {
                vector.CopyTo(place);
                place[size] = MathF.Sqrt(Math.Max(0, (longest - lengths[i]) * (longest + lengths[i])));
            }
            else if (lengths[i] > 0)
            {
                TensorPrimitives.Divide(vector, lengths[i], place);
            }
        }

        return placed;
    }
}
