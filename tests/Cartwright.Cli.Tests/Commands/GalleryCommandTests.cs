using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Cartwright.Cli.Tests.House;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using Cartwright.Storage;

namespace Cartwright.Cli.Tests.Commands;

/// <summary>The lines of the guide about look-alikes, on a small sample shop that a model was trained for.</summary>
public sealed class GalleryCommandTests : IAsyncLifetime, IDisposable
{
    private const string Backbone = "artifacts/backbone/mobilenet-v2.tflite";
    private const int Photos = 32;

    private readonly TempFolder _folder = new();

    public async Task InitializeAsync()
    {
        await SampleShop.WriteAsync(new SampleRequest { Folder = _folder.At("sample"), Scale = 0.01, Products = 80, Days = 10 });
        await using Shop shop = await Shop.OpenAsync(_folder.At("shop"));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = _folder.At("sample") });
        foreach (Product product in (await shop.Catalog.LiveAsync()).Products.Take(Photos))
        {
            string file = _folder.At("photos", product.Category!.Split('>')[0].Trim(), $"{product.Id}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Copy(_folder.At("sample", product.Image!), file);
            File.Copy(file, _folder.At("photo.jpg"), overwrite: true);
            Directory.CreateDirectory(_folder.At("screenshots", "all"));
            File.Copy(file, _folder.At("screenshots", "all", Path.GetFileName(file)));
        }

        WriteBackbone(_folder.At("backbone.onnx"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [PngFact]
    public async Task Every_line_of_the_guide_answers()
    {
        string[] lines = [.. Markdown.CommandLines("docs/look-alikes-and-drafts.md").Where(line => line.StartsWith("cartwright ", StringComparison.Ordinal))];

        Assert.True(lines.Length >= 9);
        foreach (string line in lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word == Backbone ? _folder.At("backbone.onnx")
                : word.StartsWith("./", StringComparison.Ordinal) ? _folder.At(word[2..]) : word)];
            string[] quick = words[1] switch
            {
                "train" or "evaluate" or "evaluate-gallery" => ["--epochs", "1"],
                "draw" => ["--steps", "2", "--count", "2"],
                _ => [],
            };
            CliResult answer = await Cli.RunAsync([.. words, .. quick, "--shop", _folder.At("shop")]);

            Assert.True(answer.Failure == "", $"{line}: {answer.Failure}");
            Assert.NotEqual("", answer.Output);
        }

        Assert.Equal(2, Directory.GetFiles(_folder.At("drawn"), "*.png").Length);
    }

    /// <summary>A network in place of the one that takes minutes.</summary>
    private static void WriteBackbone(string path)
    {
        var network = new Conv2d(3, 8, 5, new Random(3), new ConvOptions { Stride = 16, Padding = 2 });
        OnnxExport.Write(path, network, new OnnxExample { Tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["input"] = Tensor.Zeros(1, 3, 224, 224) } },
            given => new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["seen"] = network.Forward(given.Tensors["input"], thenRelu: true) });
    }

    /// <summary>Skipped, with a word, where the system reads no PNG.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PngFactAttribute : FactAttribute
    {
        public PngFactAttribute() => Skip = NativeLibrary.TryLoad("libpng16.so.16", out _) ? null : "libpng16 is not installed.";
    }
}
