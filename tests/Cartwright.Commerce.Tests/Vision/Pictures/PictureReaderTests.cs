using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision.Pictures;

public sealed class PictureReaderTests
{
    private const int Fuzzed = 1_000;

    [PictureFact]
    public void A_png_and_a_lossless_webp_come_back_to_the_byte()
    {
        Picture picture = PictureFiles.Gradient(37, 53);

        foreach (byte[] file in new[] { PictureFiles.Png(picture), PictureFiles.Webp(picture) })
        {
            Picture read = PictureReader.Read(file, "golden");

            Assert.Equal((37, 53), (read.Height, read.Width));
            Assert.Equal(picture.Rgb, read.Rgb);
        }
    }

    [PictureFact]
    public void A_jpeg_comes_back_about_as_it_was()
    {
        Picture picture = PictureFiles.Gradient(37, 53);

        foreach (byte[] file in new[] { PictureFiles.Jpeg(picture), PictureFiles.Jpeg(picture, isProgressive: true) })
        {
            Picture read = PictureReader.Read(file, "golden");

            Assert.Equal((37, 53), (read.Height, read.Width));
            Assert.InRange(picture.Rgb.Zip(read.Rgb).Average(pair => Math.Abs(pair.First - pair.Second)), 0, 2);
        }
    }

    [PictureFact]
    public void A_large_jpeg_is_decoded_no_larger_than_it_has_to_be()
    {
        Picture picture = PictureFiles.Gradient(400, 600);

        Picture read = PictureReader.Read(PictureFiles.Jpeg(picture), "large", enough: 96);

        Assert.Equal((100, 150), (read.Height, read.Width));
        Picture scaled = PictureScaling.Scale(picture, 100, 150);
        Assert.InRange(scaled.Rgb.Zip(read.Rgb).Average(pair => Math.Abs(pair.First - pair.Second)), 0, 2);
    }

    [PictureFact]
    public void What_one_can_see_through_lies_on_white()
    {
        Picture black = new(new byte[4 * 4 * 3], 4, 4);

        Picture read = PictureReader.Read(PictureFiles.SheerWebp(black, alpha: 51), "sheer");

        Assert.All(read.Rgb, value => Assert.Equal(204, value));
    }

    [PictureTheory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    [InlineData(9, "RGBW")]
    public void Each_orientation_of_exif_is_turned_upright(int orientation, string corners)
    {
        Picture picture = PictureFiles.Quarters(16);

        foreach (bool isLittle in new[] { true, false })
        {
            byte[] exif = Exif(orientation, isLittle);
            Assert.Equal(corners, Corners(PictureReader.Read(InJpeg(PictureFiles.Jpeg(picture), exif), "jpeg")));
            Assert.Equal(corners, Corners(PictureReader.Read(InPng(PictureFiles.Png(picture), exif), "png")));
            Assert.Equal(corners, Corners(PictureReader.Read(InWebp(PictureFiles.Webp(picture), exif), "webp")));
        }
    }

    [Fact]
    public void Turning_keeps_every_place_of_a_picture_that_is_no_square()
    {
        Picture picture = PictureFiles.Gradient(3, 5);

        Picture back = picture.Turned(6).Turned(8);

        Assert.Equal((5, 3), (picture.Turned(6).Height, picture.Turned(6).Width));
        Assert.Equal(picture.Rgb, back.Rgb);
        Assert.Equal(picture.Rgb, picture.Turned(7).Turned(7).Rgb);
        Assert.Equal(picture.Rgb, picture.Turned(4).Turned(4).Rgb);
    }

    [PictureFact]
    public void Print_colors_are_refused()
    {
        var refused = Assert.Throws<ImportFormatException>(() => PictureReader.Read(PictureFiles.Jpeg(PictureFiles.Gradient(8, 8), isCmyk: true), "print.jpg"));

        Assert.Contains("CMYK", refused.Message, StringComparison.Ordinal);
    }

    [PictureFact]
    public void A_size_that_no_memory_holds_is_refused_before_decoding()
    {
        byte[] file = PictureFiles.Jpeg(PictureFiles.Gradient(8, 8));
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file.AsSpan(frame + 5, 4).Fill(0x78);

        var refused = Assert.Throws<ImportFormatException>(() => PictureReader.Read(file, "huge.jpg"));

        Assert.Contains("30,840 by 30,840", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF89a", "GIF")]
    [InlineData("<svg", "SVG")]
    [InlineData("hello", "no picture")]
    [InlineData("", "empty")]
    public void What_is_no_picture_is_refused_by_name(string content, string named)
    {
        var refused = Assert.Throws<ImportFormatException>(() => PictureReader.Read(System.Text.Encoding.ASCII.GetBytes(content), "file.gif"));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("JPEG, PNG and WebP", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused_with_its_name()
        => Assert.Contains("no such picture", Assert.Throws<ImportFormatException>(() => PictureReader.Read("nowhere.jpg")).Message, StringComparison.Ordinal);

    [PictureFact]
    public void A_thousand_damaged_files_are_read_or_refused_and_nothing_breaks()
    {
        Picture picture = PictureFiles.Gradient(40, 56);
        byte[][] whole =
        [
            PictureFiles.Jpeg(picture), PictureFiles.Jpeg(picture, isProgressive: true), InJpeg(PictureFiles.Jpeg(picture), Exif(6, isLittle: true)),
            PictureFiles.Png(picture), PictureFiles.Webp(picture), PictureFiles.LossyWebp(picture), PictureFiles.SheerWebp(picture, 100),
        ];
        var random = new Random(7);
        int refusedCount = 0;

        for (int i = 0; i < Fuzzed; i++)
        {
            byte[] file = Damaged(whole[i % whole.Length], random);
            try
            {
                Picture read = PictureReader.Read(file, "fuzzed", enough: i % 3 == 0 ? 16 : 0);
                Assert.Equal(read.Rgb.Length, read.Height * read.Width * 3);
            }
            catch (ImportFormatException refused)
            {
                Assert.StartsWith("fuzzed: ", refused.Message, StringComparison.Ordinal);
                refusedCount++;
            }
        }

        Assert.InRange(refusedCount, Fuzzed / 3, Fuzzed);
    }

    /// <summary>Cut off, with other bytes in it, with a piece twice, or with bytes of the largest value in its header.</summary>
    private static byte[] Damaged(byte[] whole, Random random)
    {
        byte[] file = [.. whole];
        int place = random.Next(file.Length);
        switch (random.Next(4))
        {
            case 0:
                return file[..place];
            case 1:
                for (int i = random.Next(1, 12); i > 0; i--)
                {
                    file[random.Next(file.Length)] ^= (byte)random.Next(1, 256);
                }

                return file;
            case 2:
                return [.. file[..place], .. file[(place / 2)..]];
            default:
                file.AsSpan(random.Next(Math.Min(64, file.Length - 4)), 4).Fill(0xFF);
                return file;
        }
    }

    private static string Corners(Picture picture) =>
        string.Concat(from y in new[] { 1, 3 } from x in new[] { 1, 3 } select Color(picture, y * picture.Height / 4, x * picture.Width / 4));

    private static char Color(Picture picture, int y, int x) => picture.Rgb.AsSpan(((y * picture.Width) + x) * 3, 3) switch
    {
        [> 128, < 128, < 128] => 'R',
        [< 128, > 128, < 128] => 'G',
        [< 128, < 128, > 128] => 'B',
        _ => 'W',
    };

    private static byte[] Exif(int orientation, bool isLittle)
    {
        byte[] tiff = isLittle
            ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
            : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return tiff;
    }

    private static byte[] InJpeg(byte[] file, byte[] exif)
    {
        byte[] content = [.. "Exif\0\0"u8, .. exif];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(content.Length + 2), .. content, .. file[2..]];
    }

    // After the header of 8 + 25 bytes; the reader of pictures looks away where the check sum of such a chunk is wrong.
    private static byte[] InPng(byte[] file, byte[] exif) => [.. file[..33], 0, 0, 0, (byte)exif.Length, .. "eXIf"u8, .. exif, 0, 0, 0, 0, .. file[33..]];

    private static byte[] InWebp(byte[] file, byte[] exif)
    {
        byte[] longer = [.. file, .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];
        BitConverter.TryWriteBytes(longer.AsSpan(4), longer.Length - 8);
        return longer;
    }
}
