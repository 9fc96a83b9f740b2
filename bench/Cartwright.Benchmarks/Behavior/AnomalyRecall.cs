using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Tests.Behavior;

namespace Cartwright.Benchmarks.Behavior;

/// <summary>How many of the faults in sample shops are found, and how many findings are faults.</summary>
/// <remarks>Arguments: first and last seed (default 101 and 105), then maybe the scale of the shop (default 0.1).</remarks>
internal static class AnomalyRecall
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        int first = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 101;
        int last = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : first + 4;
        double scale = arguments.Length > 2 ? double.Parse(arguments[2], CultureInfo.InvariantCulture) : 0.1;
        var all = new List<FoundFaults>();
        Console.WriteLine("seed  recall  precision  faults  findings");
        for (int seed = first; seed <= last; seed++)
        {
            var clock = Stopwatch.StartNew();
            IReadOnlyList<FoundFaults> found = await FoundFaults.MeasureAsync(seed, scale);
            all.AddRange(found);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seed,4}  {found[0].Recall,6:0.000}  {found[0].Precision,9:0.000}  {found[0].Faults,6}  {found[0].Findings,8}  ({clock.Elapsed.TotalSeconds:0.0} s, the shop made)"));
        }

        Console.WriteLine();
        foreach (IGrouping<string, FoundFaults> of in all.GroupBy(found => found.Kind))
        {
            var sum = new FoundFaults(of.Key, of.Sum(f => f.Faults), of.Sum(f => f.FaultsFound), of.Sum(f => f.Findings), of.Sum(f => f.FindingsRight));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{sum.Kind,-16} recall {sum.Recall:0.000} ({sum.FaultsFound} of {sum.Faults}), precision {sum.Precision:0.000} ({sum.FindingsRight} of {sum.Findings})"));
        }

        return 0;
    }
}
