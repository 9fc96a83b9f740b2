using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class DominantColorsTests
{
    [Theory]
    [InlineData(20, 25, 60, "navy")]
    [InlineData(200, 30, 40, "red")]
    [InlineData(25, 25, 27, "black")]
    [InlineData(240, 240, 238, "white")]
    [InlineData(110, 75, 50, "brown")]
    public void What_stands_in_the_middle_names_the_color_and_the_wall_behind_it_does_not(byte red, byte green, byte blue, string name)
    {
        IReadOnlyList<DraftColor> colors = DominantColors.Of(Framed((red, green, blue), (180, 205, 160)));

        Assert.Equal(name, colors[0].Name);
        Assert.InRange(colors[0].Share, 0.9, 1);
        Assert.InRange(colors[0].Confidence, 0.5, 1);
        Assert.DoesNotContain(colors, color => color.Name == "light green");
        Assert.Equal(7, colors[0].Hex.Length);
    }

    [Fact]
    public void A_picture_of_one_color_has_that_color()
    {
        DraftColor only = Assert.Single(DominantColors.Of(Framed((50, 140, 70), (50, 140, 70))));

        Assert.Equal(("green", 1), (only.Name, only.Share));
    }

    [Fact]
    public void Distances_are_those_of_CIE_1976()
    {
        LabColor white = LabColor.Of(255, 255, 255), red = LabColor.Of(255, 0, 0);

        Assert.Equal(100, white.Lightness, 0.1f);
        Assert.Equal(0, white.GreenRed, 0.1f);
        Assert.Equal((53.2f, 80.1f, 67.2f), (MathF.Round(red.Lightness, 1), MathF.Round(red.GreenRed, 1), MathF.Round(red.BlueYellow, 1)));   // as published for sRGB's red
    }

    private static Picture Framed((byte Red, byte Green, byte Blue) thing, (byte Red, byte Green, byte Blue) wall)
    {
        byte[] rgb = new byte[60 * 60 * 3];
        for (int i = 0; i < 60 * 60; i++)
        {
            (byte red, byte green, byte blue) = i / 60 is >= 12 and < 48 && i % 60 is >= 12 and < 48 ? thing : wall;
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (red, green, blue);
        }

        return new Picture(rgb, 60, 60);
    }
}
