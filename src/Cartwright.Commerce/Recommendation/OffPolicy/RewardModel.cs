using Cartwright.Learning;
using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What an action is expected to earn, for rows that it did not learn from: a third of the groups is predicted by a model of the others.</summary>
/// <remarks>
/// Ridge regression of the reward on the action, the place and the context, one column for each value (the hundred commonest of a context column); the penalty is
/// the one with the least error on the parts that were not learned. Crossing the parts keeps the doubly robust estimate unbiased: Chernozhukov et al.,
/// "Double/Debiased Machine Learning", 2018.
/// </remarks>
internal sealed class RewardModel
{
    private const int Parts = 3;
    private const int MostValues = 100;
    private static readonly double[] Penalties = [1, 10, 100, 1_000];

    private readonly BanditLog _log;
    private readonly int[] _part;
    private readonly double[][] _worth = new double[Parts][];
    private readonly double[] _base;

    /// <param name="seed">Deals the groups to the parts.</param>
    public RewardModel(BanditLog log, int seed, CancellationToken cancellationToken)
    {
        _log = log;
        _base = new double[log.RowCount];
        Random random = Seeds.Random((ulong)seed, 11);
        var partOf = new Dictionary<int, int>();
        _part = Array.ConvertAll(log.Group, group =>
        {
            if (!partOf.TryGetValue(group, out int part))
            {
                partOf.Add(group, part = random.Next(Parts));
            }

            return part;
        });
        SparseRows rows = Columns(log);
        double least = double.PositiveInfinity;
        foreach (double penalty in Penalties)
        {
            LinearModel[] models = [.. Enumerable.Range(0, Parts).Select(part => Fit(rows, part, penalty, cancellationToken))];
            double[] predicted = Predict(rows, models);
            double error = predicted.Zip(log.Reward, (told, came) => (told - came) * (told - came)).Sum();
            if (error < least)
            {
                least = error;
                Keep(models, predicted);
            }
        }
    }

    /// <summary>What the row's own action was expected to earn.</summary>
    public double OfLogged(int row) => _base[row] + _worth[_part[row]][_log.Action[row]];

    /// <summary>What a policy was expected to earn at this row.</summary>
    public double Of(TargetPolicy policy, int row) => _base[row] + policy.Expected(_log, row, _worth[_part[row]]);

    private LinearModel Fit(SparseRows rows, int part, double penalty, CancellationToken cancellationToken)
    {
        int[] learned = [.. Enumerable.Range(0, _part.Length).Where(row => _part[row] != part)];
        if (learned.Length == 0)
        {
            learned = [.. Enumerable.Range(0, _part.Length)];
        }

        return LinearModel.FitNumber(rows.Select(learned), Array.ConvertAll(learned, row => (float)_log.Reward[row]), penalty, cancellationToken);
    }

    private double[] Predict(SparseRows rows, LinearModel[] models)
    {
        float[][] all = [.. models.Select(model => model.Predict(rows))];
        return [.. _part.Select((part, row) => (double)all[part][row])];
    }

    private void Keep(LinearModel[] models, double[] predicted)
    {
        for (int part = 0; part < Parts; part++)
        {
            _worth[part] = models[part].Weights[0][.._log.Actions.Count];
        }

        for (int row = 0; row < predicted.Length; row++)
        {
            _base[row] = predicted[row] - _worth[_part[row]][_log.Action[row]];
        }
    }

    /// <summary>One column for each action, place and context value: [rows, actions + places + values].</summary>
    private static SparseRows Columns(BanditLog log)
    {
        var fields = new List<int[]> { log.Action, Array.ConvertAll(log.Position, place => log.Actions.Count + place) };
        int count = log.Actions.Count + log.Positions.Count;
        foreach (string[] cells in log.Context)
        {
            Dictionary<string, int> columns = cells.CountBy(cell => cell, StringComparer.Ordinal).OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal)
                .Take(MostValues).Select((value, place) => (value.Key, Column: count + place)).ToDictionary(value => value.Key, value => value.Column, StringComparer.Ordinal);
            fields.Add(Array.ConvertAll(cells, cell => columns.GetValueOrDefault(cell, -1)));
            count += columns.Count;
        }

        int[] starts = new int[log.RowCount + 1];
        var places = new List<int>(log.RowCount * fields.Count);
        for (int row = 0; row < log.RowCount; row++)
        {
            places.AddRange(fields.Select(field => field[row]).Where(column => column >= 0));
            starts[row + 1] = places.Count;
        }

        return new SparseRows(starts, [.. places], [.. Enumerable.Repeat(1f, places.Count)], count);
    }
}
