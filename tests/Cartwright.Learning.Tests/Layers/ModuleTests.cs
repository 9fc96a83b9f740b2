using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class ModuleTests
{
    [Fact]
    public void A_shared_weight_learns_once_and_is_saved_under_both_names()
    {
        Pair model = new(new Random(1));

        Assert.Equal(["first.weight", "first.bias", "norm.weight", "norm.bias"], model.Parameters().Select(part => part.Key));
        Assert.Equal(9, model.ParameterCount);
        Assert.Equal(8, model.State().Count());
        Assert.Equal(2, model.State().Count(part => part.Value == model.First.Weight));
    }

    [Theory]
    [InlineData("norm.weight")]
    [InlineData("unknown")]
    public void Weights_that_are_refused_leave_the_model_as_it_was(string wrong)
    {
        Pair model = new(new Random(1));
        float[] before = model.First.Weight.ToArray();
        Dictionary<string, Tensor> weights = new Pair(new Random(2)).State().ToDictionary(StringComparer.Ordinal);
        weights[wrong] = Tensor.Zeros(7);

        ShapeException e = Assert.Throws<ShapeException>(() => model.Load(weights));

        Assert.Contains($"'{wrong}'", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.First.Weight.ToArray());
    }

    [Fact]
    public void The_count_of_batches_that_PyTorch_keeps_is_passed_over_where_a_batch_normalization_is()
    {
        Pair model = new(new Random(1)), other = new(new Random(2));
        Dictionary<string, Tensor> weights = other.State().ToDictionary(StringComparer.Ordinal);
        weights["norm.num_batches_tracked"] = Tensor.From([12]);

        model.Load(weights);

        Assert.Equal(other.First.Weight.ToArray(), model.First.Weight.ToArray());
        weights["first.num_batches_tracked"] = Tensor.From([12]);
        Assert.Throws<ShapeException>(() => model.Load(weights));
    }

    private sealed class Pair(Random random) : Module
    {
        private readonly BatchNorm _norm = new(1);

        public Dense First { get; } = new(6, 1, random);

        protected internal override IEnumerable<Part> Parts => [new("first", First), new("norm", _norm), new("second", First)];
    }
}
