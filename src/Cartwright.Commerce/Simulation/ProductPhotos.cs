using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>Draws what a product of the sample shop looks like: the form of its category, its color, the surface of its style.</summary>
/// <remarks>Each product stands a little elsewhere, larger or smaller and turned, in its own light, as photographs would have it.</remarks>
internal sealed class ProductPhotos(int seed)
{
    public const int Size = 128;

    private const int Samples = 2;                         // a side, for soft edges

    private static readonly (double R, double G, double B)[] Colors =
    [
        (238, 236, 228), (46, 46, 50), (106, 127, 74), (207, 183, 137), (38, 58, 104), (236, 116, 96), (104, 118, 130), (232, 160, 44),
    ];

    private static readonly (double R, double G, double B) Wood = (166, 118, 72);
    private static readonly (double R, double G, double B) Metal = (172, 178, 186);

    /// <summary>Same seed and product, same picture.</summary>
    public Picture Draw(SimulatedProduct product)
    {
        Random random = Draws.Stream(seed, "photo " + product.Id);
        double angle = 0.12 * random.Normal();
        double scale = (ShopWords.Styles[product.Style] == "compact" ? 0.78 : 0.95) + (0.05 * random.Normal());
        (double dx, double dy) = (0.03 * random.Normal(), 0.03 * random.Normal());
        (double wide, double high) = product.Noun switch { 0 => (1.0, 1.0), 1 => (1.18, 0.86), _ => (0.82, 1.12) };   // a frying pan is no saucepan
        double light = 1 + (0.06 * random.Normal());
        bool isMirrored = random.Chance(0.5);
        double ground = 200 + (40 * random.NextDouble());
        (double sin, double cos) = Math.SinCos(angle);

        byte[] rgb = new byte[Size * Size * Picture.Channels];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                (double r, double g, double b) = (0, 0, 0);
                for (int sample = 0; sample < Samples * Samples; sample++)
                {
                    double u = ((x + (((sample % Samples) + 0.5) / Samples)) / Size) - 0.5 - dx;
                    double v = ((y + (((sample / Samples) + 0.5) / Samples)) / Size) - 0.5 - dy;
                    double tx = ((cos * u) + (sin * v)) / (scale * wide);
                    double ty = ((cos * v) - (sin * u)) / (scale * high);
                    (double R, double G, double B) seen = See(product, 0.5 + (isMirrored ? -tx : tx), 0.5 + ty, ground + (v * 24), light);
                    (r, g, b) = (r + seen.R, g + seen.G, b + seen.B);
                }

                int at = ((y * Size) + x) * Picture.Channels;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (Level(r), Level(g), Level(b));
            }
        }

        return new Picture(rgb, Size, Size);
    }

    private static (double R, double G, double B) See(SimulatedProduct product, double x, double y, double ground, double light)
    {
        IReadOnlyList<Form> forms = ThingShapes.Of(product.Leaf);
        for (int i = forms.Count - 1; i >= 0; i--)
        {
            if (forms[i].Holds(x, y))
            {
                (double R, double G, double B) color = forms[i].Tone switch { 'w' => Wood, 'g' => Metal, _ => Colors[product.Color] };
                double tone = forms[i].Tone switch { 'd' => 0.72, 'l' => 1.22, _ => 1.0 } * light * Surface(product.Style, x, y);
                return (color.R * tone, color.G * tone, color.B * tone);
            }
        }

        return (ground, ground, ground * 0.98);
    }

    /// <summary>How light a place of a surface is: its style shows in it.</summary>
    private static double Surface(int style, double x, double y) => ShopWords.Styles[style] switch
    {
        "rustic" => (int)Math.Floor((x + y) * 14) % 2 == 0 ? 1 : 0.86,                                     // slanted stripes
        "classic" => (int)Math.Floor(y * 12) % 3 == 0 ? 0.84 : 1,                                          // bands
        "playful" => Math.Pow((x * 9) - Math.Round(x * 9), 2) + Math.Pow((y * 9) - Math.Round(y * 9), 2) < 0.06 ? 1.3 : 1,   // dots
        "natural" => 1 + (0.07 * Math.Sin((x * 40) + (6 * Math.Sin(y * 9)))),                              // grain
        "modern" => 1.06 - (0.2 * y),                                                                      // a smooth shade
        _ => 1,
    };

    private static byte Level(double sum) => (byte)Math.Clamp(Math.Round(sum / (Samples * Samples)), 0, 255);
}
