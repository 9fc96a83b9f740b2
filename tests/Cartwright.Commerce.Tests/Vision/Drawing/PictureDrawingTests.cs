using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureDrawingTests
{
    [Fact]
    public void The_distance_is_nothing_to_the_same_set_and_grows_with_what_is_shifted()
    {
        var random = new Random(6);
        float[] real = [.. Enumerable.Range(0, 300 * 5).Select(_ => random.NextSingle())];
        var distance = new FrechetDistance(real, 5);

        double same = distance.To(real), near = distance.To([.. real.Select(x => x + 0.1f)]), far = distance.To([.. real.Select(x => x + 0.5f)]);

        Assert.Equal(0, same, 1e-6);

        // A shift of all five numbers by s: each is s over the deviation 1 / √12 of its own.
        Assert.Equal(5 * 12 * 0.1 * 0.1, near, 0.1);
        Assert.Equal(5 * 12 * 0.5 * 0.5, far, 2.0);
        Assert.True(distance.To([.. real.Select(x => 2 * x)]) > near);
    }

    [Fact]
    public void Drawings_come_nearer_to_the_pictures_and_the_same_seed_draws_the_same()
    {
        TaughtPictures taught = DrawnPictures.Taught(12, 1);
        PictureModel looker = PictureTrainer.Train(DrawnPictures.Lesson("cnn", epochs: 2), DrawnPictures.Labels, taught, DrawnPictures.Taught(4, 2), 1, TimeProvider.System, null, CancellationToken.None);
        var drawing = new PictureDrawing(looker);

        TrainedGenerator first = drawing.Train(taught.Pictures, steps: 60, seed: 1, null, CancellationToken.None);
        TrainedGenerator again = drawing.Train(taught.Pictures, steps: 60, seed: 1, null, CancellationToken.None);

        Picture[] drawn = PictureDrawing.Draw(first.Generator, 3, new Random(4));
        Assert.Equal((3, PictureGenerator.Side, PictureGenerator.Side), (drawn.Length, drawn[0].Height, drawn[0].Width));
        Assert.Equal((0, 60), (first.Stages[0].Step, first.Stages[^1].Step));
        Assert.True(first.Stages[^1].Distance < first.Stages[0].Distance, string.Join(", ", first.Stages.Select(stage => stage.Distance)));
        Assert.Equal(drawn.SelectMany(picture => picture.Rgb), PictureDrawing.Draw(again.Generator, 3, new Random(4)).SelectMany(picture => picture.Rgb));
    }
}
