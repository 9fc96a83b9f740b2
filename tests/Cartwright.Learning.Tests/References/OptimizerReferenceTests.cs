using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Optimizers and schedules beside the numbers that optimizer_family.py wrote.</summary>
public sealed class OptimizerReferenceTests
{
    private const string File = "optimizer_family.json";

    private static readonly Dictionary<string, Func<Module, Optimizer>> Optimizers = new()
    {
        ["adagrad"] = weight => new Adagrad(weight, new AdagradOptions { LearningRate = 0.1f }),
        ["adagrad_begun"] = weight => new Adagrad(weight, new AdagradOptions { LearningRate = 0.1f, InitialSum = 0.2f }),
        ["adagrad_decay"] = weight => new Adagrad(weight, new AdagradOptions { LearningRate = 0.1f, WeightDecay = 0.05f }),
        ["rms_prop"] = weight => new RmsProp(weight, new RmsPropOptions()),
        ["rms_prop_decay"] = weight => new RmsProp(weight, new RmsPropOptions { Memory = 0.9f, WeightDecay = 0.05f }),
        ["sparse_sgd"] = weight => new Sgd(weight, new SgdOptions { LearningRate = 0.1f, UpdatesTouchedRowsOnly = true }),
        ["sparse_adagrad"] = weight => new Adagrad(weight, new AdagradOptions { LearningRate = 0.1f, UpdatesTouchedRowsOnly = true }),
        ["sparse_adagrad_momentum"] = weight => new Adagrad(weight, new AdagradOptions { LearningRate = 0.1f, Momentum = 0.5f, UpdatesTouchedRowsOnly = true }),
        ["sparse_rms_prop"] = weight => new RmsProp(weight, new RmsPropOptions { Memory = 0.9f, UpdatesTouchedRowsOnly = true }),
    };

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    [Theory, MemberData(nameof(OptimizerNames))]
    public void An_optimizer_takes_the_steps_of_PyTorch(string name)
    {
        var reference = Reference.Load(File, name);
        Tensor weight = reference.Parameter("start");
        Optimizer optimizer = Optimizers[name](new OneWeight(weight));
        float[][] gradients = reference.Series("steps"), expected = reference.Series("weights");

        for (int step = 0; step < gradients.Length; step++)
        {
            GiveGradient(weight, gradients[step], touchedRowsOnly: name.StartsWith("sparse", StringComparison.Ordinal));
            optimizer.Step();

            Reference.AssertClose($"weight after step {step + 1}", expected[step], weight.Values);
        }
    }

    [Fact]
    public void Schedules_give_the_rates_of_PyTorch()
    {
        AssertRates("step_schedule", new StepSchedule(0.5f, stepsPerFall: 3, factor: 0.5f));
        AssertRates("cosine_schedule", new CosineSchedule(0.5f, steps: 10, least: 0.125f));
        AssertRates("one_cycle_schedule", new OneCycleSchedule(0.5f, steps: 21));
    }

    [Theory, InlineData("plateau_schedule", true), InlineData("plateau_schedule_of_a_loss", false)]
    public void A_plateau_lowers_the_rate_when_PyTorch_does(string name, bool higherIsBetter)
    {
        var reference = Reference.Load(File, name);
        PlateauSchedule schedule = new(0.5f, patience: 2, factor: 0.25f);
        float[] qualities = reference.Numbers("qualities");

        float[] rates = [.. Enumerable.Range(1, qualities.Length).Select(count => schedule.After(qualities.Take(count).Select(q => (double)q), higherIsBetter))];

        Reference.AssertClose("rates", reference.Numbers("rates"), rates);
    }

    private static void AssertRates(string name, LearningRateSchedule schedule)
    {
        float[] expected = Reference.Load(File, name).Numbers("rates");
        Reference.AssertClose(name, expected, [.. Enumerable.Range(0, expected.Length).Select(schedule.At)]);
    }

    /// <summary>The gradient of the sum of weight · gradient by the weight is the gradient.</summary>
    private static void GiveGradient(Tensor weight, float[] gradient, bool touchedRowsOnly)
    {
        if (!touchedRowsOnly)
        {
            (weight * Tensor.From(gradient, [.. weight.Shape])).Sum().Backward();
            return;
        }

        int columns = weight.Columns;
        int[] rows = [.. Enumerable.Range(0, weight.Rows).Where(row => gradient.AsSpan(row * columns, columns).ContainsAnyExcept(0f))];
        float[] touched = [.. rows.SelectMany(row => gradient[(row * columns)..((row + 1) * columns)])];
        (weight.TakeRows(rows) * Tensor.From(touched, rows.Length, columns)).Sum().Backward();
    }

    private sealed class OneWeight(Tensor weight) : Module
    {
        protected internal override IEnumerable<Part> Parts => [new("weight", weight)];
    }
}
