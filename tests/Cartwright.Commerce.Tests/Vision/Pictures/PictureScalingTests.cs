using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision.Pictures;

public sealed class PictureScalingTests
{
    [Fact]
    public void The_same_size_is_the_same_picture()
    {
        Picture picture = PictureFiles.Gradient(9, 7);

        Assert.Equal(picture.Rgb, PictureScaling.Scale(picture, 9, 7).Rgb);
    }

    [Fact]
    public void A_plain_picture_stays_plain_at_any_size()
    {
        Picture plain = new([.. Enumerable.Repeat((byte[])[10, 200, 90], 35).SelectMany(color => color)], 5, 7);

        foreach ((int height, int width) in new[] { (1, 1), (2, 9), (31, 3) })
        {
            Picture scaled = PictureScaling.Scale(plain, height, width);

            Assert.All(scaled.Rgb.Chunk(3), color => Assert.Equal([10, 200, 90], color));
        }
    }

    [Fact]
    public void A_half_is_the_mean_under_a_tent()
    {
        Picture row = new([0, 0, 0, 0, 0, 0, 80, 80, 80, 80, 80, 80], 1, 4);
        float[] planes = new float[6];

        PictureScaling.Write(row, PictureBox.Whole(row), 1, 2, isMirrored: false, planes);

        // Places 0 to 2 under a tent of half width 2 over 1: weights 3/4, 3/4 and 1/4, the fourth out of the picture.
        Assert.Equal(80 / 7.0, planes[0], 0.001);
        Assert.Equal(80 * 6 / 7.0, planes[1], 0.001);
    }

    [Fact]
    public void A_mirrored_part_is_the_part_backwards()
    {
        Picture picture = PictureFiles.Gradient(12, 10);
        float[] plain = new float[3 * 4 * 5];
        float[] mirrored = new float[3 * 4 * 5];
        var box = new PictureBox(2, 3, 8, 5);

        PictureScaling.Write(picture, box, 4, 5, isMirrored: false, plain);
        PictureScaling.Write(picture, box, 4, 5, isMirrored: true, mirrored);

        Assert.Equal(plain, mirrored.Chunk(5).SelectMany(row => row.Reverse()));
    }

    [Fact]
    public void A_part_over_the_edge_goes_on_with_the_last_place()
    {
        Picture picture = PictureFiles.Gradient(8, 8);
        float[] planes = new float[3 * 8 * 8];

        PictureScaling.Write(picture, new PictureBox(-4, 0, 8, 8), 8, 8, isMirrored: false, planes);

        Assert.Equal(planes.AsSpan(0, 8).ToArray(), planes.AsSpan(24, 8).ToArray());
        Assert.Equal(picture.Rgb[0], planes[32], 0.001);
    }

    [Fact]
    public void The_shorter_side_shrinks_and_never_grows()
    {
        Picture shrunk = PictureScaling.ShrinkTo(PictureFiles.Gradient(40, 60), 20);

        Assert.Equal((20, 30), (shrunk.Height, shrunk.Width));
        Assert.Equal((20, 30), (PictureScaling.ShrinkTo(shrunk, 64).Height, PictureScaling.ShrinkTo(shrunk, 64).Width));
    }

    [Fact]
    public void The_same_seed_changes_a_picture_alike()
    {
        Picture picture = PictureFiles.Gradient(40, 60);
        var augmentation = new PictureAugmentation { LeastArea = 0.4f, MostStretch = 1.3f, MostShift = 0.1f, MostColor = 0.3f, HiddenSide = 0.3f };
        float[] Seen(int seed)
        {
            float[] planes = new float[3 * 24 * 24];
            augmentation.Write(picture, 24, new Random(seed), [1, 2, 3], planes);
            return planes;
        }

        Assert.Equal(Seen(5), Seen(5));
        Assert.NotEqual(Seen(5), Seen(6));
        Assert.All(Seen(5), value => Assert.InRange(value, 0, 255));
    }
}
