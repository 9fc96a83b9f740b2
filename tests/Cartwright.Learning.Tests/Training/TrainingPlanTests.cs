using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

/// <summary>What in a plan does not fit together is refused before the first step, and said in plain words.</summary>
public sealed class TrainingPlanTests
{
    private readonly TwoLayers _model = new();

    [Fact]
    public void An_optimizer_of_another_model_is_refused()
    {
        TrainingPlan plan = Plan() with { Optimizer = new Sgd(new TwoLayers(), new SgdOptions()) };

        AssertRefused("The optimizer holds weight 'first.weight'", plan);
    }

    [Fact]
    public void An_optimizer_of_a_part_of_the_model_trains_that_part()
    {
        float[] first = _model.First.Weight.ToArray();
        float[] second = _model.Second.Weight.ToArray();

        Train(Plan() with { Optimizer = new Sgd(_model.Second, new SgdOptions()) });

        Assert.Equal(first, _model.First.Weight.ToArray());
        Assert.NotEqual(second, _model.Second.Weight.ToArray());
    }

    [Fact]
    public void Validation_without_a_metric_is_refused() =>
        AssertRefused("Metrics is empty", Plan() with { Metrics = [], Validate = () => [] });

    [Fact]
    public void Two_metrics_of_one_name_are_refused() =>
        AssertRefused("more than one named 'error'", Plan() with { Metrics = [new("error"), new("error", false)], Validate = () => [1, 2] });

    [Fact]
    public void A_loss_of_more_than_one_number_is_refused() =>
        AssertRefused("The plan's Loss gives one number (take Mean() or Sum()); found Tensor [1, 2].", Plan() with { Loss = _ => _model.First.Weight.Reshape(1, 2) });

    private TrainingPlan Plan() => new()
    {
        Model = _model,
        Optimizer = new Sgd(_model, new SgdOptions()),
        StepsPerEpoch = 1,
        Loss = _ => _model.First.Weight.Sum() + _model.Second.Weight.Sum(),
    };

    private static void AssertRefused(string message, TrainingPlan plan)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => Train(plan));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(0, plan.Optimizer.StepCount);
    }

    private static void Train(TrainingPlan plan) => new Trainer(new TrainerOptions { Seed = 1, Epochs = 1 }, TimeProvider.System).Train(plan);

    private sealed class TwoLayers : Module
    {
        public Dense First { get; } = new(1, 2, new Random(1));

        public Dense Second { get; } = new(2, 1, new Random(2));

        protected internal override IEnumerable<Part> Parts => [new("first", First), new("second", Second)];
    }
}
