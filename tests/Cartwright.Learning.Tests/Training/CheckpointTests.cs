using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-checkpoint-").FullName;

    private TrainerOptions Options => new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, 0.9f)]
    public void A_checkpoint_that_other_settings_cannot_go_on_from_leaves_model_and_optimizer_as_they_are(bool isOtherOptimizer, float? averageDecay)
    {
        Train(Options, Plan(new Random(1)));
        TrainingPlan plan = Plan(new Random(2));
        plan = isOtherOptimizer ? plan with { Optimizer = new Adam(plan.Model, new AdamOptions()) } : plan;
        Dictionary<string, float[]> before = SmallTraining.WeightsOf(plan);

        Assert.Throws<ModelFormatException>(() => Train(Options with { AllowsOtherSettings = true, AverageDecay = averageDecay, Epochs = 2 }, plan));

        Assert.Equal(before, SmallTraining.WeightsOf(plan));
        Assert.Equal(0, plan.Optimizer.StepCount);
    }

    [Fact]
    public void State_of_an_optimizer_or_an_average_that_is_refused_changes_nothing()
    {
        Dense small = new(1, 2, new Random(1));
        Sgd optimizer = new(small, new SgdOptions { Momentum = 0.9f });
        WeightAverage average = new(small);
        Dictionary<string, Tensor> velocities = new(optimizer.SaveState()) { ["velocity.weight"] = Tensor.From([7, 7], 2) };
        Dictionary<string, Tensor> averages = new(average.SaveState()) { ["average.weight"] = Tensor.From([7, 7], 2) };
        velocities.Remove("step_count");
        averages.Remove("step_count");

        Assert.Throws<ShapeException>(() => optimizer.LoadState(velocities));
        Assert.Throws<ShapeException>(() => average.LoadState(averages));

        Assert.Equal([0, 0], optimizer.SaveState()["velocity.weight"].ToArray());
        Assert.Equal(small.Weight.ToArray(), average.SaveState()["average.weight"].ToArray());
    }

    [Fact]
    public void A_file_of_weights_in_the_place_of_the_checkpoint_is_refused_in_plain_words()
    {
        TrainingPlan plan = Plan(new Random(1));
        Safetensors.Write(Path.Combine(_folder, "checkpoint.safetensors"), plan.Model.State().ToDictionary());

        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Train(Options, plan));

        Assert.Contains("it is no checkpoint", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Best_weights_of_another_shape_are_refused_and_leave_model_and_optimizer_as_they_are()
    {
        Train(Options, Plan(new Random(1)) with { Validate = () => [1] });
        string path = Path.Combine(_folder, "checkpoint.safetensors");
        SafetensorsContent content = Safetensors.Read(path);
        Safetensors.Write(path, new Dictionary<string, Tensor>(content.Tensors) { ["best.weight"] = Tensor.From([1], 1) }, content.Metadata);
        TrainingPlan plan = Plan(new Random(2)) with { Validate = () => [1] };
        Dictionary<string, float[]> before = SmallTraining.WeightsOf(plan);

        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Train(Options with { Epochs = 2 }, plan));

        Assert.Contains("'weight' should hold 4 numbers; found 1", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallTraining.WeightsOf(plan));
        Assert.Equal(0, plan.Optimizer.StepCount);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_before_the_first_step()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        TrainingPlan plan = Plan(new Random(1));

        IOException e = Assert.Throws<IOException>(() => Train(Options with { CheckpointFolder = file }, plan));

        Assert.Contains($"CheckpointFolder '{file}'", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, plan.Optimizer.StepCount);
    }

    [Fact]
    public void The_folder_of_the_checkpoint_is_made_and_holds_nothing_else()
    {
        string inner = Path.Combine(_folder, "a", "b");

        Train(Options with { CheckpointFolder = inner }, Plan(new Random(1)));

        Assert.Equal(["checkpoint.safetensors"], Directory.GetFileSystemEntries(inner).Select(Path.GetFileName));
    }

    private static void Train(TrainerOptions options, TrainingPlan plan) => new Trainer(options, TimeProvider.System).Train(plan);

    private static TrainingPlan Plan(Random random)
    {
        Dense model = new(2, 2, random);
        return new TrainingPlan
        {
            Model = model,
            Optimizer = new Sgd(model, new SgdOptions()),
            StepsPerEpoch = 1,
            Loss = _ => model.Weight.Sum(),
        };
    }
}
