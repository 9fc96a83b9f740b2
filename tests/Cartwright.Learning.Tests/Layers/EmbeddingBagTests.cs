using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class EmbeddingBagTests
{
    private static readonly int[] Ids = [4, 1, 4, 0, 6, 6], Offsets = [0, 2, 2, 5, 6];

    [Theory]
    [InlineData(BagMode.Mean, new[] { 2.5f, 0, 2.6666667f, 6 })]
    [InlineData(BagMode.Sum, new[] { 5f, 0, 8, 6 })]
    [InlineData(BagMode.Max, new[] { 4f, 0, 4, 6 })]
    public void Makes_one_row_of_those_of_a_bag(BagMode mode, float[] expected)
    {
        var bag = new EmbeddingBag(7, 1, new Random(1), mode: mode);
        bag.Load(new Dictionary<string, Tensor> { ["weight"] = Tensor.From([0, 1, 2, 3, 4, 5, 6], 7, 1) });

        float[] rows = bag.Forward([4, 1, 4, 0, 4, 6], Offsets).ToArray();

        Assert.Equal(expected, rows);
    }

    [Theory]
    [InlineData(BagMode.Mean)]
    [InlineData(BagMode.Sum)]
    [InlineData(BagMode.Max)]
    public void Has_the_gradient_that_differences_say(BagMode mode)
    {
        var bag = new EmbeddingBag(7, 5, new Random(1), 1, mode);
        Tensor factors = Tensor.From(Kernels.Samples.Normal(1, 20), 4, 5);

        NumericalGradient.Assert(() => (bag.Forward(Ids, Offsets) * factors).Sum(), bag.Parameters());
    }

    [Theory]
    [InlineData(BagMode.Mean)]
    [InlineData(BagMode.Sum)]
    [InlineData(BagMode.Max)]
    public void Only_rows_that_were_asked_for_are_learned(BagMode mode)
    {
        var bag = new EmbeddingBag(7, 5, new Random(1), 1, mode);
        var optimizer = new Adam(bag, new AdamOptions { UpdatesTouchedRowsOnly = true, WeightDecay = 0.1f });
        float[] before = bag.Weight.ToArray();

        bag.Forward(Ids, Offsets).Sum().Backward();
        optimizer.Step();

        float[] after = bag.Weight.ToArray();
        Assert.Equal([2, 3, 5], Enumerable.Range(0, 7).Where(row => before.AsSpan(row * 5, 5).SequenceEqual(after.AsSpan(row * 5, 5))));
    }

    [Fact]
    public void Two_largest_alike_are_one_and_it_has_all_of_the_gradient()
    {
        Tensor table = Tensor.Parameter([1, 3, 3, 2], 4, 1);

        table.Bags([0, 2, 1, 3], [0, 4], BagMode.Max).Sum().Backward();

        Assert.Equal([0, 0, 1, 0], table.Gradient.ToArray());
    }
}
