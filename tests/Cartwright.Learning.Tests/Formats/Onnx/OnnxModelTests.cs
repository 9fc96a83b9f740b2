using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Kernels;

namespace Cartwright.Learning.Tests.Formats.Onnx;

public sealed class OnnxModelTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Initializers_are_weights_with_the_names_they_have_in_the_file()
    {
        WriteTwoLayers();

        var model = OnnxModel.Load(_file);

        Assert.Equal(["first.bias", "first.weight", "second.weight"], model.Parameters().Select(p => p.Key));
        Assert.Equal([[4], [3, 4], [4, 2]], model.Parameters().Select(p => p.Value.Shape));
    }

    [Fact]
    public void It_goes_on_learning_with_any_optimizer()
    {
        WriteTwoLayers();
        var model = OnnxModel.Load(_file);
        var optimizer = new Adam(model, new AdamOptions { LearningRate = 0.05f });
        Tensor x = Tensor.From(Samples.Normal(5, 24), 8, 3), target = Tensor.From(Samples.Normal(6, 16), 8, 2);

        float[] losses = [.. Enumerable.Range(0, 60).Select(step =>
        {
            using TensorScope scope = TensorScope.Begin((ulong)step);
            Tensor difference = model.Forward(x) - target;
            Tensor loss = (difference * difference).Mean();
            loss.Backward();
            optimizer.Step();
            return loss.Item();
        })];

        Assert.True(losses[^1] < losses[0] / 2, $"{losses[0]} became {losses[^1]}");
    }

    [Fact]
    public void It_can_be_cut_at_any_tensor_and_keeps_the_weights_that_are_needed()
    {
        WriteTwoLayers();
        var model = OnnxModel.Load(_file);
        Tensor x = Tensor.From(Samples.Normal(5, 24), 8, 3);

        OnnxModel cut = model.CutAt("hidden");
        Tensor hidden = cut.Forward(x);

        Assert.Equal([8, 4], hidden.Shape);
        Assert.Equal(["first.bias", "first.weight"], cut.Parameters().Select(p => p.Key));
        Assert.Equal(hidden.ToArray(), OnnxModel.Load(_file, "hidden").Forward(x).ToArray());
        Assert.Same(model.Parameters().First().Value, cut.Parameters().First().Value);
    }

    [Fact]
    public void An_unknown_operator_is_named_with_its_node_and_what_stands_before_it_still_runs()
    {
        var writer = new OnnxWriter();
        writer.Input("x", Tensor.Zeros(2), ["2"]);
        writer.Node("Relu", ["x"], ["before"], []);
        writer.Node("Whirl", ["before"], ["y"], []);
        writer.Output("y", Tensor.Zeros(2), null);
        writer.Write(_file);

        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Load(_file));

        Assert.Contains("node '#1' (Whirl)", e.Message);
        Assert.Contains("before", e.Message);
        Assert.Equal([0f, 2f], OnnxModel.Load(_file, "before").Forward(Tensor.From([-1, 2], 2)).ToArray());
    }

    [Fact]
    public void A_shape_that_does_not_suit_is_refused_with_the_node_named()
    {
        WriteTwoLayers();

        ShapeException e = Assert.Throws<ShapeException>(() => OnnxModel.Load(_file).Forward(Tensor.Zeros(8, 5)));

        Assert.Contains("(Gemm)", e.Message);
        Assert.Contains("[8, 5]", e.Message);
    }

    [Fact]
    public void A_pool_of_a_tensor_without_channels_is_refused()
    {
        var writer = new OnnxWriter();
        writer.Input("x", Tensor.Zeros(4), ["4"]);
        writer.Node("GlobalMaxPool", ["x"], ["y"], []);
        writer.Output("y", null, null);
        writer.Write(_file);

        ShapeException e = Assert.Throws<ShapeException>(() => OnnxModel.Load(_file).Forward(Tensor.Zeros(4)));

        Assert.Contains("takes [batch, channels, …]; found [4]", e.Message);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_refused()
    {
        WriteTwoLayers();

        Assert.Contains("'nothing'", Assert.Throws<ModelFormatException>(() => OnnxModel.Load(_file, "nothing")).Message);
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => OnnxModel.Load(_file).Run(new Dictionary<string, OnnxValue>())).Message);
    }

    /// <summary>Numbers as other writers keep them: in their own fields, 16 bits wide, or 64.</summary>
    [Theory]
    [InlineData(1, 4, 0x3FC00000L)]
    [InlineData(10, 5, 0x3E00L)]
    [InlineData(16, 5, 0x3FC0L)]
    [InlineData(11, 10, 0x3FF8000000000000L)]
    public void A_float_of_any_width_is_read_from_its_own_field(int type, int field, long bits)
    {
        byte[] number = field switch { 4 => BitConverter.GetBytes((int)bits), 10 => BitConverter.GetBytes(bits), _ => [] };
        ProtoWriter tensor = new ProtoWriter().Text(8, "c").Number(1, 1L).Number(2, (long)type);
        tensor = field == 5 ? tensor.Number(5, bits) : tensor.Bytes(field, number);
        WriteConstant(tensor);

        Assert.Equal([1.5f], OnnxModel.Load(_file).Forward(Tensor.From([0], 1)).ToArray());
    }

    [Theory]
    [InlineData(2, new byte[] { 200 }, 200)]
    [InlineData(3, new byte[] { 200 }, -56)]
    [InlineData(5, new byte[] { 254, 255 }, -2)]
    [InlineData(6, new byte[] { 254, 255, 255, 255 }, -2)]
    [InlineData(7, new byte[] { 3, 0, 0, 0, 0, 0, 0, 0 }, 3)]
    [InlineData(9, new byte[] { 1 }, 1)]
    public void A_whole_number_of_any_width_is_read(int type, byte[] raw, int expected)
    {
        WriteConstant(new ProtoWriter().Text(8, "c").Number(1, 1L).Number(2, (long)type).Bytes(9, raw));

        Assert.Equal([(float)expected], OnnxModel.Load(_file).Forward(Tensor.From([0], 1)).ToArray());
    }

    /// <summary>x + c, with c converted where it is whole.</summary>
    private void WriteConstant(ProtoWriter constant)
    {
        ProtoWriter Node(string type, string[] inputs, string output)
        {
            var node = new ProtoWriter();
            Array.ForEach(inputs, input => node.Text(1, input));
            return node.Text(2, output).Text(4, type);
        }

        ProtoWriter toFloat = Node("Cast", ["c"], "f").Message(5, new ProtoWriter().Text(1, "to").Number(3, 1L).Number(20, 2L));
        ProtoWriter graph = new ProtoWriter().Message(5, constant).Message(1, toFloat).Message(1, Node("Add", ["x", "f"], "y"))
            .Message(11, new ProtoWriter().Text(1, "x")).Message(12, new ProtoWriter().Text(1, "y"));
        File.WriteAllBytes(_file, new ProtoWriter().Message(7, graph).Message(8, new ProtoWriter().Number(2, 20L)).Written.ToArray());
    }

    private void WriteTwoLayers()
    {
        var writer = new OnnxWriter();
        writer.Input("x", Tensor.Zeros(1, 3), ["batch", "3"]);
        writer.Initializer("first.weight", Tensor.From(Samples.Normal(1, 12), 3, 4));
        writer.Initializer("first.bias", Tensor.From(Samples.Normal(2, 4), 4));
        writer.Initializer("second.weight", Tensor.From(Samples.Normal(3, 8), 4, 2));
        writer.Initializer("scale", Tensor.From([2f]));
        writer.Node("Gemm", ["x", "first.weight", "first.bias"], ["sum"], []);
        writer.Node("Tanh", ["sum"], ["hidden"], []);
        writer.Node("MatMul", ["hidden", "second.weight"], ["product"], []);
        writer.Node("Mul", ["product", "scale"], ["y"], []);
        writer.Output("y", Tensor.Zeros(1, 2), ["batch", "2"]);
        writer.Write(_file);
    }
}
