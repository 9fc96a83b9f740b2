namespace Cartwright.Commerce.Simulation;

/// <summary>How things look, as a few simple forms each; drawn in order, later ones over earlier ones.</summary>
/// <remarks>
/// A form is a letter, its numbers in the unit square (x to the right, y down) and its tone: "o cx cy rx ry" an ellipse,
/// "r cx cy width height" a box with round corners, "c x1 y1 x2 y2 thickness" a bar with round ends,
/// "q cx cy rx ry thickness" a ring, "t cx top bottom widthTop widthBottom" a trapezoid.
/// Tones: m the product's color, d darker, l lighter, w wood, g metal.
/// </remarks>
internal static class ThingShapes
{
    /// <summary>In the order of <see cref="ShopWords.Leaves"/>.</summary>
    private static readonly string[] OfLeaf =
    [
        "c .62 .5 .95 .42 .05 d; o .42 .44 .3 .09 d; t .42 .44 .72 .6 .5 m; o .42 .44 .27 .06 l",            // cookware
        "t .6 .44 .56 .5 .3 g; c .08 .5 .36 .5 .09 m; o .14 .5 .02 .02 l; o .28 .5 .02 .02 l",               // knives
        "o .5 .55 .42 .3 d; o .5 .53 .4 .27 m; o .5 .53 .25 .15 l",                                          // tableware
        "q .74 .52 .15 .17 .05 d; t .46 .3 .8 .44 .54 m; c .2 .42 .1 .3 .06 d; o .46 .3 .2 .05 l",           // coffee and tea gear
        "r .5 .58 .46 .56 m; r .5 .24 .5 .12 w; r .5 .6 .28 .24 l",                                          // storage
        "r .5 .55 .5 .66 m; c .3 .2 .7 .2 .06 d; r .5 .74 .5 .05 l; r .5 .82 .5 .04 d",                      // linens
        "r .5 .55 .44 .68 m; r .5 .2 .44 .1 d; o .5 .58 .14 .14 l; c .5 .47 .5 .69 .03 d",                   // coffee
        "r .5 .56 .56 .5 m; r .5 .3 .6 .1 d; o .5 .6 .16 .1 l; c .74 .3 .86 .66 .02 w",                      // tea
        "t .5 .14 .86 .36 .44 m; r .5 .52 .3 .3 l; r .5 .12 .4 .06 d",                                       // pasta and grains
        "r .5 .62 .34 .46 l; r .5 .66 .34 .34 m; r .5 .32 .38 .16 d",                                        // spices
        "r .5 .5 .74 .4 m; r .34 .5 .02 .4 d; r .5 .5 .02 .4 d; r .66 .5 .02 .4 d; r .5 .5 .74 .02 d",       // sweets
        "r .5 .64 .34 .5 m; t .5 .2 .4 .12 .3 m; r .5 .14 .14 .1 d; r .5 .66 .34 .2 l",                      // oils and sauces
        "c .5 .5 .5 .9 .1 w; t .5 .1 .52 .2 .34 g; c .5 .46 .5 .56 .06 d",                                   // hand tools
        "t .44 .4 .82 .46 .5 m; c .66 .66 .92 .34 .06 d; q .36 .42 .2 .2 .05 d; o .92 .32 .06 .04 l",        // watering
        "t .5 .4 .86 .6 .4 m; r .5 .4 .66 .1 d; o .5 .26 .2 .14 l; c .5 .2 .5 .38 .03 d",                    // pots and planters
        "r .5 .52 .5 .72 m; o .5 .44 .14 .14 l; c .5 .5 .5 .78 .03 d; o .42 .66 .08 .04 d; o .58 .7 .08 .04 d", // seeds and bulbs
        "c .28 .54 .22 .9 .05 w; c .72 .54 .78 .9 .05 w; r .5 .56 .56 .08 w; r .5 .3 .5 .4 m; c .26 .14 .26 .56 .05 w; c .74 .14 .74 .56 .05 w", // outdoor furniture
        "r .5 .55 .36 .5 l; q .5 .2 .12 .1 .03 g; t .5 .24 .34 .16 .44 m; r .5 .82 .44 .08 m; o .5 .58 .1 .14 w", // outdoor lights
        "t .46 .4 .7 .3 .7 m; r .52 .74 .8 .1 l; o .3 .46 .16 .14 m; c .4 .5 .56 .56 .03 l; c .44 .44 .6 .52 .03 l", // running
        "o .5 .54 .4 .3 m; r .5 .72 .84 .14 d; c .3 .36 .24 .6 .04 l; c .5 .28 .5 .62 .04 l; c .7 .36 .76 .6 .04 l", // cycling
        "r .56 .6 .7 .2 m; o .22 .6 .12 .14 d; o .22 .6 .07 .08 l; r .6 .72 .7 .04 d",                       // yoga
        "t .5 .16 .84 .04 .86 m; t .5 .44 .84 .04 .3 d; c .5 .16 .5 .08 .03 w",                              // camping
        "o .32 .5 .18 .14 m; o .68 .5 .18 .14 m; o .32 .5 .12 .08 l; o .68 .5 .12 .08 l; c .46 .48 .54 .48 .04 d; c .14 .46 .04 .36 .04 d; c .86 .46 .96 .36 .04 d", // swimming
        "c .26 .5 .74 .5 .08 g; r .2 .5 .14 .46 m; r .8 .5 .14 .46 m; r .08 .5 .08 .3 d; r .92 .5 .08 .3 d", // fitness
        "r .5 .62 .84 .44 m; r .3 .34 .34 .2 l; r .7 .34 .34 .2 l; r .5 .48 .84 .08 d",                      // bedding
        "r .5 .4 .7 .2 m; r .5 .6 .74 .2 d; r .5 .8 .78 .18 m; r .5 .4 .7 .04 l",                            // bath
        "r .5 .52 .66 .62 m; o .5 .52 .05 .05 d; c .2 .22 .3 .32 .03 l; c .8 .22 .7 .32 .03 l; c .2 .82 .3 .72 .03 l; c .8 .82 .7 .72 .03 l", // cushions and throws
        "r .5 .64 .4 .46 m; o .5 .42 .2 .05 l; c .5 .3 .5 .42 .02 d; o .5 .24 .04 .09 w",                    // candles
        "r .5 .5 .74 .82 w; r .5 .5 .6 .68 l; o .42 .42 .14 .14 m; t .5 .52 .82 .1 .54 d",                   // wall art
        "r .5 .56 .9 .52 m; r .5 .56 .74 .38 d; r .5 .56 .56 .24 m; o .5 .56 .12 .08 l",                     // rugs
        "r .52 .5 .6 .78 m; r .24 .5 .06 .78 d; r .56 .3 .34 .14 l; c .74 .12 .74 .86 .02 l",                // notebooks
        "c .2 .82 .74 .26 .1 m; t .84 .1 .22 .02 .1 d; c .3 .6 .52 .36 .03 g; o .2 .82 .06 .06 d",           // pens
        "r .5 .7 .8 .3 m; r .5 .6 .74 .1 d; r .28 .4 .1 .4 l; r .5 .44 .1 .3 w; r .7 .38 .1 .44 l",          // organizers
        "t .6 .1 .36 .16 .44 m; c .5 .3 .34 .56 .04 g; c .34 .56 .46 .84 .04 g; o .46 .86 .24 .06 d",        // lamps
        "r .5 .28 .46 .42 m; r .5 .56 .56 .12 m; c .5 .6 .5 .82 .05 g; c .26 .88 .74 .88 .05 d; o .26 .92 .04 .04 d; o .74 .92 .04 .04 d", // chairs
        "r .5 .58 .62 .62 m; q .5 .26 .16 .16 .05 d; r .5 .7 .44 .26 d; c .34 .64 .66 .64 .02 l",            // bags
        "r .3 .74 .3 .3 m; r .66 .74 .3 .3 w; r .48 .42 .3 .3 l; o .48 .42 .07 .07 d",                       // building sets
        "r .34 .36 .38 .38 m; r .7 .7 .38 .38 m; o .56 .36 .08 .08 m; r .3 .72 .34 .34 l; o .34 .56 .07 .07 l", // puzzles
        "o .3 .24 .11 .11 d; o .7 .24 .11 .11 d; o .5 .7 .3 .26 m; o .5 .36 .26 .22 m; o .42 .34 .03 .03 d; o .58 .34 .03 .03 d; o .5 .44 .08 .06 l", // plush
        "r .5 .6 .8 .5 l; o .26 .54 .1 .1 m; o .5 .54 .1 .1 w; o .74 .54 .1 .1 d; c .2 .76 .8 .76 .04 w",    // crafts
        "t .5 .08 .44 .04 .56 m; t .5 .44 .78 .56 .04 d; c .5 .78 .62 .96 .02 g; c .5 .1 .5 .76 .02 l",      // outdoor play
        "t .5 .34 .84 .5 .36 m; r .5 .32 .54 .08 d; q .2 .54 .1 .12 .04 d; q .8 .54 .1 .12 .04 d; o .5 .58 .1 .1 l", // kids' tableware
        "r .5 .52 .58 .78 m; r .5 .16 .58 .08 d; c .36 .54 .64 .54 .06 l; o .34 .5 .05 .05 l; o .34 .58 .05 .05 l; o .66 .5 .05 .05 l; o .66 .58 .05 .05 l", // dog food
        "r .5 .54 .46 .74 m; r .5 .18 .46 .06 d; o .46 .54 .14 .09 l; t .64 .46 .62 .14 .14 l",              // cat food
        "o .5 .66 .44 .24 m; o .5 .6 .34 .14 l; o .5 .58 .26 .09 d",                                         // beds
        "q .36 .4 .24 .24 .06 m; c .54 .56 .9 .88 .06 m; o .36 .64 .05 .06 g; r .2 .5 .08 .08 g",            // leads and collars
        "c .24 .5 .76 .5 .12 m; o .2 .5 .14 .16 d; o .8 .5 .14 .16 d; c .4 .5 .42 .5 .14 l; c .58 .5 .6 .5 .14 l", // toys
        "t .5 .48 .78 .56 .8 m; o .5 .48 .3 .08 d; o .5 .47 .24 .05 l",                                      // bowls
    ];

    private static readonly Form[][] Forms = [.. OfLeaf.Select(Read)];

    /// <param name="leaf">Index into <see cref="ShopWords.Leaves"/>.</param>
    public static IReadOnlyList<Form> Of(int leaf) => Forms[leaf];

    private static Form[] Read(string text) => [.. text.Split(';', StringSplitOptions.TrimEntries).Select(ReadForm)];

    private static Form ReadForm(string text)
    {
        string[] parts = text.Split(' ');
        return new Form(parts[0][0], [.. parts[1..^1].Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))], parts[^1][0]);
    }
}

/// <summary>A simple form; <see cref="ThingShapes"/> says what its letters and numbers mean.</summary>
internal sealed record Form(char Kind, double[] Numbers, char Tone)
{
    /// <summary>True where the place lies in the form.</summary>
    public bool Holds(double x, double y)
    {
        double[] n = Numbers;
        return Kind switch
        {
            'o' => Square((x - n[0]) / n[2]) + Square((y - n[1]) / n[3]) <= 1,
            'r' => IsInRoundBox(Math.Abs(x - n[0]) - (n[2] / 2), Math.Abs(y - n[1]) - (n[3] / 2), Math.Min(n[2], n[3]) * 0.2),
            'c' => DistanceToLine(x, y) <= n[4] / 2,
            'q' => Square((x - n[0]) / n[2]) + Square((y - n[1]) / n[3]) <= 1 && Square((x - n[0]) / (n[2] - n[4])) + Square((y - n[1]) / (n[3] - n[4])) > 1,
            _ => y >= n[1] && y <= n[2] && Math.Abs(x - n[0]) <= (n[3] + ((n[4] - n[3]) * (y - n[1]) / (n[2] - n[1]))) / 2,
        };
    }

    /// <param name="overX">How far the place lies beyond the box's side, negative inside.</param>
    private static bool IsInRoundBox(double overX, double overY, double corner) =>
        overX <= 0 && overY <= 0 && (overX <= -corner || overY <= -corner || Square(overX + corner) + Square(overY + corner) <= corner * corner);

    private double DistanceToLine(double x, double y)
    {
        double[] n = Numbers;
        (double dx, double dy) = (n[2] - n[0], n[3] - n[1]);
        double along = Math.Clamp((((x - n[0]) * dx) + ((y - n[1]) * dy)) / Math.Max(1e-12, Square(dx) + Square(dy)), 0, 1);
        return Math.Sqrt(Square(x - n[0] - (along * dx)) + Square(y - n[1] - (along * dy)));
    }

    private static double Square(double value) => value * value;
}
