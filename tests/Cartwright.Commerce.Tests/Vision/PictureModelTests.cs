using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureModelTests
{
    public static TheoryData<string> Models => [.. PictureLesson.Models];

    [Theory, MemberData(nameof(Models))]
    public void Shapes_that_were_learned_are_told_of_new_pictures(string name)
    {
        TaughtPictures tested = DrawnPictures.Taught(30, seed: 9);

        PictureModel model = Train(name, epochs: 12);

        float[] chances = model.Chances(tested.Pictures);
        Assert.InRange(new PictureMeasure(3, tested.Classes, 1).Estimate(chances)["accuracy"].Value, 0.85, 1);
        Assert.All(chances.Chunk(3), of => Assert.Equal(1, of.Sum(), 0.0001));
    }

    [Theory, MemberData(nameof(Models))]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads(string name)
    {
        int threads = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            PictureModel one = Train(name, epochs: 2);
            Compute.ThreadCount = 2;
            PictureModel two = Train(name, epochs: 2);

            Assert.Equal(one.Temperature, two.Temperature);
            Assert.All(one.Network.State().Zip(two.Network.State()), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void A_model_that_was_saved_answers_as_before_and_a_damaged_one_is_refused(string name)
    {
        string folder = Directory.CreateTempSubdirectory("pictures-").FullName;
        try
        {
            PictureModel model = Train(name, epochs: 1);
            string version = Path.Combine(folder, "version");
            ModelFolder.Save(version, Card(name), path => PictureModelFile.Save(path, model));
            Picture picture = DrawnPictures.Draw("disc", new Random(3));

            PictureModel read = PictureModelFile.Load(version);

            Assert.Equal(model.Chances([picture]), read.Chances([picture]));
            Assert.Equal(model.Embed([picture]), read.Embed([picture]));
            Tensor seen = Tensor.From(model.See(picture), 1, 3, DrawnPictures.Side, DrawnPictures.Side);
            Assert.All(OnnxModel.Load(Path.Combine(version, "model.onnx")).Forward(seen).ToArray().Zip(model.Network.Forward(seen).ToArray()),
                pair => Assert.Equal(pair.Second, pair.First, 0.0001));
            byte[] bytes = File.ReadAllBytes(Path.Combine(version, "model.safetensors"));
            bytes[^5] ^= 1;
            File.WriteAllBytes(Path.Combine(version, "model.safetensors"), bytes);
            Assert.Throws<ModelFormatException>(() => PictureModelFile.Load(version));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_mirrored_picture_has_the_same_answer()
    {
        PictureModel model = Train(PictureLesson.Residual, epochs: 1);
        Picture picture = DrawnPictures.Draw("cross", new Random(5));

        Assert.All(model.Logits([picture]).Zip(model.Logits([picture.Turned(2)])), pair => Assert.Equal(pair.First, pair.Second, 0.0001));
    }

    [Fact]
    public void What_is_hot_is_where_the_shape_is_and_hiding_it_lowers_the_chance()
    {
        PictureModel model = Train(PictureLesson.Residual, epochs: 12);
        foreach ((int x, int y) in new[] { (6, 6), (14, 6), (6, 14), (14, 14) })
        {
            Picture picture = DrawnPictures.Draw("disc", new Random(x + y), x, y);

            HeatMapOfPicture map = HeatMap.Draw(model, picture, of: 2);

            Assert.InRange(map.ChanceWithout, 0, map.Chance - 0.001);
            Assert.Equal(model.Chances([picture])[2], map.Chance, 0.0001);
            (int row, int column) = (map.Hottest / HeatMap.Side, map.Hottest % HeatMap.Side);
            Assert.InRange(row * DrawnPictures.Side / HeatMap.Side, y - 7, y + 7);
            Assert.InRange(column * DrawnPictures.Side / HeatMap.Side, x - 7, x + 7);
        }
    }

    [Fact]
    public void The_heat_of_a_cell_is_what_the_chance_loses_without_its_square()
    {
        PictureModel model = Train(PictureLesson.Plain, epochs: 2);
        Picture picture = DrawnPictures.Draw("bar", new Random(8), 10, 10);

        HeatMapOfPicture map = HeatMap.Draw(model, picture, of: 0);

        float[] seen = model.See(picture);
        float[] hidden = [.. seen.Select((value, i) => i / DrawnPictures.Side % DrawnPictures.Side is >= 4 and < 8 && i % DrawnPictures.Side is >= 8 and < 12 ? 0 : value)];
        double Chance(float[] of) => PictureTemperature.Softmax(model.Logits((ReadOnlySpan<float>)of), 3, model.Temperature)[0];
        Assert.Equal(Math.Log(Chance(seen) / Chance(hidden)), map.Lost[(4 * HeatMap.Side) + 7], 0.001);
    }

    private static PictureModel Train(string name, int epochs) => PictureTrainer.Train(DrawnPictures.Lesson(name, epochs), DrawnPictures.Labels,
        DrawnPictures.Taught(60, seed: 1), DrawnPictures.Taught(10, seed: 2), seed: 4, TimeProvider.System, progress: null, CancellationToken.None);

    private static ModelCard Card(string name) => new()
    {
        Model = name, TrainedAt = DateTimeOffset.UnixEpoch, Seed = 1, Options = System.Text.Json.JsonDocument.Parse("{}").RootElement, Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
        DataHash = "", TrainSeconds = 0, ParameterCount = 0,
    };
}
