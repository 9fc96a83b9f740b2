using System.Text;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Formats.TfLite;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Formats.TfLite;

namespace Cartwright.Learning.Tests.Formats;

/// <summary>Damaged model files end in a clear error that names the file, and take no more memory than the file gives cause for.</summary>
public sealed class FuzzTests : IDisposable
{
    private const long MostBytes = 32 << 20;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    public static TheoryData<string> Formats => ["safetensors", "onnx", "tflite"];

    [Theory, MemberData(nameof(Formats))]
    public void A_file_cut_off_anywhere_is_refused_or_whole(string format)
    {
        byte[] whole = Write(format);

        for (int length = 0; length < whole.Length; length += 1 + (length / 40))
        {
            Assert.True(Try(format, whole[..length]), $"{length} of {whole.Length} bytes were taken for a whole file.");
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Flipped_bytes_are_refused_or_harmless(string format)
    {
        byte[] whole = Write(format);
        var random = new Random(5);

        for (int i = 0; i < 1500; i++)
        {
            byte[] damaged = [.. whole];
            for (int flip = 0; flip < 1 + (i % 4); flip++)
            {
                damaged[random.Next(Math.Min(whole.Length, i % 2 == 0 ? 400 : whole.Length))] = (byte)random.Next(256);
            }

            Try(format, damaged);
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Noise_is_refused(string format)
    {
        var random = new Random(6);
        for (int i = 0; i < 200; i++)
        {
            byte[] noise = new byte[random.Next(300)];
            random.NextBytes(noise);

            Assert.True(Try(format, noise));
        }
    }

    /// <summary>Sizes far beyond the file, in every place that holds one.</summary>
    [Fact]
    public void Absurd_sizes_in_safetensors_are_refused()
    {
        foreach (string header in (string[])
        [
            """{"a":{"dtype":"U8","shape":[2147483647],"data_offsets":[0,2147483647]}}""",
            """{"a":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,4]}}""",
            """{"a":{"dtype":"F32","shape":[0,2147483647],"data_offsets":[0,0]}}""",
            """{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,4]}}""",
            $$"""{"a":{{new string('[', 5000)}}""",
        ])
        {
            byte[] text = Encoding.UTF8.GetBytes(header);
            Assert.True(Try("safetensors", [.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0]), header[..40]);
        }

        Assert.True(Try("safetensors", [.. BitConverter.GetBytes(long.MaxValue), 0x7B, 0x7D]));
        Assert.True(Try("safetensors", [.. BitConverter.GetBytes(99L << 20), 0x7B, 0x7D]));
    }

    [Fact]
    public void Absurd_sizes_in_ONNX_are_refused()
    {
        ProtoWriter Tensor(params long[] sizes)
        {
            ProtoWriter tensor = new ProtoWriter().Text(8, "w").Number(2, 1L).Bytes(9, new byte[4]);
            Array.ForEach(sizes, size => tensor.Number(1, size));
            return tensor;
        }

        ProtoWriter deep = new();
        for (int i = 0; i < 500; i++)
        {
            // A graph in an attribute of a node of a graph …
            deep = new ProtoWriter().Message(1, new ProtoWriter().Message(5, new ProtoWriter().Message(6, deep)));
        }

        foreach (ProtoWriter graph in (ProtoWriter[])
        [
            new ProtoWriter().Message(5, Tensor(int.MaxValue)), new ProtoWriter().Message(5, Tensor(long.MaxValue, long.MaxValue)),
            new ProtoWriter().Message(5, Tensor(-1)), new ProtoWriter().Message(5, Tensor(2)), deep,
        ])
        {
            Assert.True(Try("onnx", new ProtoWriter().Message(7, graph).Message(8, new ProtoWriter().Number(2, 20L)).Written.ToArray()));
        }

        // A field that claims 2^62 bytes.
        Assert.True(Try("onnx", [0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0]));
    }

    [Fact]
    public void A_size_that_a_graph_computes_is_limited()
    {
        var writer = new OnnxWriter();
        writer.Initializer("shape", OnnxValue.From([20_000, 20_000], 2));
        writer.Node("ConstantOfShape", ["shape"], ["y"], []);
        writer.Output("y", null, null);
        writer.Write(_file);

        ShapeException e = Assert.Throws<ShapeException>(() => OnnxModel.Load(_file).Run(new Dictionary<string, OnnxValue>()));

        Assert.Contains("(ConstantOfShape)", e.Message);
    }

    /// <summary>Attributes of one number or of a number for every axis, and the numbers of them that have a meaning.</summary>
    public static TheoryData<string, string, int, long[]> Attributes => new()
    {
        { "Conv", "strides", 2, [] }, { "Conv", "dilations", 2, [] }, { "Conv", "pads", 4, [0] }, { "Conv", "group", 0, [] },
        { "ConvTranspose", "strides", 2, [] }, { "ConvTranspose", "dilations", 2, [] }, { "ConvTranspose", "pads", 4, [0] },
        { "ConvTranspose", "group", 0, [] }, { "ConvTranspose", "output_padding", 2, [0] },
        { "MaxPool", "strides", 2, [] }, { "MaxPool", "kernel_shape", 2, [] }, { "MaxPool", "pads", 4, [0] }, { "MaxPool", "dilations", 2, [] },
        { "AveragePool", "strides", 2, [] }, { "AveragePool", "kernel_shape", 2, [] }, { "AveragePool", "pads", 4, [0] },
        { "Softmax", "axis", 0, [0, -1] }, { "Concat", "axis", 0, [0, -1] }, { "Split", "axis", 0, [0, -1] }, { "Gather", "axis", 0, [0, -1] },
        { "ArgMax", "axis", 0, [0, -1] }, { "Flatten", "axis", 0, [0, -1] }, { "TopK", "axis", 0, [0, -1] }, { "LayerNormalization", "axis", 0, [0, -1] },
        { "Transpose", "perm", 4, [] },
    };

    [Theory, MemberData(nameof(Attributes))]
    public void Absurd_attributes_in_ONNX_end_in_an_error_that_names_them(string type, string attribute, int count, long[] allowed)
    {
        foreach (long value in Absurd.Except(allowed))
        {
            Dictionary<string, object> attributes = type.EndsWith("Pool", StringComparison.Ordinal) ? new() { ["kernel_shape"] = new long[] { 2, 2 } } : [];
            attributes[attribute] = count == 0 ? value : Enumerable.Repeat(value, count).ToArray();
            string[] inputs = type switch
            {
                "Conv" or "ConvTranspose" => ["x", "kernel"],
                "Gather" => ["x", "one"],
                "TopK" => ["x", "one"],
                "LayerNormalization" => ["x", "gain"],
                _ => ["x"],
            };

            string? error = ErrorOf(type, inputs, attributes, []);

            Assert.True(error is not null, $"'{attribute}' of {value} was computed.");
            Assert.Contains($"({type})", error);
            Assert.Contains(attribute, error);
        }
    }

    /// <summary>Operators that take sizes, places and axes from an input, and where that stands.</summary>
    public static TheoryData<string, int, int> Inputs => new()
    {
        { "ConstantOfShape", 0, 2 }, { "Expand", 1, 4 }, { "Tile", 1, 4 }, { "Reshape", 1, 2 }, { "Pad", 1, 8 }, { "Resize", 3, 4 }, { "TopK", 1, 1 },
        { "Gather", 1, 1 }, { "Slice", 1, 1 }, { "Slice", 2, 1 }, { "Slice", 3, 1 }, { "Slice", 4, 1 }, { "Squeeze", 1, 1 }, { "Unsqueeze", 1, 1 },
        { "CumSum", 1, 1 }, { "ReduceSum", 1, 1 }, { "Split", 1, 2 }, { "Range", 1, 1 }, { "Trilu", 1, 1 }, { "LSTM", 4, 1 },
    };

    [Theory, MemberData(nameof(Inputs))]
    public void Absurd_sizes_that_a_node_reads_end_in_an_error_that_names_it_or_are_harmless(string type, int input, int count)
    {
        foreach (long value in Absurd)
        {
            string[] inputs = type switch
            {
                "Slice" => ["x", "one", "one", "one", "one"],
                "Resize" => ["x", "", "", "absurd"],
                "Range" => ["one", "absurd", "one"],
                "LSTM" => ["sequence", "gates", "gates", "", "absurd"],
                "ConstantOfShape" => ["absurd"],
                _ => ["x", "absurd"],
            };
            inputs[input] = "absurd";

            string? error = ErrorOf(type, inputs, [], Enumerable.Repeat(value, count).ToArray());

            Assert.Contains($"({type})", error ?? $"({type})");
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(1e9f)]
    [InlineData(1e30f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Absurd_scales_of_a_resizing_are_refused(float scale)
    {
        string? error = ErrorOf("Resize", ["x", "", "scales"], [], [], Tensor.From([1, 1, scale, scale], 4));

        Assert.Contains("(Resize)", error);
    }

    [Fact]
    public void An_attribute_of_another_kind_is_refused()
    {
        string? error = ErrorOf("Softmax", ["x"], new() { ["axis"] = 1.5f }, []);

        Assert.Contains("'axis'", error);
    }

    private static readonly long[] Absurd = [0, -1, 1 << 30, int.MaxValue, 1L << 62];

    /// <summary>The error of a model of one node, which may take neither much memory nor much time; null where it was computed.</summary>
    private string? ErrorOf(string type, string[] inputs, Dictionary<string, object> attributes, long[] absurd, Tensor? scales = null)
    {
        var writer = new OnnxWriter();
        writer.Initializer("x", Tensor.Zeros(1, 2, 6, 6));
        writer.Initializer("kernel", Tensor.Zeros(2, 2, 3, 3));
        writer.Initializer("gain", Tensor.Zeros(6));
        writer.Initializer("sequence", Tensor.Zeros(3, 1, 2));
        writer.Initializer("gates", Tensor.Zeros(1, 8, 2));
        writer.Initializer("one", OnnxValue.From([1], type == "Range" ? [] : [1]));
        writer.Initializer("absurd", OnnxValue.From(absurd, type is "Range" or "Trilu" or "CumSum" ? [] : [absurd.Length]));
        writer.Initializer("scales", scales ?? Tensor.Zeros(4));
        writer.Node(type, inputs, ["y"], attributes);
        writer.Output("y", null, null);
        writer.Write(_file);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Environment.TickCount64;
        try
        {
            OnnxModel.Load(_file).Run(new Dictionary<string, OnnxValue>());
            return null;
        }
        catch (ShapeException e)
        {
            return e.Message;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
            Assert.InRange(Environment.TickCount64 - start, 0, 10_000);
        }
    }

    /// <returns>True where the bytes were refused in the way that they have to be.</returns>
    private bool Try(string format, byte[] bytes)
    {
        File.WriteAllBytes(_file, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            switch (format)
            {
                case "onnx":
                    RunIfSound(OnnxModel.Load(_file));
                    break;
                case "tflite":
                    TfLiteModel.Load(_file);
                    break;
                default:
                    Safetensors.Read(_file);
                    break;
            }

            return false;
        }
        catch (ModelFormatException e)
        {
            Assert.Contains(_file, e.Message);
            return true;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }

    /// <summary>A damaged model that was read may be computed or refused, and nothing else.</summary>
    private static void RunIfSound(OnnxModel model)
    {
        try
        {
            model.Run(model.Inputs.ToDictionary(input => input, _ => (OnnxValue)Tensor.Zeros(4, 8)));
        }
        catch (ShapeException e)
        {
            Assert.Contains("node '", e.Message);
        }
    }

    private byte[] Write(string format)
    {
        if (format == "tflite")
        {
            var sample = new TfLiteSample();
            int x = sample.Tensor("x", 1, 4, 4, 2), y = sample.Tensor("y", 1, 2, 2, 3), z = sample.Tensor("z", 1, 12);
            sample.Add(3, [x, sample.Weight("w", new float[3 * 3 * 3 * 2], 3, 3, 3, 2), sample.Weight("b", new float[3], 3)], y, new() { [1] = 2, [2] = 2, [3] = (byte)3 });
            sample.Add(22, [y], z);
            return sample.Write([x], [z]);
        }

        var block = new TransformerBlock(8, 2, 16, 0, new Random(1));
        if (format == "onnx")
        {
            OnnxExport.Write(_file, block, Tensor.Zeros(4, 8), x => block.Forward(x, [0, x.Rows], causal: true));
        }
        else
        {
            Safetensors.Write(_file, block.Parameters().ToDictionary());
        }

        return File.ReadAllBytes(_file);
    }
}
