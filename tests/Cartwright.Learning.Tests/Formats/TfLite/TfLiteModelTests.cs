using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Formats.TfLite;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Formats.Onnx;

namespace Cartwright.Learning.Tests.Formats.TfLite;

public sealed class TfLiteModelTests : IDisposable
{
    private const int Add = 0, AveragePool = 1, Concat = 2, Conv = 3, Depthwise = 4, Dequantize = 6, FullyConnected = 9, Logistic = 14,
        MaxPool = 17, Multiply = 18, Relu = 19, Relu6 = 21, Reshape = 22, Softmax = 25, Pad = 34, Mean = 40, Cast = 53, HardSwish = 117;

    private const int Batch = 2, Height = 5, Width = 7, Channels = 3;
    private const byte Same = 0, Valid = 1, NoFunction = 0, CutAtSix = 3;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(1, Same, NoFunction)]
    [InlineData(2, Same, CutAtSix)]
    [InlineData(2, Valid, NoFunction)]
    public void A_convolution_sums_channels_that_lie_last(int stride, byte padding, byte function)
    {
        float[] kernel = Draw(4 * 3 * 3 * Channels), bias = Draw(4);
        var sample = new TfLiteSample();
        int x = Picture(sample), weight = sample.Weight("w", kernel, 4, 3, 3, Channels), shift = sample.Weight("b", bias, 4), y = sample.Tensor("y", 1, 0, 0, 4);
        sample.Add(Conv, [x, weight, shift], y, new() { [0] = padding, [1] = stride, [2] = stride, [3] = function });

        Same4(sample, y, Windows(stride, padding, 4, (at, window) =>
        {
            float sum = bias[at];
            window((dy, dx, c, value) => sum += value * kernel[(((((at * 3) + dy) * 3) + dx) * Channels) + c]);
            return function == CutAtSix ? Math.Clamp(sum, 0, 6) : sum;
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_depthwise_convolution_gives_each_channel_its_own_kernels(int multiplier)
    {
        int outputs = Channels * multiplier;
        float[] kernel = Draw(3 * 3 * outputs);
        var sample = new TfLiteSample();
        int x = Picture(sample), weight = sample.Weight("w", kernel, 1, 3, 3, outputs), y = sample.Tensor("y", 1, 0, 0, outputs);
        sample.Add(Depthwise, [x, weight, -1], y, new() { [0] = Same, [1] = 2, [2] = 2, [3] = multiplier, [4] = NoFunction });

        Same4(sample, y, Windows(2, Same, outputs, (at, window) =>
        {
            float sum = 0;
            window((dy, dx, c, value) => sum += c == at / multiplier ? value * kernel[(((dy * 3) + dx) * outputs) + at] : 0);
            return sum;
        }));
    }

    [Theory]
    [InlineData(AveragePool)]
    [InlineData(MaxPool)]
    public void A_pool_counts_what_is_in_the_picture(int code)
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), y = sample.Tensor("y", 1, 0, 0, Channels);
        sample.Add(code, [x], y, new() { [0] = Same, [1] = 2, [2] = 2, [3] = 3, [4] = 3, [5] = NoFunction });

        Same4(sample, y, Windows(2, Same, Channels, (at, window) =>
        {
            (float sum, float most, int count) = (0, float.MinValue, 0);
            window((_, _, c, value) => (sum, most, count) = c == at ? (sum + value, Math.Max(most, value), count + 1) : (sum, most, count));
            return code == MaxPool ? most : sum / count;
        }));
    }

    public static TheoryData<int> Functions => [Logistic, Relu, Relu6, HardSwish];

    [Theory, MemberData(nameof(Functions))]
    public void A_function_works_on_every_number(int code)
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), y = sample.Tensor("y", 1, Height, Width, Channels);
        sample.Add(code, [x], y);

        Same4(sample, y, (b, h, w, c) => code switch
        {
            Logistic => 1 / (1 + MathF.Exp(-At(b, h, w, c))),
            Relu => Math.Max(0, At(b, h, w, c)),
            Relu6 => Math.Clamp(At(b, h, w, c), 0, 6),
            _ => At(b, h, w, c) * Math.Clamp((At(b, h, w, c) + 3) / 6, 0, 1),
        });
    }

    [Fact]
    public void Numbers_for_channels_and_pictures_are_added_multiplied_and_put_side_by_side()
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), each = sample.Weight("each", (float[])[1, 2, 3], 3);
        int sum = sample.Tensor("sum", 1, Height, Width, Channels), product = sample.Tensor("product", 1, Height, Width, Channels), both = sample.Tensor("both", 1, Height, Width, 2 * Channels);
        sample.Add(Add, [x, each], sum, new() { [0] = NoFunction });
        sample.Add(Multiply, [sum, x], product, new() { [0] = NoFunction });
        sample.Add(Concat, [x, product], both, new() { [0] = -1, [1] = NoFunction });

        Same4(sample, both, (b, h, w, c) => c < 3 ? At(b, h, w, c) : (At(b, h, w, c - 3) + (c - 2)) * At(b, h, w, c - 3));
    }

    [Fact]
    public void A_picture_is_widened_at_its_edges()
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), room = sample.Whole("room", [0, 0, 1, 2, 3, 0, 0, 1], 4, 2), y = sample.Tensor("y", 1, Height + 3, Width + 3, Channels + 1);
        sample.Add(Pad, [x, room], y);

        Same4(sample, y, (b, h, w, c) => h is >= 1 and <= Height && w >= 3 && c < Channels ? At(b, h - 1, w - 3, c) : 0);
    }

    [Theory]
    [InlineData(new int[] { 1, 2 })]
    [InlineData(new int[] { 2, -1 })]
    public void Means_are_taken_along_the_axes_of_the_file(int[] axes)
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), along = sample.Whole("along", axes, axes.Length), y = sample.Tensor("y", 1, 0);
        sample.Add(Mean, [x, along], y, new() { [0] = (byte)0 });

        Tensor means = Answer(sample, y);

        bool isOfPlaces = axes[0] == 1;
        Assert.Equal([Batch, isOfPlaces ? Channels : Height], means.Shape);
        Assert.Equal(
            isOfPlaces ? Enumerable.Range(0, Height * Width).Average(i => At(1, i / Width, i % Width, 2))
                : Enumerable.Range(0, Width * Channels).Average(i => At(1, 4, i / Channels, i % Channels)),
            means.Values[^1], 1e-5f);
    }

    [Fact]
    public void What_flattens_a_picture_sees_it_as_the_file_has_it()
    {
        float[] matrix = Draw(4 * Height * Width * Channels);
        var sample = new TfLiteSample();
        int x = Picture(sample), rows = sample.Tensor("rows", 1, Height * Width * Channels), weight = sample.Weight("w", matrix, 4, Height * Width * Channels);
        int scores = sample.Tensor("scores", 1, 4), y = sample.Tensor("y", 1, 4);
        sample.Add(Reshape, [x], rows);
        sample.Add(FullyConnected, [rows, weight, -1], scores, new() { [0] = NoFunction });
        sample.Add(Softmax, [scores], y);

        Tensor shares = Answer(sample, y);

        double[] sums = [.. Enumerable.Range(0, 4).Select(o => Math.Exp(Enumerable.Range(0, Height * Width * Channels).Sum(
            i => matrix[(o * Height * Width * Channels) + i] * At(1, i / (Width * Channels), i / Channels % Width, i % Channels))))];
        Assert.All(sums.Zip(shares.ToArray()[4..]), pair => Assert.Equal(pair.First / sums.Sum(), pair.Second, 1e-4));
    }

    [Fact]
    public void Weights_of_16_bits_become_32()
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), half = sample.Weight("half", (Half[])[(Half)0.5f, (Half)2, (Half)(-1)], 3), whole = sample.Tensor("whole", 3), y = sample.Tensor("y", 1, Height, Width, Channels);
        sample.Add(Dequantize, [half], whole);
        sample.Add(Multiply, [x, whole], y, new() { [0] = NoFunction });

        Same4(sample, y, (b, h, w, c) => At(b, h, w, c) * (c == 0 ? 0.5f : c == 1 ? 2 : -1));
    }

    [Fact]
    public void An_operator_that_is_not_computed_is_named_unless_it_is_cut_away()
    {
        var sample = new TfLiteSample();
        int x = Picture(sample), y = sample.Tensor("first;fused with it", 1, Height, Width, Channels), z = sample.Tensor("z", 1, Height, Width, Channels);
        sample.Add(Relu, [x], y);
        sample.Add(Cast, [y], z);
        File.WriteAllBytes(_file, [.. "a label\n"u8, .. sample.Write([x], [z])]);

        ModelFormatException refused = Assert.Throws<ModelFormatException>(() => TfLiteModel.Load(_file));
        using TensorScope scope = TensorScope.Begin();
        string path = _file;
        Tensor pictures = Tensor.Zeros(1, Channels, 4, 4);
        OnnxModel network = TfLiteModel.Load(path, "first");     // cut where its numbers describe the picture
        Tensor answer = network.Forward(pictures);               // [batch, channels, height, width], turned once at the door

        Assert.Contains("tflite.operator 53", refused.Message);
        Assert.Equal([1, Channels, 4, 4], answer.Shape);
    }

    /// <summary>MobileNetV2 as scripts/setup.sh takes it from npm, cut where its numbers describe a picture.</summary>
    [PretrainedFact]
    public void A_network_made_by_others_gives_the_numbers_of_ONNX_Runtime()
    {
        string written = _file + ".onnx";
        using TensorScope scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        OnnxModel model = TfLiteModel.Load(PretrainedFactAttribute.Network, "FeatureExtractor/MobilenetV2/Conv_1/Relu6");
        Tensor pictures = Tensor.From(Kernels.Samples.Normal(1, 2 * 3 * 96 * 96, 0.5f), 2, 3, 96, 96);

        Tensor ours = model.Forward(pictures);

        OnnxExport.Write(written, model, pictures, model.Forward);
        OnnxValue theirs = OnnxRuntime.Run(written, new Dictionary<string, OnnxValue> { ["input"] = pictures })["output"];
        File.Delete(written);
        Assert.Equal([2, 1280, 3, 3], ours.Shape);
        OnnxOperatorTests.AssertSame("Conv_1", theirs, ours, 1e-3f);
    }

    private static int Picture(TfLiteSample sample) => sample.Tensor("x", 1, Height, Width, Channels);

    /// <summary>The number that the input has at a place.</summary>
    private static float At(int b, int h, int w, int c) => Input[(((((b * Height) + h) * Width) + w) * Channels) + c];

    private static readonly float[] Input = Kernels.Samples.Normal(3, Batch * Height * Width * Channels, 3);

    private static float[] Draw(int count) => Kernels.Samples.Normal(count, count, 0.3f);

    private Tensor Answer(TfLiteSample sample, int output)
    {
        File.WriteAllBytes(_file, sample.Write([0], [output]));
        Tensor pictures = Tensor.From(Input, Batch, Height, Width, Channels).Transpose(0, 3, 1, 2);
        return TfLiteModel.Load(_file).Forward(pictures);
    }

    private void Same4(TfLiteSample sample, int output, Func<int, int, int, int, float> expected)
    {
        Tensor answer = Answer(sample, output);
        int[] shape = [.. answer.Shape];
        float[] numbers = answer.ToArray();
        int i = 0;
        for (int b = 0; b < shape[0]; b++)
        {
            for (int c = 0; c < shape[1]; c++)
            {
                for (int h = 0; h < shape[2]; h++)
                {
                    for (int w = 0; w < shape[3]; w++)
                    {
                        Assert.Equal(expected(b, h, w, c), numbers[i++], 1e-4f);
                    }
                }
            }
        }
    }

    /// <summary>Goes over windows of 3 by 3; with <see cref="Same"/> they begin so that as many fit as the size divided by the stride, rounded up.</summary>
    private static Func<int, int, int, int, float> Windows(int stride, byte padding, int outputs, Func<int, Action<Action<int, int, int, float>>, float> sum) => (b, h, w, at) =>
    {
        Assert.InRange(at, 0, outputs - 1);
        int top = (h * stride) - Before(Height), left = (w * stride) - Before(Width);
        return sum(at, visit =>
        {
            for (int i = 0; i < 9; i++)
            {
                (int y, int x) = (top + (i / 3), left + (i % 3));
                for (int c = 0; c < Channels && y >= 0 && y < Height && x >= 0 && x < Width; c++)
                {
                    visit(i / 3, i % 3, c, At(b, y, x, c));
                }
            }
        });

        int Before(int size) => padding == Valid ? 0 : Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + 3 - size) / 2;
    };
}

/// <summary>A test that asks ONNX Runtime about a network from npm, and says so where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PretrainedFactAttribute : FactAttribute
{
    public PretrainedFactAttribute() => Skip = !OnnxRuntime.IsThere ? OnnxRuntime.Missing
        : File.Exists(Network) ? null : $"There is no {Network}: scripts/setup.sh puts it there with npm.";

    public static string Network => Path.GetFullPath(Path.Combine(OnnxRuntime.Folder, "..", "backbone", "mobilenet-v2.tflite"));
}
