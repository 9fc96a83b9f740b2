using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class BackboneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backbone-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_last_layer_learns_over_the_network_of_others_and_is_kept_with_it()
    {
        TaughtPictures train = Colored(6, 1), validation = Colored(2, 2), test = Colored(4, 3);
        Backbone backbone = Backbone.Load(WriteNetwork(), ["late"]);

        PictureModel model = BackboneTrainer.Train(backbone, ["red", "green", "blue"], train, validation, 1, TimeProvider.System, null, CancellationToken.None);

        Assert.Equal(("backbone", 12), (model.Name, model.Network.EmbeddingSize));
        double accuracy = new PictureMeasure(3, test.Classes, 1).Estimate(model.Chances(test.Pictures))["accuracy"].Value;
        Assert.True(accuracy > 0.8, $"{accuracy} of the pictures were told; 0.33 is luck.");
        string kept = Path.Combine(_folder, "kept");
        var card = new ModelCard
        {
            Model = model.Name, TrainedAt = DateTimeOffset.UnixEpoch, Seed = 1, Options = default, Metrics = new Dictionary<string, double>(), DataHash = "", TrainSeconds = 0, ParameterCount = 0,
        };
        ModelFolder.Save(kept, card with { Options = System.Text.Json.JsonDocument.Parse("{}").RootElement }, folder => PictureModelFile.Save(folder, model));
        Picture[] some = [.. test.Pictures.Take(6)];                // more than are looked at together
        Assert.All(model.Chances(some).Zip(PictureModelFile.Load(kept).Chances(some)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Maps_of_several_depths_are_laid_upon_each_other_at_the_size_of_the_smallest()
    {
        Backbone backbone = Backbone.Load(WriteNetwork(), ["early", "late"]);
        using TensorScope scope = TensorScope.Begin();
        Tensor pictures = Tensor.From([.. Enumerable.Range(0, 5 * 3 * 64 * 64).Select(i => (float)Math.Sin(i * 0.7))], 5, 3, 64, 64);

        Tensor learning = backbone.Forward(pictures);
        using var noGradient = NoGradient.Begin();
        Tensor inPieces = backbone.Forward(pictures);

        Assert.Equal([5, 8 + 12, 8, 8], learning.Shape);
        Assert.Equal(learning.ToArray(), inPieces.ToArray());
    }

    [Fact]
    public void A_file_that_tells_no_places_of_pictures_is_refused_with_a_word_what_to_do()
    {
        string flat = Path.Combine(_folder, "flat.onnx");
        var dense = new Dense(3 * 64 * 64, 4, new Random(1));
        OnnxExport.Write(flat, dense, Tensor.Zeros(1, 3, 64, 64), x => dense.Forward(x.Flatten()));

        Assert.Contains("--backbone-cuts", Assert.Throws<ValidationException>(() => Backbone.Load(flat, [])).Message, StringComparison.Ordinal);
        Assert.Contains("scripts/setup.sh", Assert.Throws<ImportFormatException>(() => Backbone.Load(Path.Combine(_folder, "none.onnx"), [])).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => Backbone.Load(WriteNetwork(), ["no such tensor"]));
    }

    /// <summary>Noise with more red, green or blue than of the others.</summary>
    private static TaughtPictures Colored(int ofEach, int seed)
    {
        const int Side = 12;
        var random = new Random(seed);
        int[] classes = [.. Enumerable.Range(0, 3 * ofEach).Select(i => i % 3)];
        return new TaughtPictures([.. classes.Select(of => new Picture([.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)(random.Next(120) + (i % 3 == of ? 100 : 0)))], Side, Side))], classes);
    }

    private string WriteNetwork()
    {
        string path = Path.Combine(_folder, "network.onnx");
        var network = new TwoLayers(new Random(3));
        OnnxExport.Write(path, network, new OnnxExample { Tensors = new Dictionary<string, Tensor> { ["input"] = Tensor.Zeros(1, 3, 224, 224) } }, given =>
        {
            Tensor early = network.Early(given.Tensors["input"]);
            return new Dictionary<string, Tensor> { ["early"] = early, ["late"] = network.Late(early) };
        });
        return path;
    }

    private sealed class TwoLayers(Random random) : Module
    {
        private readonly Conv2d _first = new(3, 8, 5, random, new ConvOptions { Stride = 4, Padding = 2 });
        private readonly Conv2d _second = new(8, 12, 3, random, new ConvOptions { Stride = 2, Padding = 1 });

        protected override IEnumerable<Part> Parts => [new("first", _first), new("second", _second)];

        public Tensor Early(Tensor x) => _first.Forward(x).Relu();

        public Tensor Late(Tensor early) => _second.Forward(early).Relu();
    }
}
