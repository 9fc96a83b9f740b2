using Cartwright.Learning.Neighbors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Tests.Neighbors;

public sealed class HnswTests
{
    private const int Size = 32;

    [Theory]
    [InlineData(VectorSimilarity.Cosine)]
    [InlineData(VectorSimilarity.InnerProduct)]
    public void A_few_vectors_are_all_found_in_the_right_order(VectorSimilarity similarity)
    {
        float[] vectors = Clustered(count: 60, seed: 3, similarity);
        Hnsw index = Hnsw.Build(vectors, Size, similarity);

        for (int query = 0; query < 20; query++)
        {
            float[] asked = Clustered(1, 100 + query, similarity);
            int[] found = new int[60];
            float[] scores = new float[60];

            Assert.Equal(60, index.Search(asked, 60, found, scores));

            Assert.Equal(Exact(vectors, asked, 60, similarity), found);
            Assert.Equal(scores.OrderDescending(), scores);
            Assert.Equal(Similarity(vectors, found[0], asked, similarity), scores[0], 1e-4f);
        }
    }

    [Theory]
    [InlineData(VectorSimilarity.Cosine)]
    [InlineData(VectorSimilarity.InnerProduct)]
    public void Of_the_twenty_nearest_of_20_000_at_least_95_of_100_are_found(VectorSimilarity similarity)
    {
        float[] vectors = Clustered(20_000, 1, similarity);
        Hnsw index = Hnsw.Build(vectors, Size, similarity);
        int hits = 0;
        const int queries = 200;
        int[] found = new int[20];
        float[] scores = new float[20];

        for (int query = 0; query < queries; query++)
        {
            float[] asked = Clustered(1, 1000 + query, similarity);
            Assert.Equal(20, index.Search(asked, breadth: 100, found, scores));
            hits += found.Intersect(Exact(vectors, asked, 20, similarity)).Count();
        }

        Assert.True(hits >= 0.95 * 20 * queries, $"recall@20 {hits / (20.0 * queries):F4}");
    }

    [Fact]
    public void The_graph_has_the_same_bits_on_any_number_of_threads()
    {
        float[] vectors = Clustered(3_000, 5, VectorSimilarity.InnerProduct);
        int before = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            int[] alone = LinksOf(Hnsw.Build(vectors, Size, VectorSimilarity.InnerProduct));
            Compute.ThreadCount = 4;
            Assert.Equal(alone, LinksOf(Hnsw.Build(vectors, Size, VectorSimilarity.InnerProduct)));
            Assert.NotEqual(alone, LinksOf(Hnsw.Build(vectors, Size, VectorSimilarity.InnerProduct, new HnswOptions { Seed = 2 })));
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }

    [Fact]
    public void Many_may_ask_at_once()
    {
        float[] vectors = Clustered(2_000, 6, VectorSimilarity.Cosine);
        Hnsw index = Hnsw.Build(vectors, Size, VectorSimilarity.Cosine);
        int[][] alone = [.. Enumerable.Range(0, 100).Select(Ask)];

        int[][] together = new int[100][];
        Parallel.For(0, 100, query => together[query] = Ask(query));

        Assert.Equal(alone, together);

        int[] Ask(int query)
        {
            int[] found = new int[10];
            index.Search(Clustered(1, 50 + query, VectorSimilarity.Cosine), 50, found, new float[10]);
            return found;
        }
    }

    [Fact]
    public void The_same_vector_many_times_and_vectors_of_no_length_do_no_harm()
    {
        float[] vectors = new float[500 * Size];
        vectors.AsSpan(100 * Size).Fill(1);
        Hnsw index = Hnsw.Build(vectors, Size, VectorSimilarity.Cosine);
        int[] found = new int[10];

        Assert.Equal(10, index.Search([.. Enumerable.Repeat(2f, Size)], 50, found, new float[10]));

        Assert.All(found, one => Assert.True(one >= 100));
        Assert.Equal(10, index.Search(new float[Size], 50, found, new float[10]));
        Assert.Equal(0, Hnsw.Build([], Size, VectorSimilarity.Cosine).Search(new float[Size], 50, found, new float[10]));
    }

    [Fact]
    public void Bad_numbers_are_refused()
    {
        Assert.Throws<ShapeException>(() => Hnsw.Build(new float[Size + 1], Size, VectorSimilarity.Cosine));
        Assert.Contains("Vector 1", Assert.Throws<ArgumentException>(() => Hnsw.Build([1, 2, 3, float.NaN], 2, VectorSimilarity.Cosine)).Message, StringComparison.Ordinal);
        Hnsw index = Hnsw.Build([1, 2], 2, VectorSimilarity.Cosine);
        Assert.Throws<ShapeException>(() => index.Search([1], 10, new int[1], new float[1]));
    }

    private static int[] LinksOf(Hnsw index) => [.. Enumerable.Range(0, index.Count).SelectMany(vector =>
        Enumerable.Range(0, index.Graph.LayerOf(vector) + 1).SelectMany(layer => index.Graph.Links(vector, layer).ToArray().Append(-1)))];

    private static int[] Exact(float[] vectors, float[] asked, int count, VectorSimilarity similarity) =>
        [.. Enumerable.Range(0, vectors.Length / Size).OrderByDescending(i => Similarity(vectors, i, asked, similarity)).ThenBy(i => i).Take(count)];

    private static float Similarity(float[] vectors, int i, float[] asked, VectorSimilarity similarity)
    {
        ReadOnlySpan<float> vector = vectors.AsSpan(i * Size, Size);
        float product = TensorPrimitives.Dot(vector, asked);
        return similarity == VectorSimilarity.InnerProduct ? product : product / TensorPrimitives.Norm(vector) / TensorPrimitives.Norm<float>(asked);
    }

    /// <summary>Vectors around 50 centers; of different lengths where those count.</summary>
    private static float[] Clustered(int count, int seed, VectorSimilarity similarity)
    {
        var centers = new Random(42);
        float[] middle = [.. Enumerable.Range(0, 50 * Size).Select(_ => Normal(centers))];
        var random = new Random(seed);
        float[] vectors = new float[count * Size];
        for (int i = 0; i < count; i++)
        {
            int center = random.Next(50);
            float length = similarity == VectorSimilarity.InnerProduct ? 0.5f + random.NextSingle() : 1;
            for (int d = 0; d < Size; d++)
            {
                vectors[(i * Size) + d] = length * (middle[(center * Size) + d] + (0.7f * Normal(random)));
            }
        }

        return vectors;
    }

    private static float Normal(Random random) => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
