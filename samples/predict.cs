#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false
#:property PublishTrimmed=true
#:property PublishSingleFile=true
#:property PublishReadyToRun=true
#:property SelfContained=true

// A classifier that is trained once and then answers from one file without .NET installed: `make publish-check` builds and tries it.
//   predict train my-model
//   predict my-model 0.5 -0.25
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

if (args is ["train", string target])
{
    return Train(target);
}

if (args is not [string folder, string first, string second]
    || !float.TryParse(first, CultureInfo.InvariantCulture, out float x)
    || !float.TryParse(second, CultureInfo.InvariantCulture, out float y))
{
    Console.Error.WriteLine("predict train <folder>, then predict <folder> <x> <y> with numbers from -1 to 1.");
    return 2;
}

(IReadOnlyDictionary<string, Tensor> weights, ModelCard card) = ModelFolder.Load(folder);
Classifier model = new(card.Options.GetProperty("hiddenSize").GetInt32(), new Random(0));
model.Load(weights);
using (NoGradient.Begin())
{
    ReadOnlySpan<float> chances = model.Forward(Tensor.From([x, y], 1, 2)).Softmax().Values;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inside {chances[1]:P1}, {SinceStart():F0} ms after the start"));
}

return 0;

// Points of a square, inside a circle of radius 0.7 or not.
static int Train(string folder)
{
    const int HiddenSize = 32;
    double firstStep = double.NaN;
    Classifier model = new(HiddenSize, new Random(1));
    TrainingResult result = new Trainer(new TrainerOptions { Seed = 1, Epochs = 20 }, TimeProvider.System).Train(new TrainingPlan
    {
        Model = model,
        Optimizer = new Adam(model, new AdamOptions { LearningRate = 0.01f }),
        StepsPerEpoch = 50,
        AfterStep = () => firstStep = double.IsNaN(firstStep) ? SinceStart() : firstStep,
        Loss = step =>
        {
            Random random = Cartwright.Learning.Seeds.Random(step.Seed, 0);
            float[] points = [.. Enumerable.Range(0, 2 * 128).Select(_ => (2 * random.NextSingle()) - 1)];
            int[] classes = [.. Enumerable.Range(0, 128).Select(i => float.Hypot(points[2 * i], points[(2 * i) + 1]) < 0.7f ? 1 : 0)];
            return CrossEntropy.Loss(model.Forward(Tensor.From(points, 128, 2)), classes);
        },
    });
    using var options = JsonDocument.Parse($$"""{ "hiddenSize": {{HiddenSize}} }""");
    ModelFolder.Save(folder, model.Parameters().ToDictionary(), new ModelCard
    {
        Model = "circle",
        TrainedAt = TimeProvider.System.GetUtcNow(),
        Seed = 1,
        Options = options.RootElement,
        Metrics = new Dictionary<string, double> { ["loss"] = result.History[^1].Loss },
        DataHash = "generated",
        TrainSeconds = SinceStart() / 1000,
        ParameterCount = model.ParameterCount,
    });
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loss {result.History[^1].Loss:F3}, kept in {folder}; first step {firstStep:F0} ms after the start"));
    return 0;
}

static double SinceStart() => (TimeProvider.System.GetUtcNow().UtcDateTime - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds;

internal sealed class Classifier(int hiddenSize, Random random) : Module
{
    private readonly Dense _hidden = new(2, hiddenSize, random);
    private readonly Dense _output = new(hiddenSize, 2, random);

    protected override IEnumerable<Part> Parts => [new("hidden", _hidden), new("output", _output)];

    /// <param name="points">[batch, 2]</param>
    /// <returns>Logits of outside and inside: [batch, 2].</returns>
    public Tensor Forward(Tensor points) => _output.Forward(_hidden.Forward(points).Tanh());
}
