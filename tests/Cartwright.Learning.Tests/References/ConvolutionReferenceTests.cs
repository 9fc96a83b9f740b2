using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Our pictures beside PyTorch's, which convolution.py wrote.</summary>
public sealed class ConvolutionReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, Tensor>> Operations = new()
    {
        ["conv2d"] = r => Conv(r, new ConvOptions()),
        ["conv2d_padded"] = r => Conv(r, new ConvOptions { Padding = 1 }),
        ["conv2d_strided"] = r => Conv(r, new ConvOptions { Stride = new Extent(2, 3), Padding = new Margins(1, 1, 0, 0) }),
        ["conv2d_dilated"] = r => Conv(r, new ConvOptions { Dilation = 2, Padding = 1, Stride = new Extent(1, 2) }),
        ["conv2d_grouped"] = r => Conv(r, new ConvOptions { Groups = 2, Padding = 1, Stride = 2 }),
        ["conv2d_depthwise"] = r => Conv(r, new ConvOptions { Groups = 3, Padding = 1, Stride = 2 }),
        ["conv2d_by_one"] = r => Conv(r, new ConvOptions { Stride = 2 }),
        ["conv2d_relu"] = r => r["x"].Conv2d(r["weight"], r["bias"], new ConvOptions { Padding = 1 }, thenRelu: true),
        ["conv1d"] = r => r["x"].Conv1d(r["weight"], r["bias"], new ConvOptions { Stride = 2, Padding = 2, Dilation = 2 }),
        ["conv_transpose2d"] = r => Transposed(r, new ConvOptions { Stride = 2, Padding = 1 }),
        ["conv_transpose2d_output_padding"] = r =>
            Transposed(r, new ConvOptions { Stride = new Extent(2, 3), Padding = 1, OutputPadding = new Extent(1, 2) }),
        ["conv_transpose2d_grouped"] = r => Transposed(r, new ConvOptions { Groups = 2, Dilation = 2 }),
        ["conv_transpose1d"] = r => r["x"].ConvTranspose1d(r["weight"], r["bias"], new ConvOptions { Stride = 2, Padding = 1 }),
        ["max_pool2d"] = r => r["x"].MaxPool2d(2),
        ["max_pool2d_padded"] = r => r["x"].MaxPool2d(3, 2, 1),
        ["max_pool1d"] = r => r["x"].MaxPool1d(3, 2, 1),
        ["average_pool2d"] = r => r["x"].AveragePool2d(new Extent(2, 3), new Extent(2, 1)),
        ["average_pool2d_padded"] = r => r["x"].AveragePool2d(3, 2, 1),
        ["average_pool1d"] = r => r["x"].AveragePool1d(4),
        ["adaptive_max_pool2d"] = r => r["x"].AdaptiveMaxPool2d(new Extent(3, 4)),
        ["adaptive_average_pool2d"] = r => r["x"].AdaptiveAveragePool2d(new Extent(3, 4)),
        ["global_average_pool2d"] = r => r["x"].AdaptiveAveragePool2d(1),
    };

    private static readonly Dictionary<string, (Module Layer, Func<Module, Tensor, Tensor> Forward)> Layers = new()
    {
        ["batch_norm_pictures"] = Layer(new BatchNorm(3), (layer, x) => layer.Forward(x)),
        ["batch_norm_rows"] = Layer(new BatchNorm(3), (layer, x) => layer.Forward(x)),
        ["batch_norm_answering"] = Layer(new BatchNorm(3), (layer, x) => layer.Forward(x)),
        ["residual_block"] = Layer(new ResidualBlock(4, 4, new Random(1)), (layer, x) => layer.Forward(x)),
        ["residual_block_halving"] = Layer(new ResidualBlock(3, 4, new Random(1), stride: 2), (layer, x) => layer.Forward(x)),
        ["inverted_residual"] = Layer(new InvertedResidual(3, 3, new Random(1), expansion: 2), (layer, x) => layer.Forward(x)),
        ["inverted_residual_halving"] = Layer(new InvertedResidual(3, 3, new Random(1), stride: 2, expansion: 2), (layer, x) => layer.Forward(x)),
        ["squeeze_excitation"] = Layer(new SqueezeExcitation(6, 3, new Random(1)), (layer, x) => layer.Forward(x)),
    };

    public static TheoryData<string> OperationNames => Reference.Names("convolution.json");

    public static TheoryData<string> LayerNames => Reference.Names("convolution_layers.json");

    [Theory, MemberData(nameof(OperationNames))]
    public void An_operation_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("convolution.json", name);

        Tensor output = Operations[name](reference);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(reference.Inputs);
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void A_layer_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("convolution_layers.json", name);
        (Module layer, Func<Module, Tensor, Tensor> forward) = Layers[name];
        var state = layer.State().ToDictionary();
        layer.Load(state.Keys.ToDictionary(key => key, key => reference.Inputs.GetValueOrDefault(key, state[key])));
        layer.IsTraining = !name.EndsWith("answering", StringComparison.Ordinal);

        Tensor output = forward(layer, reference["x"]);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(layer.Parameters().Append(new("x", reference["x"])).ToDictionary());
    }

    private static Tensor Conv(Reference r, ConvOptions options) => r["x"].Conv2d(r["weight"], r["bias"], options);

    private static Tensor Transposed(Reference r, ConvOptions options) => r["x"].ConvTranspose2d(r["weight"], r["bias"], options);

    private static (Module, Func<Module, Tensor, Tensor>) Layer<TLayer>(TLayer layer, Func<TLayer, Tensor, Tensor> forward)
        where TLayer : Module => (layer, (module, x) => forward((TLayer)module, x));
}
