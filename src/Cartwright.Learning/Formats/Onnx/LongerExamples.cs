using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Runs on examples of other sizes with other numbers at other places: for every open axis one in which it is longer.</summary>
/// <remarks>
/// From n places they go to 2n + 1, which no number above 1 divides together with n: a half that is rounded shows there. A model that
/// takes pairs, or counts up to 2n, can't run on that, so other sizes near it are tried, and 2n last.
/// </remarks>
internal static class LongerExamples
{
    /// <summary>All products of open sizes are tried, which are twice as many with every name.</summary>
    private const int MostNames = 12;

    /// <summary>What is added to twice the size, in the order in which it is tried.</summary>
    private static readonly int[] Added = [1, -1, 2, 3, 4, 5, 6, 8, 16, 32, 0];

    /// <summary>The name of the first axis of what has no names.</summary>
    private const string Batch = "batch";

    /// <summary>The axis that has a place for each sequence of the offsets.</summary>
    private const string Sequences = "sequences";

    /// <exception cref="NotSupportedException">The model can't run on them, or does what no file can hold.</exception>
    public static IEnumerable<TracedRun> Run(OnnxExample example, Func<OnnxExample, IReadOnlyDictionary<string, Tensor>> forward)
    {
        string[] tokens = [.. example.Offsets.Keys.Select(name => NameOf(example, name, 0)).Distinct(StringComparer.Ordinal)];
        foreach (string name in Names(example).Where(name => tokens.Length == 0 || name != Sequences))
        {
            int size = Axes([example]).First(axis => axis.Name == name).Sizes[0];
            yield return First(name, size, forward, added => Longer(example, other => other == name, added,
                offsets => NameOf(example, offsets.Key, 0) == name ? Longer(offsets.Value, added) : offsets.Value));
        }

        if (tokens.Length > 0)
        {
            int sequences = Axes([example]).First(axis => axis.Name == Sequences).Sizes[0];
            yield return First(Sequences, sequences, forward, added => Longer(example, name => name == Sequences || tokens.Contains(name), added,
                offsets => More(offsets.Value, added)), Added.Where(added => added >= 0));
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

    private static string[] Names(OnnxExample example)
    {
        string? unknown = example.Axes.Keys.FirstOrDefault(name => !example.Tensors.ContainsKey(name) && !example.Ids.ContainsKey(name) && !example.Offsets.ContainsKey(name));
        if (unknown is not null)
        {
            throw new ArgumentException($"Axes are named for '{unknown}', which is no input of the example.", nameof(example));
        }

        foreach ((string input, IReadOnlyList<string> named) in example.Axes)
        {
            int rank = example.Tensors.TryGetValue(input, out Tensor? tensor) ? tensor.Rank : 1;
            if (named.Count > rank)
            {
                throw new ArgumentException($"Axes of '{input}' are named {string.Join(", ", named.Select(name => $"'{name}'"))}, and it has {rank}. Leave out the last names.", nameof(example));
            }
        }

        string[] names = [.. Axes([example]).Select(axis => axis.Name).Distinct(StringComparer.Ordinal)];
        return names.Length <= MostNames ? names : throw new ArgumentException(
            $"The example has {names.Length} open axes of different names; {MostNames} are the most. Give one name to axes of one size, or call them \"\" to keep them fixed.", nameof(example));
    }

    private static string NameOf(OnnxExample example, string input, int axis) =>
        example.Axes.TryGetValue(input, out IReadOnlyList<string>? names) ? axis < names.Count ? names[axis] : "" : axis == 0 ? Batch : "";

    /// <summary>The run on the first of these sizes that the model takes.</summary>
    private static TracedRun First(
        string name, int size, Func<OnnxExample, IReadOnlyDictionary<string, Tensor>> forward, Func<int, OnnxExample> longer, IEnumerable<int>? sizes = null)
    {
        Exception? refused = null;
        foreach (int added in (sizes ?? Added).Where(added => added <= size && size + added > 0))
        {
            OnnxExample example = longer(added);
            try
            {
                return TracedRun.Of(example, forward);
            }
            catch (Exception e) when (e is not NotSupportedException)
            {
                refused ??= e;
            }
        }

        throw new NotSupportedException(
            $"The model can't run on an example that is longer along '{name}': {refused?.Message} Call the axis \"\" to keep it fixed.", refused);
    }

    private static OnnxExample Longer(OnnxExample example, Func<string, bool> isLonger, int added, Func<KeyValuePair<string, int[]>, int[]> offsets) => example with
    {
        Tensors = example.Tensors.ToDictionary(pair => pair.Key, pair => Enumerable.Range(0, pair.Value.Rank)
            .Where(axis => isLonger(NameOf(example, pair.Key, axis)))
            .Aggregate(pair.Value, (x, axis) => Longer(x, axis, added)), StringComparer.Ordinal),
        Ids = example.Ids.ToDictionary(pair => pair.Key, pair => isLonger(NameOf(example, pair.Key, 0)) ? LongerIds(pair.Value, added) : pair.Value, StringComparer.Ordinal),
        Offsets = example.Offsets.ToDictionary(pair => pair.Key, offsets, StringComparer.Ordinal),
    };

    /// <summary>The places in reverse, then as they are, and from the start again.</summary>
    private static Tensor Longer(Tensor x, int axis, int added) =>
        Arrangement.Concat(axis, x.Slice(axis, -1, int.MinValue, -1), x, x).Slice(axis, 0, (2 * x.Dimensions[axis]) + added);

    private static int[] LongerIds(int[] ids, int added) => [.. ids.Reverse().Concat(ids).Concat(ids).Take((2 * ids.Length) + added)];

    /// <summary>As many sequences with more tokens, all in the first one: no model that counts on equal lengths gets by.</summary>
    private static int[] Longer(int[] offsets, int added) => [.. offsets.Select((offset, s) => s == 0 ? offset : offset + offsets[^1] + added)];

    /// <summary>The sequences in reverse, then as they are, and those that are added with one token each.</summary>
    private static int[] More(int[] offsets, int added) =>
    [
        .. offsets.Reverse().Select(offset => offsets[^1] - offset), .. offsets[1..].Select(offset => offset + offsets[^1]),
        .. Enumerable.Range((2 * offsets[^1]) + 1, added),
    ];
}
