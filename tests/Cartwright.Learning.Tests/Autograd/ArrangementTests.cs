using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Cartwright.Learning.Tests.Autograd;

/// <summary>Operations that move numbers, on shapes and places that are drawn, against the definition place by place.</summary>
public sealed class ArrangementTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(150);

    private static readonly Gen<int[]> Shapes = from sizes in Gen.Elements(1, 2, 3, 5, 8).ListOf().Where(sizes => sizes.Count is > 0 and <= 4) select sizes.ToArray();

    private static readonly Gen<(int[] Shape, int Axis)> ShapesWithAxis = from shape in Shapes from axis in Gen.Choose(-shape.Length, shape.Length - 1) select (shape, axis);

    [Fact]
    public void A_slice_takes_the_places_that_the_standard_says() => Prop.ForAll(
        (from drawn in ShapesWithAxis from start in Gen.Choose(-9, 9) from end in Gen.Choose(-9, 9) from step in Gen.Elements(-3, -2, -1, 1, 2, 3) select (drawn.Shape, drawn.Axis, start, end, step)).ToArbitrary(),
        slice =>
        {
            Tensor x = Numbers(slice.Shape);
            int axis = slice.Axis < 0 ? slice.Axis + x.Rank : slice.Axis, size = slice.Shape[axis];
            int from = slice.start < 0 ? slice.start + size : slice.start, to = slice.end < 0 ? slice.end + size : slice.end;
            (from, to) = slice.step > 0
                ? (Math.Clamp(from, 0, size), Math.Clamp(to, 0, size))
                : (Math.Clamp(from, 0, size - 1), Math.Clamp(to, -1, size - 1));
            List<int> places = [];
            for (int i = from; slice.step > 0 ? i < to : i > to; i += slice.step)
            {
                places.Add(i);
            }

            Tensor y = x.Slice(slice.Axis, slice.start, slice.end, slice.step);

            AssertMoves(x, y, place => [.. place.Select((i, a) => a == axis ? places[i] : i)], [.. slice.Shape.Select((n, a) => a == axis ? places.Count : n)]);
        }).Check(Runs);

    [Fact]
    public void A_transpose_moves_every_place() => Prop.ForAll(
        (from shape in Shapes from order in Gen.Shuffle(Enumerable.Range(0, shape.Length)) select (shape, Order: order.ToArray())).ToArbitrary(),
        drawn =>
        {
            Tensor x = Numbers(drawn.shape);

            Tensor y = x.Transpose(drawn.Order);

            AssertMoves(x, y, place => [.. Enumerable.Range(0, place.Length).Select(axis => place[Array.IndexOf(drawn.Order, axis)])], [.. drawn.Order.Select(axis => drawn.shape[axis])]);
        }).Check(Runs);

    [Fact]
    public void What_was_split_is_whole_again_when_put_together() => Prop.ForAll(
        (from drawn in ShapesWithAxis from cut in Gen.Choose(0, 8) select (drawn.Shape, drawn.Axis, cut)).ToArbitrary(),
        drawn =>
        {
            Tensor x = Numbers(drawn.Shape);
            int size = drawn.Shape[drawn.Axis < 0 ? drawn.Axis + x.Rank : drawn.Axis], first = Math.Min(drawn.cut, size);

            Tensor whole = Arrangement.Concat(drawn.Axis, x.Split(drawn.Axis, first, size - first));

            Assert.Equal(x.Shape, whole.Shape);
            Assert.Equal(x.ToArray(), whole.ToArray());
        }).Check(Runs);

    [Fact]
    public void Padding_reads_the_place_that_its_kind_says() => Prop.ForAll(
        (from drawn in ShapesWithAxis from before in Gen.Choose(-2, 4) from after in Gen.Choose(-2, 4) from kind in Gen.Elements(PaddingKind.Constant, PaddingKind.Edge, PaddingKind.Reflect)
         select (drawn.Shape, drawn.Axis, before, after, kind)).ToArbitrary(),
        drawn =>
        {
            Tensor x = Numbers(drawn.Shape);
            int axis = drawn.Axis < 0 ? drawn.Axis + x.Rank : drawn.Axis, size = drawn.Shape[axis];
            int kept = size + Math.Min(0, drawn.before) + Math.Min(0, drawn.after), start = Math.Max(0, -drawn.before);
            if (kept < 1 || (drawn.kind == PaddingKind.Reflect && Math.Max(drawn.before, drawn.after) >= kept))
            {
                return;
            }

            Tensor y = x.Pad(drawn.Axis, drawn.before, drawn.after, drawn.kind, value: -1);

            Assert.Equal(size + drawn.before + drawn.after, y.Shape[axis]);
            foreach (int[] place in Places([.. y.Shape]))
            {
                int i = place[axis] - Math.Max(0, drawn.before);
                int read = drawn.kind switch { PaddingKind.Edge => Math.Clamp(i, 0, kept - 1), PaddingKind.Reflect => i < 0 ? -i : i >= kept ? (2 * kept) - 2 - i : i, _ => i };
                float expected = read < 0 || read >= kept ? -1 : At(x, [.. place.Select((p, a) => a == axis ? read + start : p)]);
                Assert.Equal(expected, At(y, place));
            }
        }).Check(Runs);

    [Fact]
    public void The_largest_are_those_that_sorting_finds() => Prop.ForAll(
        (from drawn in ShapesWithAxis from count in Gen.Choose(0, 8) from isSmallest in Gen.Elements(true, false) select (drawn.Shape, drawn.Axis, count, isSmallest)).ToArbitrary(),
        drawn =>
        {
            var random = new Random(drawn.Shape.Sum());
            Tensor x = Tensor.From([.. Enumerable.Range(0, Tensor.Product(drawn.Shape)).Select(_ => (float)random.Next(4))], drawn.Shape);
            int axis = drawn.Axis < 0 ? drawn.Axis + x.Rank : drawn.Axis, count = Math.Min(drawn.count, drawn.Shape[axis]);

            (Tensor values, int[] places) = x.TopK(count, drawn.Axis, drawn.isSmallest);

            int[] shape = [.. drawn.Shape.Select((n, a) => a == axis ? count : n)];
            int at = 0;
            foreach (int[] place in Places(shape))
            {
                // Sorting keeps the order of equals.
                int expected = Enumerable.Range(0, drawn.Shape[axis]).OrderBy(i => At(x, [.. place.Select((p, a) => a == axis ? i : p)]) * (drawn.isSmallest ? 1 : -1)).ElementAt(place[axis]);
                Assert.Equal(expected, places[at++]);
                Assert.Equal(At(x, [.. place.Select((p, a) => a == axis ? expected : p)]), At(values, place));
            }
        }).Check(Runs);

    /// <summary>Every place of y holds what x has at the place given, and the gradient goes back the same way.</summary>
    private static void AssertMoves(Tensor x, Tensor y, Func<int[], int[]> from, int[] shape)
    {
        Assert.Equal(shape, y.Shape);
        Tensor upstream = Numbers(shape);
        float[] gradient = new float[x.Length];
        foreach (int[] place in Places(shape))
        {
            Assert.Equal(At(x, from(place)), At(y, place));
            gradient[(int)At(x, from(place))] += At(upstream, place);
        }

        (y * upstream).Sum().Backward();
        Assert.Equal(gradient, x.Gradient.IsEmpty ? new float[x.Length] : x.Gradient.ToArray());
    }

    [Fact]
    public void A_transpose_without_an_order_names_the_one_with_it() =>
        Assert.Contains("Transpose(0, 2, 1)", Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3, 4).Transpose()).Message);

    /// <summary>0, 1, 2, …: each number says its place.</summary>
    private static Tensor Numbers(int[] shape) => Tensor.Parameter([.. Enumerable.Range(0, Tensor.Product(shape)).Select(i => (float)i)], shape);

    private static IEnumerable<int[]> Places(int[] shape) => shape.Length == 0
        ? [[]]
        : Places(shape[..^1]).SelectMany(place => Enumerable.Range(0, shape[^1]).Select(i => (int[])[.. place, i]));

    private static float At(Tensor x, int[] place)
    {
        int offset = 0;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            offset = (offset * x.Shape[axis]) + place[axis];
        }

        return x.Values[offset];
    }
}
