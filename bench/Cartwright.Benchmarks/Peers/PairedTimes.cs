namespace Cartwright.Benchmarks.Peers;

/// <summary>Seconds of one call on either side, sample by sample: pair i was taken one right after the other.</summary>
internal sealed record PairedTimes(double[] Ours, double[] Theirs)
{
    private const double SampleSeconds = 0.02;
    private const double TotalSeconds = 1.5;
    private const int FewestPairs = 7;

    /// <summary>A sample of ours, one of theirs, and so on, so that what slows the machine slows both.</summary>
    /// <param name="theirs">Null where ours stands alone.</param>
    /// <param name="totalSeconds">How long to go on.</param>
    public static PairedTimes Take(PeerRow row, int threads, TorchProcess? theirs, double totalSeconds = TotalSeconds)
    {
        Func<double> now = Measured.Clock(threads);
        Action ours = row.Build();
        int calls = Measured.CallsIn(SampleSeconds, ours, now);
        theirs?.Prepare(row.Name, SampleSeconds);

        List<double> ourTimes = [];
        List<double> theirTimes = [];
        double begin = now();
        while (ourTimes.Count < FewestPairs || now() - begin < totalSeconds)
        {
            double start = now();
            for (int call = 0; call < calls; call++)
            {
                ours();
            }

            ourTimes.Add((now() - start) / calls);
            if (theirs is not null)
            {
                theirTimes.Add(theirs.Sample());
            }
        }

        return new PairedTimes([.. ourTimes], [.. theirTimes]);
    }

    /// <summary>Their time divided by ours, pair by pair, in rising order.</summary>
    public double[] Ratios() => [.. Theirs.Zip(Ours, (theirs, ours) => theirs / ours).Order()];

    /// <param name="rising">In rising order, at least one.</param>
    /// <param name="share">0.5 for the median.</param>
    public static double Quantile(double[] rising, double share) => rising[(int)Math.Round(share * (rising.Length - 1))];

    public static double Median(double[] times) => Quantile([.. times.Order()], 0.5);
}
