using System.Text;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-safetensors-").FullName;

    private string File1 => Path.Combine(_folder, "a.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back()
    {
        Dictionary<string, Tensor> tensors = new()
        {
            ["weight"] = Tensor.From([1, 2, 3, 4, 5, float.NaN], 2, 3),
            ["scalar"] = Tensor.From([7]),
            ["empty"] = Tensor.Zeros(0, 5),
        };

        Safetensors.Write(File1, tensors, new Dictionary<string, string> { ["note"] = "höher" });
        SafetensorsContent content = Safetensors.Read(File1);

        Assert.Equal(["empty", "scalar", "weight"], content.Tensors.Keys.Order());
        Assert.Equal(tensors["weight"].ToArray(), content.Tensors["weight"].ToArray());
        Assert.Equal([2, 3], content.Tensors["weight"].Shape);
        Assert.Equal([0, 5], content.Tensors["empty"].Shape);
        Assert.Empty(content.Tensors["scalar"].Shape);
        Assert.Equal("höher", content.Metadata["note"]);
    }

    /// <summary>Laid out by hand as the format document says: length, header, data.</summary>
    [Fact]
    public void A_file_in_the_documented_layout_is_read()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""");
        File.WriteAllBytes(File1, [.. BitConverter.GetBytes((long)header.Length), .. header,
            .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), .. BitConverter.GetBytes(3f)]);

        SafetensorsContent content = Safetensors.Read(File1);

        Assert.Equal([1.5f], content.Tensors["a"].ToArray());
        Assert.Equal([-2f, 3f], content.Tensors["b"].ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775807,-9223372036854775805]}}""")]
    [InlineData("""{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"__metadata__":7}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999,99999999],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("not json")]
    [InlineData("{}")]
    public void A_header_that_does_not_fit_the_data_is_refused(string header)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(File1, [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, 0, 0, 0, 0]);

        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Safetensors.Read(File1));

        Assert.Contains(File1, e.Message);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        Safetensors.Write(File1, new Dictionary<string, Tensor> { ["a"] = Tensor.From([1, 2, 3], 3), ["b"] = Tensor.From([4], 1) });
        byte[] whole = File.ReadAllBytes(File1);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(File1, whole[..length]);

            Assert.Throws<ModelFormatException>(() => Safetensors.Read(File1));
        }
    }

    /// <summary>Every type of the format document, laid out by hand: 1.5 where it can be, else a whole number.</summary>
    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F }, 1.5f)]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0x3F }, 1.5f)]
    [InlineData("F16", new byte[] { 0, 0x3E }, 1.5f)]
    [InlineData("BF16", new byte[] { 0xC0, 0x3F }, 1.5f)]
    [InlineData("I64", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2f)]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2f)]
    [InlineData("I16", new byte[] { 0xFE, 0xFF }, -2f)]
    [InlineData("I8", new byte[] { 0xFE }, -2f)]
    [InlineData("U64", new byte[] { 0, 0, 0, 1, 0, 0, 0, 0 }, 16777216f)]
    [InlineData("U32", new byte[] { 0, 0, 0, 1 }, 16777216f)]
    [InlineData("U16", new byte[] { 0xFE, 0xFF }, 65534f)]
    [InlineData("U8", new byte[] { 0xFE }, 254f)]
    [InlineData("BOOL", new byte[] { 1 }, 1f)]
    public void A_number_of_any_type_is_read_as_a_float(string type, byte[] bytes, float expected)
    {
        WriteByHand($$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes);

        Assert.Equal([expected], Safetensors.Read(File1).Tensors["a"].ToArray());
    }

    [Theory]
    [InlineData("I32", new byte[] { 1, 0, 0, 1 })]
    [InlineData("U64", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void A_whole_number_that_no_float_holds_is_refused(string type, byte[] bytes)
    {
        WriteByHand($$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes);

        Assert.Contains("more digits", Assert.Throws<ModelFormatException>(() => Safetensors.Read(File1)).Message);
    }

    [Fact]
    public void Numbers_in_16_bits_take_half_the_room_and_are_rounded_to_the_nearest()
    {
        float[] numbers = [1, -2.5f, 0, float.NaN, float.PositiveInfinity, 1.00390625f, 1.01171875f, 3.14159274f, .. Kernels.Samples.Normal(1, 2000)];

        Safetensors.Write(File1, new Dictionary<string, Tensor> { ["a"] = Tensor.From(numbers, numbers.Length) }, type: SafetensorsType.BF16);
        float[] read = Safetensors.Read(File1).Tensors["a"].ToArray();

        Assert.InRange(new FileInfo(File1).Length, 2 * numbers.Length, (2 * numbers.Length) + 100);
        Assert.Equal([1, -2.5f, 0, float.NaN, float.PositiveInfinity, 1, 1.015625f, 3.140625f], read[..8]);       // ties go to the even one
        Assert.All(numbers.Zip(read), pair => Assert.True(!float.IsFinite(pair.First) || Math.Abs(pair.First - pair.Second) <= Math.Abs(pair.First) / 256));
    }

    private void WriteByHand(string header, byte[] data)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(File1, [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. data]);
    }
}
