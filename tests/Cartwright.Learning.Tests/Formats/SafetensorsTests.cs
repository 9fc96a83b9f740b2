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
}
