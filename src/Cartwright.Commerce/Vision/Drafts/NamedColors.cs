namespace Cartwright.Commerce.Vision;

/// <summary>A color as the eye tells it from others: lightness from 0 to 100, from green to red, from blue to yellow.</summary>
/// <remarks>CIE 1976 (L*, a*, b*) with the white of D65; sRGB is made linear as IEC 61966-2-1 says.</remarks>
internal readonly record struct LabColor(float Lightness, float GreenRed, float BlueYellow)
{
    public static LabColor Of(float red, float green, float blue)
    {
        (float r, float g, float b) = (Linear(red), Linear(green), Linear(blue));
        float x = Root(((0.4124f * r) + (0.3576f * g) + (0.1805f * b)) / 0.9505f);
        float y = Root((0.2126f * r) + (0.7152f * g) + (0.0722f * b));
        float z = Root(((0.0193f * r) + (0.1192f * g) + (0.9505f * b)) / 1.089f);
        return new LabColor((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    /// <summary>About 2 where one just sees that there are two colors.</summary>
    public float DistanceTo(LabColor other) => MathF.Sqrt(
        Square(Lightness - other.Lightness) + Square(GreenRed - other.GreenRed) + Square(BlueYellow - other.BlueYellow));

    private static float Square(float x) => x * x;

    private static float Linear(float value) => value / 255 is var v && v <= 0.04045f ? v / 12.92f : MathF.Pow((v + 0.055f) / 1.055f, 2.4f);

    private static float Root(float t) => t > 0.008856f ? MathF.Cbrt(t) : (7.787f * t) + (16f / 116);
}

/// <summary>Names that shops give to colors, with a color for each. Several shades share a name: what photos show is darker and duller than paint.</summary>
internal static class NamedColors
{
    private static readonly (string Name, LabColor Color)[] All =
    [
        Of("black", 20, 20, 22), Of("black", 38, 38, 40), Of("gray", 90, 90, 92), Of("gray", 128, 128, 130), Of("light gray", 176, 176, 178),
        Of("white", 222, 221, 218), Of("white", 245, 245, 245), Of("beige", 214, 190, 148), Of("beige", 200, 180, 150), Of("cream", 240, 232, 208),
        Of("brown", 110, 75, 50), Of("brown", 139, 90, 60), Of("dark brown", 65, 45, 35), Of("tan", 190, 145, 100),
        Of("red", 200, 30, 40), Of("red", 170, 35, 40), Of("burgundy", 110, 25, 40), Of("coral", 240, 124, 100), Of("pink", 240, 160, 180), Of("pink", 225, 120, 150),
        Of("orange", 235, 125, 35), Of("mustard", 215, 165, 50), Of("yellow", 245, 215, 60), Of("olive", 104, 110, 60), Of("olive", 85, 85, 50),
        Of("green", 50, 140, 70), Of("dark green", 30, 75, 50), Of("light green", 160, 205, 150), Of("teal", 30, 120, 125), Of("turquoise", 85, 190, 190),
        Of("light blue", 160, 195, 225), Of("blue", 50, 100, 180), Of("denim blue", 85, 110, 145), Of("denim blue", 65, 80, 110), Of("navy", 30, 40, 75), Of("slate", 112, 124, 136),
        Of("purple", 110, 60, 140), Of("lilac", 190, 165, 210), Of("magenta", 190, 40, 120),
    ];

    /// <summary>Words that say a color whatever stands before them: "navy", and of "light gray" the last.</summary>
    public static IEnumerable<string> Words => All.Select(color => color.Name.Split(' ')[^1]).Distinct(StringComparer.Ordinal);

    /// <summary>The name of the nearest color.</summary>
    /// <returns>Confidence from 0.5, where another name is as near, to 1.</returns>
    public static (string Name, double Confidence) NameOf(LabColor color)
    {
        (string name, float distance) = Nearest(color, null);
        (_, float next) = Nearest(color, name);
        return (name, next / Math.Max(1e-6, distance + next));
    }

    private static (string Name, float Distance) Nearest(LabColor color, string? except)
    {
        (string name, float least) = ("", float.MaxValue);
        foreach ((string candidate, LabColor of) in All)
        {
            float distance = color.DistanceTo(of);
            (name, least) = distance < least && candidate != except ? (candidate, distance) : (name, least);
        }

        return (name, least);
    }

    private static (string, LabColor) Of(string name, float red, float green, float blue) => (name, LabColor.Of(red, green, blue));
}
