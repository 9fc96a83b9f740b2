namespace Cartwright.Commerce.Inventory;

/// <summary>A weighted mean of models, each as often as it helped on held-out periods.</summary>
/// <remarks>Greedy selection with replacement: Caruana et al., "Ensemble Selection from Libraries of Models", ICML 2004. Chosen by WAPE.</remarks>
internal sealed class ForecastEnsemble(IReadOnlyList<(IForecaster Model, float Weight)> members) : IForecaster
{
    private const int Picks = 20;

    public string Name => "ensemble";

    /// <summary>Those with a weight above 0; the weights sum to 1.</summary>
    public IReadOnlyList<(IForecaster Model, float Weight)> Members => members;

    /// <summary>Weights by what each model forecast from held-out origins.</summary>
    /// <param name="forecasts">[models][origins]</param>
    /// <returns>One for each model; they sum to 1.</returns>
    public static float[] Choose(DemandPanel panel, IReadOnlyList<IReadOnlyList<(int Origin, ForecastGrid Grid)>> forecasts)
    {
        int[] counts = new int[forecasts.Count];
        double best = double.PositiveInfinity;
        for (int pick = 0; pick < Picks; pick++)
        {
            int chosen = -1;
            for (int m = 0; m < counts.Length; m++)
            {
                counts[m]++;
                double loss = Loss(panel, forecasts, Weights(counts));
                counts[m]--;
                if (loss < best)
                {
                    (best, chosen) = (loss, m);
                }
            }

            if (chosen < 0)
            {
                break;
            }

            counts[chosen]++;
        }

        return Weights(counts);
    }

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon) =>
        Mix([.. members.Select(m => m.Model.Forecast(panel, origin, horizon))], [.. members.Select(m => m.Weight)]);

    public static ForecastGrid Mix(IReadOnlyList<ForecastGrid> grids, float[] weights)
    {
        var mixed = new ForecastGrid(grids[0].Center.Length, grids[0].Horizon);
        for (int s = 0; s < mixed.Center.Length; s++)
        {
            for (int h = 0; h < mixed.Horizon; h++)
            {
                for (int m = 0; m < weights.Length; m++)
                {
                    if (weights[m] > 0)
                    {
                        mixed.Center[s][h] += weights[m] * grids[m].Center[s][h];
                        mixed.Spread[s][h] += weights[m] * grids[m].Spread[s][h];
                    }
                }
            }
        }

        return mixed;
    }

    private static double Loss(DemandPanel panel, IReadOnlyList<IReadOnlyList<(int Origin, ForecastGrid Grid)>> forecasts, float[] weights)
    {
        double off = 0;
        for (int o = 0; o < forecasts[0].Count; o++)
        {
            int origin = forecasts[0][o].Origin;
            ForecastGrid mixed = Mix([.. forecasts.Select(f => f[o].Grid)], weights);
            for (int s = 0; s < mixed.Center.Length; s++)
            {
                for (int h = 0; h < mixed.Horizon; h++)
                {
                    double error = Math.Abs(Math.Max(0, panel.Series[s].Units[origin + h]) - ForecastMeasure.Point(mixed, s, h));
                    off += double.IsNaN(error) ? 0 : error;
                }
            }
        }

        return off;
    }

    private static float[] Weights(int[] counts)
    {
        float sum = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => count / sum)];
    }
}
