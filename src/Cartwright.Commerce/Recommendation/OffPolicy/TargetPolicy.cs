using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The policy that is valued: with which chance it makes each choice where the log made one.</summary>
internal sealed class TargetPolicy
{
    private readonly double[][]? _chances;
    private readonly int[]? _chosen;

    private TargetPolicy(string name, double[][]? chances, int[]? chosen)
    {
        Name = name;
        _chances = chances;
        _chosen = chosen;
    }

    public string Name { get; }

    /// <summary>Every action of the log alike.</summary>
    public static TargetPolicy Random(BanditLog log) => new("random", [.. log.Positions.Select(_ => Enumerable.Repeat(1.0 / log.Actions.Count, log.Actions.Count).ToArray())], null);

    /// <summary>One action for each row of the log, chosen for sure.</summary>
    public static TargetPolicy Choosing(string name, int[] chosen) => new(name, null, chosen);

    /// <summary>By how often another log has each action at each place.</summary>
    /// <exception cref="ValidationException">It lacks one of the log's places.</exception>
    public static TargetPolicy Counted(BanditLog log, BanditLog other, out BanditLog widened)
    {
        widened = Widened(log, other.Actions);
        return new(other.Name, Chances(widened, other.Name, other.Actions, other.Positions, other.Action, other.Position, Enumerable.Repeat(1.0, other.RowCount)), null);
    }

    /// <summary>By a table of chances.</summary>
    /// <exception cref="ValidationException">It lacks a column or one of the log's places, or a chance is none.</exception>
    public static TargetPolicy Written(BanditLog log, Table table, OffPolicyRequest request, out BanditLog widened)
    {
        (string[] actions, int[] action) = BanditLog.Numbered(table.Column(request.Action));
        bool hasPositions = table.Columns.Any(column => column.Name == (request.Position ?? "position"));
        (string[] positions, int[] position) = hasPositions ? BanditLog.Numbered(table.Column(request.Position ?? "position")) : ([""], new int[table.RowCount]);
        widened = Widened(log, actions);
        return new(table.Name, Chances(widened, table.Name, actions, positions, action, position,
            BanditLog.Numbers(table, "probability", value => value is >= 0 and <= 1, "a chance from 0 to 1")), null);
    }

    /// <summary>Chance of the row's own action.</summary>
    public double Chance(BanditLog log, int row) => _chances is not null ? _chances[log.Position[row]][log.Action[row]] : _chosen![row] == log.Action[row] ? 1 : 0;

    /// <summary>What the policy gets where each action has a worth: the worths weighed by its chances.</summary>
    /// <param name="worth">By action.</param>
    public double Expected(BanditLog log, int row, ReadOnlySpan<double> worth) => _chances is not null
        ? System.Numerics.Tensors.TensorPrimitives.Dot(_chances[log.Position[row]], worth)
        : worth[_chosen![row]];

    /// <summary>Share of its choices, at the places of the log's rows, that the log never holds at that place.</summary>
    public double Unsupported(BanditLog log)
    {
        HashSet<(int, int)> seen = [.. log.Position.Zip(log.Action)];
        if (_chosen is not null)
        {
            return Enumerable.Range(0, log.RowCount).Count(row => !seen.Contains((log.Position[row], _chosen[row]))) / (double)log.RowCount;
        }

        double[] missing = [.. _chances!.Select((chances, place) => chances.Where((chance, action) => !seen.Contains((place, action))).Sum())];
        return log.Position.Average(place => missing[place]);
    }

    /// <summary>The log with room for actions that it never holds itself.</summary>
    private static BanditLog Widened(BanditLog log, IReadOnlyList<string> actions) => log with { Actions = [.. log.Actions.Union(actions, StringComparer.Ordinal)] };

    private static double[][] Chances(BanditLog log, string name, IReadOnlyList<string> actions, IReadOnlyList<string> positions, int[] action, int[] position, IEnumerable<double> weights)
    {
        Dictionary<string, int> numbers = log.Actions.Index().ToDictionary(known => known.Item, known => known.Index, StringComparer.Ordinal);
        double[][] chances = [.. log.Positions.Select(_ => new double[log.Actions.Count])];
        int[][] placesOf = [.. positions.Select(place => positions is [""] ? [.. Enumerable.Range(0, log.Positions.Count)]
            : log.Positions.Index().Where(known => known.Item == place).Select(known => known.Index).ToArray())];
        foreach ((double weight, int row) in weights.Select((weight, row) => (weight, row)))
        {
            foreach (int place in placesOf[position[row]])
            {
                chances[place][numbers[actions[action[row]]]] += weight;
            }
        }

        for (int place = 0; place < chances.Length; place++)
        {
            double sum = chances[place].Sum();
            if (!(sum > 0))
            {
                throw new ValidationException($"{name} says nothing of place '{log.Positions[place]}', and the log has it. Give the policy's chances for each place of the log.");
            }

            System.Numerics.Tensors.TensorPrimitives.Divide(chances[place], sum, chances[place]);
        }

        return chances;
    }
}
