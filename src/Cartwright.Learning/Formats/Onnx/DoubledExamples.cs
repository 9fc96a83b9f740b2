using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Examples of other sizes with other numbers at other places: for every open axis one in which it is twice as long.</summary>
internal static class DoubledExamples
{
    /// <summary>The name of the first axis of what has no names.</summary>
    private const string Batch = "batch";

    /// <summary>The axis that has a place for each sequence of the offsets.</summary>
    private const string Sequences = "sequences";

    public static IEnumerable<OnnxExample> Of(OnnxExample example)
    {
        string[] tokens = [.. example.Offsets.Keys.Select(name => NameOf(example, name, 0)).Distinct(StringComparer.Ordinal)];
        foreach (string name in Names(example).Where(name => tokens.Length == 0 || name != Sequences))
        {
            yield return Doubled(example, other => other == name, offsets => NameOf(example, offsets.Key, 0) == name ? Longer(offsets.Value) : offsets.Value);
        }

        if (tokens.Length > 0)
        {
            yield return Doubled(example, name => name == Sequences || tokens.Contains(name), offsets => More(offsets.Value));
        }
    }

    /// <summary>The open axes of all inputs, with their sizes in these runs.</summary>
    public static IEnumerable<OpenAxis> Axes(IReadOnlyList<OnnxExample> runs)
    {
        foreach ((string input, Tensor tensor) in runs[0].Tensors)
        {
            for (int axis = 0; axis < tensor.Rank; axis++)
            {
                if (NameOf(runs[0], input, axis) is { Length: > 0 } name)
                {
                    yield return new OpenAxis(name, input, axis, 0, [.. runs.Select(run => run.Tensors[input].Dimensions[axis])]);
                }
            }
        }

        foreach (string input in runs[0].Ids.Keys)
        {
            yield return new OpenAxis(NameOf(runs[0], input, 0), input, 0, 0, [.. runs.Select(run => run.Ids[input].Length)]);
        }

        foreach (string input in runs[0].Offsets.Keys)
        {
            yield return new OpenAxis(Sequences, input, 0, 1, [.. runs.Select(run => run.Offsets[input].Length - 1)]);
        }
    }

    private static IEnumerable<string> Names(OnnxExample example)
    {
        string? unknown = example.Axes.Keys.FirstOrDefault(name => !example.Tensors.ContainsKey(name) && !example.Ids.ContainsKey(name) && !example.Offsets.ContainsKey(name));
        return unknown is not null
            ? throw new ArgumentException($"Axes are named for '{unknown}', which is no input of the example.", nameof(example))
            : Axes([example]).Select(axis => axis.Name).Distinct(StringComparer.Ordinal);
    }

    private static string NameOf(OnnxExample example, string input, int axis) =>
        example.Axes.TryGetValue(input, out IReadOnlyList<string>? names) ? axis < names.Count ? names[axis] : "" : axis == 0 ? Batch : "";

    private static OnnxExample Doubled(OnnxExample example, Func<string, bool> isDoubled, Func<KeyValuePair<string, int[]>, int[]> offsets) => example with
    {
        Tensors = example.Tensors.ToDictionary(pair => pair.Key, pair => Enumerable.Range(0, pair.Value.Rank)
            .Where(axis => isDoubled(NameOf(example, pair.Key, axis)))
            .Aggregate(pair.Value, (x, axis) => Arrangement.Concat(axis, x.Slice(axis, -1, int.MinValue, -1), x)), StringComparer.Ordinal),
        Ids = example.Ids.ToDictionary(pair => pair.Key, pair => isDoubled(NameOf(example, pair.Key, 0)) ? [.. pair.Value.Reverse(), .. pair.Value] : pair.Value, StringComparer.Ordinal),
        Offsets = example.Offsets.ToDictionary(pair => pair.Key, offsets, StringComparer.Ordinal),
    };

    /// <summary>As many sequences with twice as many tokens, all in the first one: no model that counts on equal lengths gets by.</summary>
    private static int[] Longer(int[] offsets) => [.. offsets.Select((offset, s) => s == 0 ? offset : offset + offsets[^1])];

    /// <summary>The sequences in reverse, then as they are.</summary>
    private static int[] More(int[] offsets) => [.. offsets.Reverse().Select(offset => offsets[^1] - offset), .. offsets[1..].Select(offset => offset + offsets[^1])];
}
