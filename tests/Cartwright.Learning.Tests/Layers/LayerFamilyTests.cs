using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

/// <summary>Checks that hold for every layer. A new layer without a line in <see cref="Samples"/> fails the first of them.</summary>
public sealed class LayerFamilyTests
{
    /// <summary>Each layer narrow with 1 and wider with 3, so that vectors have whole ones and a rest to do.</summary>
    internal static readonly Dictionary<Type, Func<int, Sample>> Samples = new()
    {
        [typeof(Dense)] = k => Sample.Of(random => new Dense(6 * k, 4 * k, random), [6 * k], [4 * k], (layer, x) => layer.Forward(x)),
        [typeof(Dropout)] = k => Sample.Of(_ => new Dropout(0.4f), [6 * k], [6 * k], (layer, x) => layer.Forward(x)),

        // Normalization.
        [typeof(LayerNorm)] = k => Sample.Of(_ => new LayerNorm(6 * k), [6 * k], [6 * k], (layer, x) => layer.Forward(x)),
        [typeof(RmsNorm)] = k => Sample.Of(_ => new RmsNorm(6 * k), [6 * k], [6 * k], (layer, x) => layer.Forward(x)),

        [typeof(BatchNorm)] = k => Sample.Of(_ => new BatchNorm(3), [3, 2, 2 * k], [3, 2, 2 * k], (layer, x) => layer.Forward(x)),
        [typeof(SpectralNorm)] = k => Sample.Of(random => new SpectralNorm(1, 6 * k, random), [6 * k], [1],
            (layer, x) => x.MatMul(layer.Forward(Random([1, 6 * k])), transposeY: true)),

        // Pictures and sequences with channels.
        [typeof(Conv1d)] = k => Sample.Of(random => new Conv1d(2 * k, 3 * k, 3, random, new ConvOptions { Padding = 1, Stride = 2 }), [2 * k, 6 * k],
            [3 * k, 3 * k], (layer, x) => layer.Forward(x)),
        [typeof(Conv2d)] = k => Sample.Of(random => new Conv2d(2, 3 * k, 3, random, new ConvOptions { Padding = 1 }), [2, 4 * k, 3 * k],
            [3 * k, 4 * k, 3 * k], (layer, x) => layer.Forward(x)),
        [typeof(ConvTranspose1d)] = k => Sample.Of(random => new ConvTranspose1d(2 * k, 3 * k, 4, random, new ConvOptions { Padding = 1, Stride = 2 }),
            [2 * k, 3 * k], [3 * k, 6 * k], (layer, x) => layer.Forward(x)),
        [typeof(ConvTranspose2d)] = k => Sample.Of(
            random => new ConvTranspose2d(2, 3 * k, 3, random, new ConvOptions { Padding = 1, Stride = 2, OutputPadding = 1 }),
            [2, 2 * k, 3], [3 * k, 4 * k, 6], (layer, x) => layer.Forward(x)),
        [typeof(MaxPool1d)] = k => Sample.Of(_ => new MaxPool1d(2), [2, 6 * k], [2, 3 * k], (layer, x) => layer.Forward(x)),
        [typeof(MaxPool2d)] = k => Sample.Of(_ => new MaxPool2d(2), [2, 4, 2 * k], [2, 2, k], (layer, x) => layer.Forward(x)),
        [typeof(AveragePool1d)] = k => Sample.Of(_ => new AveragePool1d(3, 1, 1), [2, 6 * k], [2, 6 * k], (layer, x) => layer.Forward(x)),
        [typeof(AveragePool2d)] = k => Sample.Of(_ => new AveragePool2d(2), [2, 4, 4 * k], [2, 2, 2 * k], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveMaxPool1d)] = k => Sample.Of(_ => new AdaptiveMaxPool1d(2), [2, 5 * k], [2, 2], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveAveragePool1d)] = k => Sample.Of(_ => new AdaptiveAveragePool1d(2), [2, 5 * k], [2, 2], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveMaxPool2d)] = k => Sample.Of(_ => new AdaptiveMaxPool2d(2), [2, 3, 4 * k], [2, 2, 2], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveAveragePool2d)] = k => Sample.Of(_ => new AdaptiveAveragePool2d(2), [2, 3, 4 * k], [2, 2, 2], (layer, x) => layer.Forward(x)),
        [typeof(ResidualBlock)] = k => Sample.Of(random => new ResidualBlock(2, 3, random, stride: 2), [2, 3, (2 * k) + 1], [3, 2, k + 1],
            (layer, x) => layer.Forward(x)),
        [typeof(InvertedResidual)] = k => Sample.Of(random => new InvertedResidual(2, 2, random, expansion: 1), [2, 3, 3 * k], [2, 3, 3 * k],
            (layer, x) => layer.Forward(x)),
        [typeof(SqueezeExcitation)] = k => Sample.Of(random => new SqueezeExcitation(4 * k, 2, random), [4 * k, 2, 2], [4 * k, 2, 2],
            (layer, x) => layer.Forward(x)),

        // Tables.
        [typeof(Embedding)] = k => Sample.Of(random => new Embedding(7, 4 * k, random), [1], [4 * k], (layer, x) => layer.Forward(Ids(x.Shape[0]))),
        [typeof(EmbeddingBag)] = k => Sample.Of(random => new EmbeddingBag(7, 4 * k, random), [1], [4 * k],
            (layer, x) => layer.Forward(Ids(x.Shape[0]), Bags(x.Rows))),
        [typeof(CrossNetwork)] = k => Sample.Of(random => new CrossNetwork(4 * k, 2, random), [4 * k], [4 * k], (layer, x) => layer.Forward(x)),
        [typeof(DeepCross)] = k => Sample.Of(
            random => new DeepCross(new DeepCrossOptions { InputSize = 4 * k, CrossCount = 2, HiddenSizes = [5, 3], Dropout = 0.2f }, random), [4 * k], [1],
            (layer, x) => layer.Forward(x)),

        // Sequences.
        [typeof(Elman)] = k => Sample.Of(random => new Elman(4, 3 * k, random, 2, isBidirectional: true, 0.2f), [4], [6 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows)).Output),
        [typeof(Lstm)] = k => Sample.Of(random => new Lstm(4, 3 * k, random, 2, isBidirectional: true, 0.2f), [4], [6 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows)).Output),
        [typeof(Gru)] = k => Sample.Of(random => new Gru(4, 3 * k, random, 2, isBidirectional: true, 0.2f), [4], [6 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows)).Output),
        [typeof(LearnedPositions)] = k => Sample.Of(random => new LearnedPositions(9, 4 * k, random), [4 * k], [4 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows))),
        [typeof(AttentionPooling)] = k => Sample.Of(random => new AttentionPooling(4 * k, 3, random), [4 * k], [4 * k],
            (layer, x) => layer.Forward(x, Bags(x.Rows))),

        // Attention.
        [typeof(MultiHeadAttention)] = k => Sample.Of(random => new MultiHeadAttention(8 * k, 2, 0.2f, random, hasRotaryPositions: true), [8 * k], [8 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows), causal: true)),
        [typeof(TransformerBlock)] = k => Sample.Of(random => new TransformerBlock(6 * k, 2, 8 * k, 0.2f, random), [6 * k], [6 * k],
            (layer, x) => layer.Forward(x, Offsets(x.Rows), causal: true)),
    };

    public static TheoryData<string> Layers => [.. typeof(Module).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Dense).Namespace && type.IsSubclassOf(typeof(Module)) && !type.IsAbstract)
        .Select(type => type.Name)];

    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            TheoryData<string, int, int> shapes = [];
            foreach (object[] layer in (IEnumerable<object[]>)Layers)
            {
                shapes.Add((string)layer[0], 1, 4);
                shapes.Add((string)layer[0], 1, 7);
                shapes.Add((string)layer[0], 3, 5);
            }

            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Has_the_gradient_that_differences_say(string layer, int width, int batch)
    {
        (Sample sample, Module module) = Make(layer, width);
        module.IsTraining = true;
        Tensor x = Random([batch, .. sample.Input]);
        float[] factors = Random([batch, .. sample.Output]).ToArray();

        NumericalGradient.Assert(
            () => (sample.Forward(module, x) * Tensor.From(factors, [batch, .. sample.Output])).Sum(),
            module.Parameters().Append(new("input", x)));
    }

    [Theory, MemberData(nameof(Layers))]
    public void Has_no_gradient_where_its_weights_are_frozen_and_the_input_has_the_same(string layer)
    {
        (Sample sample, Module module) = Make(layer);
        Tensor x = Random([7, .. sample.Input]);
        using (TensorScope.Begin(5))
        {
            sample.Forward(module, x).Sum().Backward();
        }

        (_, Module frozen) = Make(layer);
        float[] gradient = InputGradient.Of(watched => sample.Forward(frozen, watched), x);

        Assert.Equal(x.Gradient.IsEmpty ? new float[x.Length] : x.Gradient.ToArray(), gradient);
        Assert.All(frozen.Parameters(), weight => Assert.True(weight.Value.Gradient.IsEmpty, weight.Key));
    }

    [Theory, MemberData(nameof(Layers))]
    public void Has_twice_the_gradient_after_two_passes_over_the_same_result_or_refuses_the_second(string layer)
    {
        if (layer is nameof(Elman) or nameof(Lstm) or nameof(Gru))
        {
            (Sample recurrent, Module once) = Make(layer);
            Tensor result = recurrent.Forward(once, Random([7, .. recurrent.Input])).Sum();
            result.Backward();
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(result.Backward);
            Assert.Contains("call Backward once", e.Message);
            return;
        }

        float[][] gradients = [.. ((int[])[1, 2]).Select(passes =>
        {
            (Sample sample, Module module) = Make(layer);
            Tensor x = Random([7, .. sample.Input]);
            using var scope = TensorScope.Begin(5);
            Tensor sum = sample.Forward(module, x).Sum();
            for (int i = 0; i < passes; i++)
            {
                sum.Backward();
            }

            return (float[])[.. module.Parameters().Select(weight => weight.Value).Append(x).SelectMany(tensor => tensor.Gradient.ToArray())];
        })];

        Assert.Equal(gradients[0].Length, gradients[1].Length);
        float largest = gradients[0].Max(Math.Abs);
        Assert.All(gradients[0].Zip(gradients[1]), pair => Assert.Equal(2 * pair.First, pair.Second, 1e-5f * largest));
    }

    [Theory, MemberData(nameof(Layers))]
    public void Gives_an_output_of_its_shape_for_every_example(string layer)
    {
        (Sample sample, Module module) = Make(layer);

        Tensor output = sample.Forward(module, Random([5, .. sample.Input]));

        Assert.Equal([5, .. sample.Output], output.Shape);
    }

    [Theory, MemberData(nameof(Layers))]
    public void Gives_the_same_after_its_weights_were_saved_and_loaded(string layer)
    {
        (Sample sample, Module module) = Make(layer);
        Module loaded = sample.Make(new Random(99));
        Tensor x = Random([5, .. sample.Input]);
        string file = Path.GetTempFileName();

        Safetensors.Write(file, module.State().ToDictionary());
        loaded.Load(Safetensors.Read(file).Tensors);

        Assert.Equal(sample.Forward(module, x).ToArray(), sample.Forward(loaded, x).ToArray());
        File.Delete(file);
    }

    [Theory, MemberData(nameof(Layers))]
    public void Takes_a_batch_without_examples(string layer)
    {
        (Sample sample, Module module) = Make(layer);
        Tensor x = Tensor.Parameter([], [0, .. sample.Input]);

        Tensor output = sample.Forward(module, x);
        output.Sum().Backward();

        Assert.Equal([0, .. sample.Output], output.Shape);
        Assert.All(module.Parameters(), weight => Assert.DoesNotContain(weight.Value.Gradient.ToArray(), g => g != 0));
    }

    internal static (Sample, Module) Make(string layer, int width = 1)
    {
        Type type = typeof(Module).Assembly.GetType($"{typeof(Dense).Namespace}.{layer}")!;
        Assert.True(Samples.TryGetValue(type, out Func<int, Sample>? make), $"{layer} has no sample here; add one, so that the checks see it.");
        Sample sample = make(width);
        Module module = sample.Make(new Random(3));
        var random = new Random(4);
        foreach ((_, Tensor weight) in module.State())
        {
            for (int i = 0; i < weight.Length; i++)
            {
                weight.Output[i] += 0.5f * (random.NextSingle() - 0.5f);         // zeros and ones hide mistakes
            }
        }

        return (sample, module);
    }

    private static Tensor Random(int[] shape)
    {
        var random = new Random(shape.Sum());
        return Tensor.Parameter([.. Enumerable.Range(0, Tensor.Product(shape)).Select(_ => (2 * random.NextSingle()) - 1)], shape);
    }

    private static int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => i * 3 % 7)];

    /// <summary>As many sequences as rows: the first one is empty, the second has two rows.</summary>
    private static int[] Bags(int rows) => [.. Enumerable.Range(0, rows + 1).Select(bag => bag == 1 ? 0 : bag)];

    /// <summary>Two sequences, the first one empty where there is one row.</summary>
    private static int[] Offsets(int rows) => rows == 0 ? [0] : [0, rows / 2, rows];

    /// <param name="Input">Shape of an example, the batch axis left out.</param>
    /// <param name="Output">Shape of what comes out for it.</param>
    internal sealed record Sample(Func<Random, Module> Make, int[] Input, int[] Output, Func<Module, Tensor, Tensor> Forward)
    {
        public static Sample Of<TLayer>(Func<Random, TLayer> make, int[] input, int[] output, Func<TLayer, Tensor, Tensor> forward)
            where TLayer : Module => new(make, input, output, (layer, x) => forward((TLayer)layer, x));
    }
}
