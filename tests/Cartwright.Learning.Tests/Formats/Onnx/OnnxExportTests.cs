using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

/// <summary>What is written runs in ONNX Runtime, and in our own import, with the numbers of the model; on more rows than the example, too.</summary>
public sealed class OnnxExportTests : IDisposable
{
    /// <summary>Layers that take more than a tensor, or rows of another kind, and what is exported of them.</summary>
    private static readonly Dictionary<Type, Sample> Samples = new()
    {
        [typeof(Dense)] = Sample.Of(random => new Dense(6, 4, random), [6], (layer, x) => layer.Forward(x)),
        [typeof(CrossNetwork)] = Sample.Of(random => new CrossNetwork(6, 2, random), [6], (layer, x) => layer.Forward(x)),
        [typeof(DeepCross)] = Sample.Of(random => new DeepCross(new DeepCrossOptions { InputSize = 6, HiddenSizes = [5] }, random), [6], (layer, x) => layer.Forward(x)),
        [typeof(Dropout)] = Sample.Of(_ => new Dropout(0.4f), [6], (layer, x) => layer.Forward(x)),
        [typeof(LayerNorm)] = Sample.Of(_ => new LayerNorm(6), [6], (layer, x) => layer.Forward(x)),
        [typeof(RmsNorm)] = Sample.Of(_ => new RmsNorm(6), [6], (layer, x) => layer.Forward(x)),
        [typeof(BatchNorm)] = Sample.Of(_ => new BatchNorm(3), [3, 4], (layer, x) => layer.Forward(x)),
        [typeof(SpectralNorm)] = Sample.Of(random => new SpectralNorm(2, 6, random), [6],
            (layer, x) => x.MatMul(layer.Forward(Tensor.From([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], 2, 6)), transposeY: true)),
        [typeof(Conv1d)] = Sample.Of(random => new Conv1d(4, 6, 3, random, new ConvOptions { Padding = 1, Stride = 2, Groups = 2 }), [4, 7],
            (layer, x) => layer.Forward(x, thenRelu: true)),
        [typeof(Conv2d)] = Sample.Of(random => new Conv2d(2, 3, new Extent(3, 2), random, new ConvOptions { Padding = 1, Dilation = new Extent(2, 1) }), [2, 6, 5],
            (layer, x) => layer.Forward(x)),
        [typeof(ConvTranspose1d)] = Sample.Of(random => new ConvTranspose1d(2, 3, 4, random, new ConvOptions { Padding = 1, Stride = 2 }), [2, 3], (layer, x) => layer.Forward(x)),
        [typeof(ConvTranspose2d)] = Sample.Of(random => new ConvTranspose2d(2, 3, 3, random, new ConvOptions { Padding = 1, Stride = 2, OutputPadding = 1 }), [2, 2, 3],
            (layer, x) => layer.Forward(x)),
        [typeof(MaxPool1d)] = Sample.Of(_ => new MaxPool1d(3, 2, 1), [2, 6], (layer, x) => layer.Forward(x)),
        [typeof(MaxPool2d)] = Sample.Of(_ => new MaxPool2d(2), [2, 4, 5], (layer, x) => layer.Forward(x)),
        [typeof(AveragePool1d)] = Sample.Of(_ => new AveragePool1d(3, 1, 1), [2, 6], (layer, x) => layer.Forward(x)),
        [typeof(AveragePool2d)] = Sample.Of(_ => new AveragePool2d(new Extent(2, 3), 1), [2, 4, 5], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveMaxPool1d)] = Sample.Of(_ => new AdaptiveMaxPool1d(2), [2, 6], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveMaxPool2d)] = Sample.Of(_ => new AdaptiveMaxPool2d(2), [2, 6, 4], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveAveragePool1d)] = Sample.Of(_ => new AdaptiveAveragePool1d(3), [2, 7], (layer, x) => layer.Forward(x)),
        [typeof(AdaptiveAveragePool2d)] = Sample.Of(_ => new AdaptiveAveragePool2d(1), [2, 3, 4], (layer, x) => layer.Forward(x)),
        [typeof(ResidualBlock)] = Sample.Of(random => new ResidualBlock(2, 3, random, stride: 2), [2, 5, 5], (layer, x) => layer.Forward(x)),
        [typeof(InvertedResidual)] = Sample.Of(random => new InvertedResidual(2, 2, random, expansion: 3), [2, 4, 4], (layer, x) => layer.Forward(x)),
        [typeof(SqueezeExcitation)] = Sample.Of(random => new SqueezeExcitation(4, 2, random), [4, 3, 3], (layer, x) => layer.Forward(x)),
        [typeof(Embedding)] = Sample.OfIds(random => new Embedding(7, 4, random), (layer, ids) => layer.Forward(ids)),
        [typeof(EmbeddingBag)] = Sample.OfIds(random => new EmbeddingBag(7, 4, random), (layer, ids) => layer.Forward(ids, Every(2, ids.Length))),
        [typeof(Elman)] = Sample.Of(random => new Elman(4, 3, random, 2, isBidirectional: true), [4], (layer, x) => layer.Forward(x, Every(2, x.Rows)).Output),
        [typeof(Lstm)] = Sample.Of(random => new Lstm(4, 3, random, 2, isBidirectional: true), [4], (layer, x) => layer.Forward(x, Every(2, x.Rows)).Output),
        [typeof(Gru)] = Sample.Of(random => new Gru(4, 3, random, 2), [4], (layer, x) => layer.Forward(x, One(x.Rows)).Hidden),
        [typeof(LearnedPositions)] = Sample.Of(random => new LearnedPositions(30, 4, random), [4], (layer, x) => layer.Forward(x, One(x.Rows))),
        [typeof(AttentionPooling)] = Sample.Of(random => new AttentionPooling(4, 3, random), [4], (layer, x) => layer.Forward(x, Every(3, x.Rows))),
        [typeof(MultiHeadAttention)] = Sample.Of(random => new MultiHeadAttention(8, 2, 0.2f, random, hasRotaryPositions: true), [8],
            (layer, x) => layer.Forward(x, Every(3, x.Rows), causal: false)),
        [typeof(TransformerBlock)] = Sample.Of(random => new TransformerBlock(6, 2, 8, 0.2f, random), [6], (layer, x) => layer.Forward(x, One(x.Rows), causal: true)),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operations = new()
    {
        ["softplus"] = x => x.Softplus(),
        ["activations"] = x => x.LeakyRelu(0.2f) + x.Elu(0.7f) - x.Swish() * x.HardSigmoid() + x.HardSwish(),
        ["softmax"] = x => x.Softmax(),
        ["log softmax"] = x => x.LogSoftmax(),
        ["broadcast"] = x => (x * Tensor.From([1, 2, 3], 3, 1)) - (x / Tensor.From([4, 5, 6, 7], 4)) + x.Maximum(Tensor.From([0.2f])).Minimum(Tensor.From([0.4f])),
        ["powers"] = x => (x.Abs() + Tensor.From([1f])).Pow(Tensor.From([1.5f])).Log().Sqrt() + x.Exp().Erf() - x.Sin() * x.Cos(),
        ["clip"] = x => (-x).Clip(-0.5f, 0.25f),
        ["reductions"] = x => x.Sum([1]) + x.Max([1]) + x.Min([1]) + x.Prod([1]) + x.L2Norm([1]) + x.Mean([1], keepsAxes: true).Squeeze(1),
        ["arrangement"] = x => Arrangement.Concat(2, x.Transpose(0, 2, 1), x.Transpose(0, 2, 1).Slice(2, -1, int.MinValue, -2)),
        ["rows"] = x => x.ConcatRows(x * 2),
        ["cross-attention"] = x => CrossAttention.Attend(
            x.Mean([1]), x.Reshape(-1, 4), x.Reshape(-1, 4), Every(1, x.Shape[0]), Every(3, x.Rows), 2, 0),
        ["split"] = x => x.Split(2, 1, 3) is [var first, var second] ? second * first : x,
        ["padding"] = x => x.Pad(2, 1, 2, value: 3).Pad(1, 1, 1, PaddingKind.Reflect).Pad(2, 0, 2, PaddingKind.Edge),
        ["where"] = x => Selection.Where(x.Relu(), x, Tensor.From([9f])),
        ["expand"] = x => x.Sum([1], keepsAxes: true).Expand(x.Shape[0], 5, 4),
        ["gather"] = x => x.Gather(1, [2, 0, 1, 1], 2, 2) + x.Select(1, 0).Reshape(-1, 1, 1, 4),
        ["top k"] = x => x.TopK(2).Values,
        ["running sum"] = x => x.CumulativeSum(1),
        ["matrix product"] = x => x.MatMul(x, transposeY: true).MatMul(x),
        ["largest of uneven windows"] = x => x.Unsqueeze(0).Transpose(1, 0, 2, 3).AdaptiveMaxPool2d(new Extent(2, 3)),
        ["mean of uneven windows"] = x => x.Unsqueeze(0).Transpose(1, 0, 2, 3).AdaptiveAveragePool2d(new Extent(2, 3)),
        ["resize"] = x => x.ResizeLinear(5, 7).ResizeNearest(3, 2),
    };

    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Layers => [.. typeof(Module).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Dense).Namespace && type.IsSubclassOf(typeof(Module)) && !type.IsAbstract).Select(type => type.Name)];

    public static TheoryData<string> OperationNames => [.. Operations.Keys];

    public void Dispose() => File.Delete(_file);

    [Theory, MemberData(nameof(Layers))]
    public void Every_layer_is_written_and_gives_the_same_numbers(string layer)
    {
        Sample? sample = Samples.GetValueOrDefault(typeof(Module).Assembly.GetType($"{typeof(Dense).Namespace}.{layer}")!);
        Assert.True(sample is not null, $"{layer} has no sample here; add one, so that its export is tried.");
        Module module = sample.Make(new Random(3));
        Disturb(module);

        OnnxExport.Write(_file, module, sample.Example(6), given => new Dictionary<string, Tensor> { ["output"] = sample.Forward(module, given) });

        foreach (int rows in (int[])[6, 12])
        {
            OnnxExample given = sample.Example(rows);
            AssertRuns(given, sample.Forward(module, given));
        }
    }

    [Theory, MemberData(nameof(OperationNames))]
    public void An_operation_is_written_and_gives_the_same_numbers(string name)
    {
        OnnxExport.Write(_file, new Nothing(), Draw(2, 3, 4), Operations[name]);

        Tensor x = Draw(5, 3, 4);
        AssertRuns(new OnnxExample { Tensors = new Dictionary<string, Tensor> { ["input"] = x } }, Operations[name](x));
    }

    [Fact]
    public void Weights_keep_their_names()
    {
        var dense = new Dense(6, 4, new Random(1));
        OnnxExport.Write(_file, dense, Draw(2, 6), dense.Forward);

        Assert.Equal(["bias", "weight"], OnnxModel.Load(_file).Parameters().Select(p => p.Key));
    }

    [Fact]
    public void What_no_operation_computes_from_the_input_is_refused()
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() =>
            OnnxExport.Write(_file, new Nothing(), Draw(2, 3), x => x * Tensor.From([x.Values[0]])));

        Assert.Contains("Mul", e.Message);
    }

    [Fact]
    public void Sequences_of_different_lengths_are_refused()
    {
        var block = new TransformerBlock(6, 2, 8, 0, new Random(1));

        Assert.Throws<NotSupportedException>(() => OnnxExport.Write(_file, block, Draw(4, 6), x => block.Forward(x, [0, 1, x.Rows], causal: true)));
    }

    [Fact]
    public void A_model_that_trains_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => OnnxExport.Write(_file, new Nothing { IsTraining = true }, Draw(2), x => x));

    private void AssertRuns(OnnxExample given, Tensor expected)
    {
        Dictionary<string, OnnxValue> inputs = given.Tensors.ToDictionary(pair => pair.Key, pair => OnnxValue.From(pair.Value));
        foreach ((string name, int[] ids) in given.Ids)
        {
            inputs[name] = OnnxValue.Places(ids, [ids.Length]);
        }

        OnnxOperatorTests.AssertSame("ours", expected, OnnxModel.Load(_file).Run(inputs)["output"]);
        if (OnnxRuntime.IsThere)
        {
            OnnxOperatorTests.AssertSame("theirs", expected, OnnxRuntime.Run(_file, inputs)["output"]);
        }
    }

    private static void Disturb(Module module)
    {
        var random = new Random(4);
        foreach ((_, Tensor weight) in module.Parameters())
        {
            for (int i = 0; i < weight.Length; i++)
            {
                weight.Output[i] += 0.5f * (random.NextSingle() - 0.5f);
            }
        }
    }

    private static Tensor Draw(params int[] shape) => Tensor.From(Kernels.Samples.Normal(shape.Sum(), Tensor.Product(shape)), shape);

    private static int[] One(int rows) => [0, rows];

    /// <summary>Sequences of one length.</summary>
    private static int[] Every(int length, int rows) => [.. Enumerable.Range(0, (rows / length) + 1).Select(s => s * length)];

    private sealed class Nothing : Module
    {
        protected internal override IEnumerable<Part> Parts => [];
    }

    /// <param name="Shape">Of an input, the first axis left out; empty for ids.</param>
    private sealed record Sample(Func<Random, Module> Make, int[] Shape, Func<Module, OnnxExample, Tensor> Forward)
    {
        public static Sample Of<TLayer>(Func<Random, TLayer> make, int[] shape, Func<TLayer, Tensor, Tensor> forward)
            where TLayer : Module => new(make, shape, (layer, given) => forward((TLayer)layer, given.Tensors["x"]));

        public static Sample OfIds<TLayer>(Func<Random, TLayer> make, Func<TLayer, int[], Tensor> forward)
            where TLayer : Module => new(make, [], (layer, given) => forward((TLayer)layer, given.Ids["ids"]));

        public OnnxExample Example(int rows) => Shape.Length > 0
            ? new OnnxExample { Tensors = new Dictionary<string, Tensor> { ["x"] = Draw([rows, .. Shape]) } }
            : new OnnxExample { Ids = new Dictionary<string, int[]> { ["ids"] = [.. Enumerable.Range(0, rows).Select(i => i * 3 % 7)] } };
    }
}
