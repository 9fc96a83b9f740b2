namespace Cartwright.Commerce.Search;

/// <summary>What is believed of a chance before it is watched: as if it had come true <see cref="Mean"/> of the time in <see cref="Strength"/> trials.</summary>
internal readonly record struct BetaPrior(double Mean, double Strength)
{
    private const double Weakest = 0.2;
    private const double Strongest = 1_000;

    /// <summary>Nothing is believed: one success in two trials.</summary>
    public static BetaPrior Even => new(0.5, 2);

    /// <summary>The chance after some trials: 0.1 and strength 10 with 3 of 10 give 0.2.</summary>
    public double After(double successes, double trials) => ((Mean * Strength) + successes) / (Strength + trials);

    /// <summary>The belief that many like chances suggest, so that one that was hardly watched is like the others.</summary>
    /// <remarks>
    /// Moments of the beta-binomial with trials as weights: Kleinman, "Proportions with Extraneous Variance", 1973. With p the share of
    /// all trials, S = sum n (x / n - p)^2, N = sum n and K chances: 1 / (strength + 1) = (S - p q (K - 1)) / (p q (N - sum n^2 / N - (K - 1))).
    /// </remarks>
    /// <param name="trials">As many as successes; chances with none are left out. Neither needs to be whole.</param>
    public static BetaPrior Of(ReadOnlySpan<double> successes, ReadOnlySpan<double> trials)
    {
        (double hits, double total, double squares, int count) = (0, 0, 0, 0);
        for (int i = 0; i < trials.Length; i++)
        {
            hits += successes[i];
            total += trials[i];
            squares += trials[i] * trials[i];
            count += trials[i] > 0 ? 1 : 0;
        }

        if (count == 0)
        {
            return Even;
        }

        double mean = (hits + 0.5) / (total + 1);                // no chance is quite 0 or 1
        double spread = 0;
        for (int i = 0; i < trials.Length; i++)
        {
            if (trials[i] > 0)
            {
                double off = (successes[i] / trials[i]) - mean;
                spread += trials[i] * off * off;
            }
        }

        double variance = mean * (1 - mean);
        double room = variance * (total - (squares / total) - (count - 1));
        double alike = room > 0 ? (spread - (variance * (count - 1))) / room : 0;
        double strength = alike > 0 ? (1 / alike) - 1 : Strongest;
        return new BetaPrior(mean, Math.Clamp(strength, Weakest, Strongest));
    }
}
