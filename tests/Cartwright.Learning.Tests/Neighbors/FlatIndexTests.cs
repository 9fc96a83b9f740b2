using Cartwright.Learning.Neighbors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Tests.Neighbors;

public sealed class FlatIndexTests
{
    private const int Cutoff = 20;

    [Theory]
    [InlineData(5_000, 64, 1f, 0f)]
    [InlineData(5_000, 64, 1e-20f, 0f)]
    [InlineData(3_001, 7, 1e6f, 0f)]
    [InlineData(2_000, 33, 0.01f, 5f)]
    public void The_largest_products_are_those_of_a_look_at_each(int count, int size, float scale, float shift)
    {
        float[] vectors = Numbers(count * size, seed: 1, scale, shift);
        FlatIndex index = FlatIndex.Build(vectors, size);
        int[] found = new int[Cutoff];
        float[] products = new float[Cutoff];
        for (int query = 0; query < 50; query++)
        {
            float[] asked = Numbers(size, seed: 100 + query, 1, 0);

            Assert.Equal(Cutoff, index.Search(asked, found, products));

            int[] right = Exact(vectors, asked);
            Assert.Equal(right, found);
            Assert.Equal(right.Select(i => TensorPrimitives.Dot(asked, vectors.AsSpan(i * size, size))), products);
        }
    }

    [Fact]
    public void Vectors_of_very_different_lengths_are_told_apart()
    {
        const int size = 16;
        float[] vectors = Numbers(4_000 * size, seed: 2, 1, 0);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] *= MathF.Pow(1.01f, i / size % 500);
        }

        FlatIndex index = FlatIndex.Build(vectors, size);
        float[] asked = Numbers(size, seed: 3, 1, 0);
        int[] found = new int[Cutoff];

        index.Search(asked, found, new float[Cutoff]);

        Assert.Equal(Exact(vectors, asked), found);
    }

    [Fact]
    public void Equal_products_come_in_the_order_of_their_indexes()
    {
        FlatIndex index = FlatIndex.Build(Enumerable.Repeat(0.3f, 100 * 8).ToArray(), 8);
        int[] found = new int[5];

        Assert.Equal(5, index.Search([1, 1, 1, 1, 1, 1, 1, 1], found, new float[5]));
        Assert.Equal([0, 1, 2, 3, 4], found);
        Assert.Equal(5, index.Search(new float[8], found, new float[5]));
        Assert.Equal([0, 1, 2, 3, 4], found);
    }

    [Fact]
    public void Fewer_are_found_where_there_are_fewer()
    {
        FlatIndex index = FlatIndex.Build([1, 2, 3, 4, 5, 6], 2);
        int[] found = new int[10];

        Assert.Equal(3, index.Search([1, 1], found, new float[10]));
        Assert.Equal([2, 1, 0], found[..3]);
        Assert.Equal(0, index.Search([1, 1], [], []));
        Assert.Equal(0, FlatIndex.Build([], 2).Search([1, 1], found, new float[10]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        FlatIndex index = FlatIndex.Build([1, 2, 3, 4], 2);

        Assert.Throws<ShapeException>(() => FlatIndex.Build([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlatIndex.Build([], 0));
        Assert.Throws<ArgumentException>(() => FlatIndex.Build([1, float.NaN], 2));
        Assert.Throws<ShapeException>(() => index.Search([1], new int[1], new float[1]));
        Assert.Throws<ShapeException>(() => index.Search([1, 2], new int[1], new float[2]));
        Assert.Throws<ArgumentException>(() => index.Search([float.PositiveInfinity, 2], new int[1], new float[1]));
    }

    [Fact]
    public void The_answer_is_the_same_on_any_number_of_threads()
    {
        float[] vectors = Numbers(60_000 * 32, seed: 5, 1, 0);
        FlatIndex index = FlatIndex.Build(vectors, 32);
        float[] asked = Numbers(32, seed: 6, 1, 0);
        int before = Compute.ThreadCount;
        try
        {
            (int[] Found, float[] Products)[] answers = [.. new[] { 1, 2, 3 }.Select(threads =>
            {
                Compute.ThreadCount = threads;
                int[] found = new int[Cutoff];
                float[] products = new float[Cutoff];
                index.Search(asked, found, products);
                return (found, products);
            })];

            Assert.All(answers, answer => Assert.Equal(answers[0].Found, answer.Found));
            Assert.All(answers, answer => Assert.Equal(answers[0].Products, answer.Products));
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }

    private static int[] Exact(float[] vectors, float[] asked)
    {
        int size = asked.Length;
        return [.. Enumerable.Range(0, vectors.Length / size)
            .OrderByDescending(i => TensorPrimitives.Dot(asked, vectors.AsSpan(i * size, size)))
            .ThenBy(i => i)
            .Take(Cutoff)];
    }

    private static float[] Numbers(int count, int seed, float scale, float shift)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (((float)random.NextDouble() * 2) - 1 + shift) * scale)];
    }
}
