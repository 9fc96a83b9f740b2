using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Neighbors;

namespace Cartwright.Commerce.Vision;

/// <summary>The colors of what a picture shows, its background left aside.</summary>
/// <remarks>
/// Groups of like colors are found by k-means over (L*, a*, b*). A group is background where it has far more of the picture's edge than of its
/// middle: what is photographed stands in the middle.
/// </remarks>
internal static class DominantColors
{
    private const int Side = 48;
    private const int GroupCount = 6;
    private const int StartCount = 2;
    private const int Edge = 3;
    private const double BackgroundRatio = 1.6;
    private const double LeastShare = 0.08;
    private const ulong Seed = 11;

    /// <returns>Largest share first; at least one.</returns>
    public static IReadOnlyList<DraftColor> Of(Picture picture)
    {
        const int Places = Side * Side;
        float[] planes = new float[Picture.Channels * Places];
        PictureScaling.Write(picture, PictureBox.Whole(picture), Side, Side, isMirrored: false, planes);
        float[] points = new float[Places * Picture.Channels];
        for (int i = 0; i < Places; i++)
        {
            LabColor color = LabColor.Of(planes[i], planes[Places + i], planes[(2 * Places) + i]);
            (points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]) = (color.Lightness, color.GreenRed, color.BlueYellow);
        }

        var groups = KMeans.Fit(points, Picture.Channels, GroupCount, Seed, StartCount);
        int[] of = groups.Assign(points);
        double[] middle = new double[GroupCount], edge = new double[GroupCount];
        double[][] sums = [.. Enumerable.Range(0, GroupCount).Select(_ => new double[Picture.Channels])];
        for (int i = 0; i < Places; i++)
        {
            (int y, int x) = Math.DivRem(i, Side);
            bool isEdge = Math.Min(Math.Min(x, y), Math.Min(Side - 1 - x, Side - 1 - y)) < Edge;
            double weight = isEdge ? 0 : Math.Exp(-8 * (Square((x - (Side / 2.0)) / Side) + Square((y - (Side / 2.0)) / Side)));
            edge[of[i]] += isEdge ? 1 : 0;
            middle[of[i]] += weight;
            for (int c = 0; c < Picture.Channels; c++)
            {
                sums[of[i]][c] += weight * planes[(c * Places) + i];
            }
        }

        (double inMiddle, double onEdge) = (middle.Sum(), edge.Sum());
        int[] shown = [.. Enumerable.Range(0, GroupCount).Where(g => middle[g] > 0 && edge[g] / onEdge <= BackgroundRatio * middle[g] / inMiddle)];
        double whole = shown.Sum(g => middle[g]);
        DraftColor[] colors =
        [
            .. shown.Select(g => (Share: middle[g] / whole, Red: Mean(g, 0), Green: Mean(g, 1), Blue: Mean(g, 2)))
                .Select(color => (color.Share, Hex: $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}", Named: NamedColors.NameOf(LabColor.Of(color.Red, color.Green, color.Blue))))
                .GroupBy(color => color.Named.Name, StringComparer.Ordinal)
                .Select(same => new DraftColor(same.Key, same.MaxBy(color => color.Share).Hex, Math.Round(same.Sum(color => color.Share), 4),
                    Math.Round(same.Sum(color => color.Share * color.Named.Confidence) / same.Sum(color => color.Share), 4)))
                .OrderByDescending(color => color.Share),
        ];
        return [.. colors.Where((color, i) => i == 0 || color.Share >= LeastShare)];

        int Mean(int group, int c) => (int)Math.Round(sums[group][c] / middle[group]);
    }

    private static double Square(double x) => x * x;
}
