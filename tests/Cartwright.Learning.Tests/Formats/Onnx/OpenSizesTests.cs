using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

/// <summary>What is written takes other batches and other lengths than the example had, here and in ONNX Runtime.</summary>
public sealed class OpenSizesTests : IDisposable
{
    private static readonly Tensor Ones = Tensor.From([1, 1, 1, 1], 4);

    /// <summary>Layers over sequences of different lengths: what they give for tokens, or ids, and offsets.</summary>
    private static readonly Dictionary<string, Case> Sequences = new()
    {
        ["lstm"] = Case.Of(new Lstm(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, offsets) => layer.Forward(x, offsets).Output),
        ["lstm memory"] = Case.Of(new Lstm(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, offsets) => layer.Forward(x, offsets).Memory!),
        ["gru"] = Case.Of(new Gru(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, offsets) => layer.Forward(x, offsets).Output),
        ["gru states"] = Case.Of(new Gru(4, 3, new Random(1)), (layer, x, offsets) => layer.Forward(x, offsets).Hidden),
        ["elman"] = Case.Of(new Elman(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, offsets) => layer.Forward(x, offsets).Output),
        ["attention"] = Case.Of(new MultiHeadAttention(4, 2, 0, new Random(1)), (layer, x, offsets) => layer.Forward(x, offsets, causal: false)),
        ["causal"] = Case.Of(new MultiHeadAttention(4, 2, 0, new Random(1), hasRotaryPositions: true), (layer, x, offsets) => layer.Forward(x, offsets, causal: true)),
        ["block"] = Case.Of(new TransformerBlock(4, 2, 8, 0, new Random(1), hasRotaryPositions: true), (layer, x, offsets) => layer.Forward(x, offsets, causal: true)),
        ["to the first"] = Case.Of(new MultiHeadAttention(4, 2, 0, new Random(1)), (layer, x, offsets) => layer.Forward(Draw(1, 4), [0, 1], x, One(x))),
        ["positions"] = Case.Of(new LearnedPositions(30, 4, new Random(1)), (layer, x, offsets) => layer.Forward(x, offsets)),
        ["pooling"] = Case.Of(new AttentionPooling(4, 3, new Random(1)), (layer, x, offsets) => layer.Forward(x, offsets)),
        ["classifier"] = Case.Of(new Classifier(new Random(1)), (layer, x, offsets) => layer.Forward(x, offsets)),
        ["mean of a bag"] = Case.OfIds(new EmbeddingBag(7, 4, new Random(1), 1), (layer, ids, offsets) => layer.Forward(ids, offsets)),
        ["sum of a bag"] = Case.OfIds(new EmbeddingBag(7, 4, new Random(1), 1, BagMode.Sum), (layer, ids, offsets) => layer.Forward(ids, offsets)),
        ["largest of a bag"] = Case.OfIds(new EmbeddingBag(7, 4, new Random(1), 1, BagMode.Max), (layer, ids, offsets) => layer.Forward(ids, offsets)),
    };

    /// <summary>Layers over [batch, length, 4], or [batch, 4, length], of which both sizes are open.</summary>
    private static readonly Dictionary<string, Case> Filled = new()
    {
        ["lstm"] = Case.Of(new Lstm(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, lengths) => layer.ForwardPadded(x, lengths).Output),
        ["gru"] = Case.Of(new Gru(4, 3, new Random(1), 2, isBidirectional: true), (layer, x, lengths) => layer.ForwardPadded(x, lengths).Output),
        ["gru states"] = Case.Of(new Gru(4, 3, new Random(1), 2), (layer, x, lengths) => layer.ForwardPadded(x, lengths).Hidden),
        ["elman"] = Case.Of(new Elman(4, 3, new Random(1)), (layer, x, lengths) => layer.ForwardPadded(x, lengths).Output),
        ["lstm of one length"] = Case.Of(new Lstm(4, 3, new Random(1)), (layer, x, _) => layer.Forward(x.Reshape(-1, 4), Every(x)).Output.Reshape(x.Shape[0], x.Shape[1], 3)),
        ["block"] = Case.Of(new TransformerBlock(4, 2, 8, 0, new Random(1), hasRotaryPositions: true),
            (layer, x, _) => layer.Forward(x.Reshape(-1, 4), Every(x), causal: true).Reshape(x.Dimensions)),
        ["dense and norm"] = Case.Of(new Dense(4, 3, new Random(1)), (layer, x, _) => layer.Forward(x.LayerNorm(Ones, Ones, 1e-5f)).Relu()),
        ["pooling"] = Case.Of(new AttentionPooling(4, 3, new Random(1)), (layer, x, _) => layer.Forward(x.Reshape(-1, 4), Every(x))),
        ["convolution"] = Case.Of(new Conv1d(4, 6, 3, new Random(1), new ConvOptions { Padding = 1, Stride = 2 }), (layer, x, _) => layer.Forward(x.Transpose(0, 2, 1))),
        ["pools"] = Case.Of(new AdaptiveMaxPool1d(1), (layer, x, _) => layer.Forward(x.Transpose(0, 2, 1).MaxPool1d(2, 1))),
    };

    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> SequenceCases => [.. Sequences.Keys];

    public static TheoryData<string> FilledCases => [.. Filled.Keys];

    public void Dispose() => File.Delete(_file);

    [Theory, MemberData(nameof(SequenceCases))]
    public void Sequences_of_other_lengths_give_the_same_numbers(string name)
    {
        Case made = Sequences[name];
        OnnxExport.Write(_file, made.Layer, made.Example([0, 2, 5]), given => new Dictionary<string, Tensor> { ["output"] = made.Forward(given, given.Offsets["offsets"]) });

        foreach (int[] offsets in (int[][])[[0, 3, 4, 11], [0, 1], [0, 2, 2, 5, 6, 6]])
        {
            OnnxExample given = made.Example(offsets);
            AssertRuns(given, made.Forward(given, offsets));
        }
    }

    [Theory, MemberData(nameof(FilledCases))]
    public void Filled_sequences_of_other_lengths_and_counts_give_the_same_numbers(string name)
    {
        Case made = Filled[name];
        OnnxExport.Write(_file, made.Layer, Example(2, 3, [3, 2]), given => new Dictionary<string, Tensor> { ["output"] = made.Forward(given, given.Ids["lengths"]) });

        foreach ((int batch, int length, int[] lengths) in new[] { (3, 5, (int[])[5, 1, 2]), (1, 2, [2]), (4, 2, [1, 2, 1, 1]) })
        {
            OnnxExample given = Example(batch, length, lengths);
            AssertRuns(given, made.Forward(given, lengths));
        }

        static OnnxExample Example(int batch, int length, int[] lengths) => new()
        {
            Tensors = new Dictionary<string, Tensor> { ["x"] = Draw(batch, length, 4) },
            Ids = new Dictionary<string, int[]> { ["lengths"] = lengths },
            Axes = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["batch", "length"] },
        };
    }

    [Fact]
    public void Attention_to_sequences_of_other_lengths_gives_the_same_numbers()
    {
        var layer = new MultiHeadAttention(4, 2, 0, new Random(1), hasRotaryPositions: true);
        OnnxExport.Write(_file, layer, Example([0, 1, 3], [0, 4, 5]), Forward);

        OnnxExample given = Example([0, 2, 2, 6], [0, 1, 1, 4]);
        AssertRuns(given, Forward(given)["output"]);

        Dictionary<string, Tensor> Forward(OnnxExample given) => new()
        {
            ["output"] = layer.Forward(given.Tensors["x"], given.Offsets["offsets"], given.Tensors["context"], given.Offsets["context offsets"]),
        };

        static OnnxExample Example(int[] offsets, int[] contextOffsets) => new()
        {
            Tensors = new Dictionary<string, Tensor> { ["x"] = Draw(offsets[^1], 4), ["context"] = Draw(contextOffsets[^1], 4) },
            Offsets = new Dictionary<string, int[]> { ["offsets"] = offsets, ["context offsets"] = contextOffsets },
            Axes = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["tokens"], ["offsets"] = ["tokens"], ["context"] = ["seen"], ["context offsets"] = ["seen"] },
        };
    }

    [Fact]
    public void One_query_of_each_sequence_to_sequences_of_other_lengths_gives_the_same_numbers()
    {
        var made = Case.Of(new MultiHeadAttention(4, 2, 0, new Random(1)),
            (layer, x, offsets) => layer.Forward(x.WeightedMeans(x.Sum([1]), offsets), [.. Enumerable.Range(0, offsets.Length)], x, offsets));
        OnnxExport.Write(_file, made.Layer, made.Example([0, 2, 5]), given => new Dictionary<string, Tensor> { ["output"] = made.Forward(given, given.Offsets["offsets"]) });

        OnnxExample given = made.Example([0, 1, 5, 7]);
        AssertRuns(given, made.Forward(given, given.Offsets["offsets"]));
    }

    [Fact]
    public void Lengths_that_the_model_works_out_for_itself_are_refused()
    {
        Case made = Sequences["attention"];

        NotSupportedException e = Assert.Throws<NotSupportedException>(() => OnnxExport.Write(_file, made.Layer, made.Example([0, 2, 4]),
            given => new Dictionary<string, Tensor> { ["output"] = made.Forward(given, [.. given.Offsets["offsets"]]) }));

        Assert.Contains("hand those on as they come", e.Message);
    }

    [Fact]
    public void A_size_that_no_product_of_open_sizes_gives_is_refused() => Assert.Throws<NotSupportedException>(() => OnnxExport.Write(
        _file, new Dropout(0), Sequences["attention"].Example([0, 2, 4]), given => new Dictionary<string, Tensor> { ["output"] = given.Tensors["x"].Slice(0, 0, given.Tensors["x"].Shape[0] - 1) }));

    [Fact]
    public void Axes_of_what_is_not_given_are_refused() => Assert.Throws<ArgumentException>(() => OnnxExport.Write(
        _file, new Dropout(0), Sequences["attention"].Example([0, 2]) with { Axes = new Dictionary<string, IReadOnlyList<string>> { ["y"] = ["batch"] } },
        given => given.Tensors));

    /// <summary>Half of a length shows no rounding at 3 or 4 places and at twice as many.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_size_that_is_rounded_is_refused(int length)
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => WriteOfLength(length, x => x.Slice(1, 0, (x.Shape[1] + 1) / 2, 1).Sum([1])));
        Assert.Contains("rounded", e.Message);
        Assert.Throws<NotSupportedException>(() => WriteOfLength(length, x => x.Slice(1, 0, x.Shape[1] / 2, 1).Sum([1])));
    }

    [Fact]
    public void A_convolution_that_rounds_the_length_may_be_reshaped()
    {
        var layer = new Conv1d(4, 6, 3, new Random(1), new ConvOptions { Padding = 1, Stride = 2 });
        WriteOfLength(4, Forward);

        foreach (int length in (int[])[7, 8, 9])
        {
            OnnxExample given = OfLength(length);
            AssertRuns(given, Forward(given.Tensors["x"]));
        }

        Tensor Forward(Tensor x)
        {
            Tensor y = layer.Forward(x.Transpose(0, 2, 1));
            return y.Reshape(y.Shape[0], 2, 3 * y.Shape[2]);
        }
    }

    /// <summary>The runs go to lengths that the model takes.</summary>
    [Fact]
    public void A_model_that_takes_pairs_is_written()
    {
        WriteOfLength(4, Forward);

        OnnxExample given = OfLength(6);
        AssertRuns(given, Forward(given.Tensors["x"]));

        static Tensor Forward(Tensor x) => x.Reshape(x.Shape[0], x.Shape[1] / 2, 8).Sum([2]);
    }

    [Fact]
    public void A_model_that_takes_no_longer_example_is_refused_with_the_axis_named()
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => WriteOfLength(3, x => x.Reshape(x.Shape[0], 12).Tanh()));

        Assert.Contains("longer along 'length'", e.Message);
        Assert.Contains("Call the axis \"\"", e.Message);
        Assert.IsType<ShapeException>(e.InnerException);
    }

    [Fact]
    public void No_outputs_and_too_many_names_of_axes_are_refused()
    {
        OnnxExample example = OfLength(3);
        Assert.Contains("Nothing comes out", Assert.Throws<ArgumentException>(() => OnnxExport.Write(_file, new Dropout(0), example, _ => new Dictionary<string, Tensor>())).Message);

        var axes = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["a", "b", "c", "d"] };
        Assert.Contains("it has 3", Assert.Throws<ArgumentException>(() => OnnxExport.Write(_file, new Dropout(0), example with { Axes = axes }, given => given.Tensors)).Message);

        Dictionary<string, Tensor> many = Enumerable.Range(0, 13).ToDictionary(i => $"x{i}", _ => Tensor.Zeros(1));
        axes = many.Keys.ToDictionary(name => name, name => (IReadOnlyList<string>)[name]);
        Assert.Contains("12 are the most", Assert.Throws<ArgumentException>(
            () => OnnxExport.Write(_file, new Dropout(0), new OnnxExample { Tensors = many, Axes = axes }, given => given.Tensors)).Message);
    }

    private static OnnxExample OfLength(int length) => new()
    {
        Tensors = new Dictionary<string, Tensor> { ["x"] = Draw(2, length, 4) },
        Axes = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["batch", "length"] },
    };

    private void WriteOfLength(int length, Func<Tensor, Tensor> forward) => OnnxExport.Write(
        _file, new Dropout(0), OfLength(length), given => new Dictionary<string, Tensor> { ["output"] = forward(given.Tensors["x"]) });

    private void AssertRuns(OnnxExample given, Tensor expected)
    {
        Dictionary<string, OnnxValue> inputs = given.Tensors.ToDictionary(pair => pair.Key, pair => OnnxValue.From(pair.Value));
        foreach ((string name, int[] integers) in given.Ids.Concat(given.Offsets))
        {
            inputs[name] = OnnxValue.Places(integers, [integers.Length]);
        }

        var model = OnnxModel.Load(_file);
        OnnxOperatorTests.AssertSame("ours", expected, model.Run(inputs.Where(input => model.Inputs.Contains(input.Key)).ToDictionary())["output"]);
        if (OnnxRuntime.IsThere)
        {
            OnnxOperatorTests.AssertSame("theirs", expected, OnnxRuntime.Run(_file, inputs)["output"]);
        }
    }

    private static Tensor Draw(params int[] shape) => Tensor.From(Kernels.Samples.Normal(shape.Sum(), Tensor.Product(shape)), shape);

    private static int[] One(Tensor x) => [0, x.Shape[0]];

    private static int[] Every(Tensor x) => [.. Enumerable.Range(0, x.Shape[0] + 1).Select(s => s * x.Shape[1])];

    /// <summary>Two layers and a head, as a reader would write them.</summary>
    private sealed class Classifier(Random random) : Module
    {
        private readonly Gru _gru = new(4, 4, random);
        private readonly TransformerBlock _block = new(4, 2, 8, 0, random);
        private readonly AttentionPooling _pooling = new(4, 3, random);
        private readonly Dense _output = new(4, 2, random);

        protected internal override IEnumerable<Part> Parts => [new("gru", _gru), new("block", _block), new("pooling", _pooling), new("output", _output)];

        public Tensor Forward(Tensor x, int[] offsets) =>
            _output.Forward(_pooling.Forward(_block.Forward(_gru.Forward(x, offsets).Output, offsets, causal: false), offsets)).Softmax();
    }

    /// <param name="Forward">What comes out for an example and offsets or lengths.</param>
    private sealed record Case(Module Layer, bool IsOfIds, Func<OnnxExample, int[], Tensor> Forward)
    {
        public static Case Of<TLayer>(TLayer layer, Func<TLayer, Tensor, int[], Tensor> forward)
            where TLayer : Module => new(layer, false, (given, offsets) => forward(layer, given.Tensors["x"], offsets));

        public static Case OfIds<TLayer>(TLayer layer, Func<TLayer, int[], int[], Tensor> forward)
            where TLayer : Module => new(layer, true, (given, offsets) => forward(layer, given.Ids["ids"], offsets));

        public OnnxExample Example(int[] offsets)
        {
            var example = new OnnxExample { Offsets = new Dictionary<string, int[]> { ["offsets"] = offsets } };
            return IsOfIds
                ? example with { Ids = new Dictionary<string, int[]> { ["ids"] = [.. Enumerable.Range(0, offsets[^1]).Select(i => i * 3 % 7)] } }
                : example with { Tensors = new Dictionary<string, Tensor> { ["x"] = Draw(offsets[^1], 4) } };
        }
    }
}
