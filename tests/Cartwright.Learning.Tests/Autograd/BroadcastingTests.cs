using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Cartwright.Learning.Tests.Autograd;

/// <summary>Shapes and broadcasting on shapes that are drawn, against the definition place by place.</summary>
public sealed class BroadcastingTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(150);

    /// <summary>Two shapes that broadcast, with axes of 0, of 1 and around the vector widths.</summary>
    private static readonly Gen<(int[] X, int[] Y)> Pairs =
        from shape in Gen.Elements(0, 1, 2, 3, 5, 9, 17).ListOf().Where(sizes => sizes.Count <= 4)
        from x in Narrowed([.. shape])
        from y in Narrowed([.. shape])
        select (x, y);

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Ours, Func<float, float, float> Definition)> Operations = new()
    {
        ["add"] = ((x, y) => x + y, (x, y) => x + y),
        ["subtract"] = ((x, y) => x - y, (x, y) => x - y),
        ["multiply"] = ((x, y) => x * y, (x, y) => x * y),
        ["divide"] = ((x, y) => x / y, (x, y) => x / y),
        ["pow"] = ((x, y) => x.Pow(y), MathF.Pow),
        ["maximum"] = ((x, y) => x.Maximum(y), MathF.Max),
        ["minimum"] = ((x, y) => x.Minimum(y), MathF.Min),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory, MemberData(nameof(Names))]
    public void An_operation_follows_its_definition_on_any_shapes_that_broadcast(string name) =>
        Prop.ForAll(Pairs.ToArbitrary(), pair =>
        {
            (Tensor x, Tensor y) = (Draw(pair.X, 1), Draw(pair.Y, 2));

            Tensor result = Operations[name].Ours(x, y);

            int[] shape = Shape(pair.X, pair.Y);
            Assert.Equal(shape, result.Shape);
            float[] expected = [.. Places(shape).Select(place => Operations[name].Definition(At(x, place), At(y, place)))];
            Assert.Equal(expected, result.ToArray());
        }).Check(Runs);

    [Theory, MemberData(nameof(Names))]
    public void What_was_repeated_gets_the_sum_of_the_gradients(string name) =>
        Prop.ForAll(Pairs.ToArbitrary(), pair =>
        {
            (Tensor x, Tensor y) = (Draw(pair.X, 1), Draw(pair.Y, 2));
            (Tensor wholeX, Tensor wholeY) = (Draw(pair.X, 1), Draw(pair.Y, 2));
            int[] shape = Shape(pair.X, pair.Y);
            Tensor upstream = Draw(shape, 3);

            (Operations[name].Ours(x, y) * upstream).Sum().Backward();
            (Operations[name].Ours(wholeX.Expand(shape), wholeY.Expand(shape)) * upstream).Sum().Backward();

            AssertClose(wholeX, x);
            AssertClose(wholeY, y);
        }).Check(Runs);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused_with_both_named()
    {
        ShapeException e = Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3) + Tensor.Zeros(4, 3));

        Assert.Contains("[2, 3] and [4, 3]", e.Message);
    }

    [Fact]
    public void Reductions_follow_their_definition_on_any_shape_and_axes() =>
        Prop.ForAll((from pair in Pairs
                     from reduced in Gen.Elements(true, false).ListOf(pair.X.Length)
                     select (pair.X, Reduced: reduced.ToArray())).ToArbitrary(), drawn =>
        {
            Tensor x = Draw(drawn.X, 1);
            int[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => drawn.Reduced[axis])];
            if (axes.Length == 0)
            {
                return;
            }

            Dictionary<string, List<float>> groups = [];
            int[] kept = [.. drawn.X.Select((size, axis) => drawn.Reduced[axis] ? 1 : size)];
            foreach (int[] place in Places(kept))
            {
                groups[string.Join(',', place)] = [];
            }

            foreach (int[] place in Places(drawn.X))
            {
                groups[string.Join(',', place.Select((i, axis) => drawn.Reduced[axis] ? 0 : i))].Add(At(x, place));
            }

            Assert.Equal(kept, x.Sum(axes, keepsAxes: true).Shape);
            AssertClose(groups.Values.Select(g => g.Sum(v => (double)v)), x.Sum(axes));
            AssertClose(groups.Values.Select(g => g.Aggregate(1.0, (p, v) => p * v)), x.Prod(axes));
            AssertClose(groups.Values.Select(g => Math.Sqrt(g.Sum(v => (double)v * v))), x.L2Norm(axes));
            AssertClose(groups.Values.Select(g => (double)g.DefaultIfEmpty(float.NegativeInfinity).Max()), x.Max(axes));
            AssertClose(groups.Values.Select(g => (double)g.DefaultIfEmpty(float.PositiveInfinity).Min()), x.Min(axes));
        }).Check(Runs);

    private static Gen<int[]> Narrowed(int[] shape) =>
        from narrow in Gen.Elements(false, false, true).ListOf(shape.Length)
        from dropped in Gen.Choose(0, shape.Length)
        select Enumerable.Range(dropped, shape.Length - dropped).Select(axis => narrow[axis] ? 1 : shape[axis]).ToArray();

    private static Tensor Draw(int[] shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.Parameter([.. Enumerable.Range(0, Tensor.Product(shape)).Select(_ => 0.25f + random.NextSingle())], shape);
    }

    private static int[] Shape(int[] x, int[] y) => [.. Enumerable.Range(1, Math.Max(x.Length, y.Length)).Reverse()
        .Select(i => (i <= x.Length ? x[^i] : 1, i <= y.Length ? y[^i] : 1) is var (a, b) && a == 1 ? b : a)];

    private static IEnumerable<int[]> Places(int[] shape) => shape.Length == 0
        ? [[]]
        : Places(shape[..^1]).SelectMany(place => Enumerable.Range(0, shape[^1]).Select(i => (int[])[.. place, i]));

    /// <summary>The number at a place of the shape that the tensor broadcasts to.</summary>
    private static float At(Tensor x, int[] place)
    {
        int offset = 0;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            offset = (offset * x.Shape[axis]) + (x.Shape[axis] == 1 ? 0 : place[axis + place.Length - x.Rank]);
        }

        return x.Values[offset];
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        AssertClose(expected.Gradient.ToArray().Select(g => (double)g), Tensor.From(actual.Gradient.IsEmpty ? new float[actual.Length] : actual.Gradient, actual.Length));

    private static void AssertClose(IEnumerable<double> expected, Tensor actual)
    {
        double[] values = [.. expected];
        Assert.Equal(values.Length, actual.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(values[i] == actual.Values[i] || Math.Abs(values[i] - actual.Values[i]) <= 1e-4 * Math.Max(1, Math.Abs(values[i])),
                $"At {i}: {actual.Values[i]} in place of {values[i]}.");
        }
    }
}
