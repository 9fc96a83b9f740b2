using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class CorrectionsTests
{
    [PictureFact]
    public void A_corrected_product_has_the_new_label_and_a_sent_picture_comes_behind()
    {
        PictureSet set = DrawnPictures.Set(3);
        byte[] file = PictureFiles.Png(PictureFiles.Gradient(8, 8));
        PictureCorrection[] corrections =
        [
            Corrections.Of(new AskedPicture("1-0", []), "1-0", "ring", DateTimeOffset.UnixEpoch),
            Corrections.Of(new AskedPicture("picture", file), null, "bar", DateTimeOffset.UnixEpoch),
        ];

        (PictureSet corrected, HashSet<int> which) = Corrections.Apply(set, corrections);

        Assert.Equal(10, corrected.Count);
        Assert.Equal(("ring", "cross", "bar"), (corrected.Labels[0], corrected.Labels[1], corrected.Labels[9]));
        Assert.Equal([0, 9], which.Order());
        Assert.Equal((PicturePart.Train, PicturePart.None), (corrected.Parts[0], corrected.Parts[1]));
        Assert.Equal(8, corrected.Read(9).Height);
    }

    [Fact]
    public void The_same_picture_is_corrected_once()
    {
        PictureCorrection first = Corrections.Of(new AskedPicture("picture", [1, 2]), null, "bar", DateTimeOffset.UnixEpoch);

        Assert.Equal(first.Id, Corrections.Of(new AskedPicture("other", [1, 2]), null, "disc", DateTimeOffset.UnixEpoch).Id);
        Assert.NotEqual(first.Id, Corrections.Of(new AskedPicture("picture", [1, 3]), null, "bar", DateTimeOffset.UnixEpoch).Id);
    }
}
