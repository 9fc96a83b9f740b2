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
        writer.Initializer("shape", OnnxValue.From([60_000, 60_000], 2));
        writer.Node("ConstantOfShape", ["shape"], ["y"], []);
        writer.Output("y", null, null);
        writer.Write(_file);

        ShapeException e = Assert.Throws<ShapeException>(() => OnnxModel.Load(_file).Run(new Dictionary<string, OnnxValue>()));

        Assert.Contains("(ConstantOfShape)", e.Message);
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
                    OnnxModel.Load(_file);
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
