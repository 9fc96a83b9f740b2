using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

/// <summary>Models made by others, and the code of docs/bring-a-pretrained-model.md.</summary>
public sealed class PretrainedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-pretrained-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [OnnxRuntimeTheory]
    [InlineData("silero_vad_v5.onnx")]
    [InlineData("ch_ppocr_mobile_v2.0_cls_infer.onnx", 3, 48, 96)]
    [InlineData("ch_PP-OCRv4_rec_infer.onnx", 3, 48, 80)]
    public void A_model_made_by_others_gives_the_numbers_of_ONNX_Runtime(string name, params int[] picture)
    {
        string file = Path.Combine(OnnxRuntime.Folder, name);
        using TensorScope scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        var model = OnnxModel.Load(file);
        Dictionary<string, OnnxValue> inputs = picture.Length == 0
            ? new()
            {
                ["input"] = Draw(1, 576),
                ["state"] = Draw(2, 1, 128),
                ["sr"] = OnnxValue.From([16_000]),
            }
            : new() { [model.Inputs[0]] = Draw([1, .. picture]) };

        IReadOnlyDictionary<string, OnnxValue> ours = model.Run(inputs);

        Assert.All(OnnxRuntime.Run(file, inputs), theirs => OnnxOperatorTests.AssertSame(theirs.Key, theirs.Value, ours[theirs.Key], 1e-4f));
    }

    [OnnxRuntimeFact]
    public void A_model_made_by_others_goes_on_learning()
    {
        var model = OnnxModel.Load(Path.Combine(OnnxRuntime.Folder, "ch_ppocr_mobile_v2.0_cls_infer.onnx"));
        var optimizer = new Sgd(model, new SgdOptions { LearningRate = 0.01f });
        Tensor pictures = Draw(2, 3, 48, 64);

        float[] losses = [.. Enumerable.Range(0, 4).Select(step =>
        {
            using TensorScope scope = TensorScope.Begin((ulong)step);
            Tensor loss = -model.Forward(pictures).Log().Select(1, 1).Mean();
            loss.Backward();
            optimizer.Step();
            return loss.Item();
        })];

        Assert.True(losses[^1] < losses[0], string.Join(", ", losses));
    }

    [Fact]
    public void The_guide_cuts_a_network_and_teaches_it_something_new()
    {
        string path = Path.Combine(_folder, "network.onnx");
        WriteNetwork(path);
        Tensor examples = Draw(16, 6), wanted = Draw(16, 2);

        var network = OnnxModel.Load(path);
        Tensor answer = network.Forward(examples);               // [batch, 3], as the file says

        string[] places = [.. network.Tensors.Where(tensor => tensor.Operator == "Relu").Select(tensor => tensor.Name)];

        OnnxModel body = network.CutAt("features");              // or OnnxModel.Load(path, "features")
        var model = new FineTuned(body, featureCount: 8, answerCount: 2, new Random(1));
        var optimizer = new Adam(model, new AdamOptions { LearningRate = 0.02f });
        float first = 0, last = 0;
        for (int step = 0; step < 50; step++)
        {
            using TensorScope scope = TensorScope.Begin((ulong)step);
            Tensor difference = model.Forward(examples) - wanted;
            Tensor loss = (difference * difference).Mean();
            loss.Backward();
            optimizer.Step();
            (first, last) = (step == 0 ? loss.Item() : first, loss.Item());
        }

        string mine = Path.Combine(_folder, "mine.onnx");
        OnnxExport.Write(mine, model, examples, model.Forward);

        Assert.Equal([16, 3], answer.Shape);
        Assert.Equal(["features"], places);
        Assert.Equal([new("sum", "Gemm"), new("features", "Relu"), new OnnxTensorName("y", "Gemm")], OnnxModel.TensorsOf(path));
        Assert.Equal(["sum", "features"], body.Tensors.Select(tensor => tensor.Name));
        Assert.True(last < first / 2, $"{first} became {last}");
        OnnxOperatorTests.AssertSame("written", model.Forward(examples), OnnxModel.Load(mine).Forward(examples));
    }

    [Fact]
    public void The_guide_takes_weights_out_of_a_file_and_keeps_them_in_half_the_room()
    {
        string path = Path.Combine(_folder, "encoder.safetensors"), small = Path.Combine(_folder, "small.safetensors");
        var trained = new Dense(6, 4, new Random(5));
        Safetensors.Write(path, trained.Parameters().ToDictionary(p => "encoder.projection." + p.Key, p => p.Value));

        SafetensorsContent content = Safetensors.Read(path);
        var projection = new Dense(inputSize: 6, outputSize: 4, new Random(1));
        projection.Load(content.Under("encoder.projection."));

        Safetensors.Write(small, projection.Parameters().ToDictionary(), type: SafetensorsType.BF16);

        Assert.Equal(trained.Weight.ToArray(), projection.Weight.ToArray());
        Assert.True(new FileInfo(small).Length < new FileInfo(path).Length);
    }

    [Fact]
    public void The_guide_writes_a_model_that_reads_ids()
    {
        string path = Path.Combine(_folder, "ids.onnx");
        var table = new Embedding(count: 10, size: 4, new Random(1));
        var example = new OnnxExample { Ids = new Dictionary<string, int[]> { ["ids"] = [3, 1, 2] } };

        OnnxExport.Write(path, table, example,
            given => new Dictionary<string, Tensor> { ["vectors"] = table.Forward(given.Ids["ids"]) });

        OnnxValue vectors = OnnxModel.Load(path).Run(new Dictionary<string, OnnxValue> { ["ids"] = OnnxValue.From([7, 7], 2) })["vectors"];
        Assert.Equal(table.Forward([7, 7]).ToArray(), vectors.Tensor.ToArray());
    }

    [Fact]
    public void The_guide_writes_a_model_of_sequences_of_any_length()
    {
        string path = Path.Combine(_folder, "sequences.onnx");
        var block = new TransformerBlock(hiddenSize: 4, headCount: 2, innerSize: 8, dropout: 0, new Random(1));
        var reader = new Gru(inputSize: 4, hiddenSize: 3, new Random(1));

        var sequences = new OnnxExample
        {
            Tensors = new Dictionary<string, Tensor> { ["tokens"] = Draw(5, 4) },
            Offsets = new Dictionary<string, int[]> { ["offsets"] = [0, 2, 5] },
        };
        OnnxExport.Write(path, block, sequences,
            given => new Dictionary<string, Tensor> { ["states"] = block.Forward(given.Tensors["tokens"], given.Offsets["offsets"], causal: true) });

        OnnxValue states = OnnxModel.Load(path).Run(new Dictionary<string, OnnxValue> { ["tokens"] = Draw(9, 4), ["offsets"] = OnnxValue.From([0, 4, 5, 9], 4) })["states"];
        OnnxOperatorTests.AssertSame("sequences", block.Forward(Draw(9, 4), [0, 4, 5, 9], causal: true), states);

        var filled = new OnnxExample
        {
            Tensors = new Dictionary<string, Tensor> { ["x"] = Draw(2, 3, 4) },
            Ids = new Dictionary<string, int[]> { ["lengths"] = [3, 2] },
            Axes = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["batch", "length"] },
        };
        OnnxExport.Write(path, reader, filled,
            given => new Dictionary<string, Tensor> { ["states"] = reader.ForwardPadded(given.Tensors["x"], given.Ids["lengths"]).Output });

        states = OnnxModel.Load(path).Run(new Dictionary<string, OnnxValue> { ["x"] = Draw(1, 6, 4), ["lengths"] = OnnxValue.From([5], 1) })["states"];
        OnnxOperatorTests.AssertSame("filled", reader.ForwardPadded(Draw(1, 6, 4), [5]).Output, states);
    }

    private static void WriteNetwork(string path)
    {
        Dense first = new(6, 8, new Random(1)), second = new(8, 3, new Random(2));
        var writer = new OnnxWriter();
        writer.Input("x", Tensor.Zeros(1, 6), ["batch", "6"]);
        writer.Initializer("first.weight", first.Weight);
        writer.Initializer("second.weight", second.Weight);
        writer.Node("Gemm", ["x", "first.weight"], ["sum"], [new("transB", 1L)]);
        writer.Node("Relu", ["sum"], ["features"], []);
        writer.Node("Gemm", ["features", "second.weight"], ["y"], [new("transB", 1L)]);
        writer.Output("y", Tensor.Zeros(1, 3), ["batch", "3"]);
        writer.Write(path);
    }

    private static Tensor Draw(params int[] shape) => Tensor.From(Kernels.Samples.Normal(shape.Sum(), Tensor.Product(shape), 0.5f), shape);

    /// <summary>A network from elsewhere with a last layer of our own. Both learn.</summary>
    private sealed class FineTuned(OnnxModel body, int featureCount, int answerCount, Random random) : Module
    {
        private readonly Dense _head = new(featureCount, answerCount, random);

        protected internal override IEnumerable<Part> Parts => [new("body", body), new("head", _head)];

        public Tensor Forward(Tensor x) => _head.Forward(body.Forward(x));
    }
}
