namespace Cartwright.Cli.Output;

/// <summary>A small curve made of block letters: ▇▅▃▂▁.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="width">Letters at most; longer series are averaged down.</param>
    /// <returns>Empty where no value is finite.</returns>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0 || width < 1)
        {
            return "";
        }

        int count = Math.Min(width, finite.Length);
        double[] means = [.. Enumerable.Range(0, count).Select(i =>
            finite[(i * finite.Length / count)..((i + 1) * finite.Length / count)].Average())];
        double low = means.Min();
        double span = means.Max() - low;
        return string.Concat(means.Select(mean => Blocks[span == 0 ? 0 : (int)Math.Round((mean - low) / span * (Blocks.Length - 1))]));
    }
}
