using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>A run of a model with the record of its operations.</summary>
internal sealed class TracedRun
{
    private readonly OnnxExample _example;
    private readonly IReadOnlyDictionary<string, Tensor> _results;
    private readonly OperationTrace _trace;
    private readonly TracedNode[] _nodes;

    private TracedRun(OnnxExample example, IReadOnlyDictionary<string, Tensor> results, OperationTrace trace)
    {
        (_example, _results, _trace) = (example, results, trace);
        _nodes = Needed();
    }

    public static TracedRun Of(OnnxExample example, Func<OnnxExample, IReadOnlyDictionary<string, Tensor>> forward)
    {
        using var trace = new OperationTrace(example.Ids.Values.Concat(example.Offsets.Values));
        return new TracedRun(example, forward(example), trace);
    }

    /// <summary>Compares with runs on larger examples. Sizes that differ become formulas of the input's sizes.</summary>
    /// <exception cref="NotSupportedException">Something else differs.</exception>
    public void OpenSizes(TracedRun[] others)
    {
        if (!Array.TrueForAll(others, other => _nodes.Select(node => node.Type).SequenceEqual(other._nodes.Select(node => node.Type))))
        {
            throw new NotSupportedException("The model computes other operations for a larger example, so it can't be written as one graph.");
        }

        OpenAxis[] axes = [.. LongerExamples.Axes([_example, .. others.Select(other => other._example)])
            .GroupBy(axis => axis.Name, StringComparer.Ordinal).Where(named => named.All(axis => axis.Sizes.SequenceEqual(named.First().Sizes))).Select(named => named.First())];
        for (int i = 0; i < _nodes.Length; i++)
        {
            for (int input = 0; input < _nodes[i].Inputs.Length; input++)
            {
                _nodes[i].Inputs[input] = Compare(i, input, others, axes);
            }

            foreach (TracedRun other in others)
            {
                if (!_nodes[i].Attributes.Zip(other._nodes[i].Attributes).All(pair => IsSame(pair.First.Value, pair.Second.Value)))
                {
                    throw Depends(_nodes[i]);
                }
            }
        }
    }

    /// <param name="weights">Names of tensors that the file keeps under them.</param>
    /// <param name="others">Runs on larger examples, which say what sizes are open.</param>
    public OnnxWriter Write(Dictionary<object, string> weights, TracedRun[] others)
    {
        var writer = new OnnxWriter();
        var names = new Dictionary<object, string>(weights, ReferenceEqualityComparer.Instance);
        var written = new HashSet<string>(StringComparer.Ordinal);
        OpenAxis[] open = [.. LongerExamples.Axes([_example, .. others.Select(run => run._example)])];
        foreach ((string name, OnnxValue value, object key) in Inputs())
        {
            writer.Input(name, value, value.Shape.Select((size, axis) =>
                Array.Find(open, own => own.Input == name && own.Axis == axis) is { } own ? own.Less == 0 ? own.Name : name : $"{size}"));
            names[key] = name;
            written.Add(name);
        }

        var isWanted = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, Tensor result) in _results)
        {
            if (_trace.Find(result) is { } value && names.TryAdd(value, name))
            {
                isWanted.Add(name);
            }
        }

        var formulas = new SizeWriter(writer);
        foreach (TracedNode node in _nodes)
        {
            writer.Node(node.Type, node.Inputs.Select(input => Name(input.Value)).ToArray(), node.Outputs.Select(output => Name(output)),
                node.Attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value is Tensor tensor ? OnnxValue.From(tensor) : attribute.Value)));
        }

        foreach ((string name, Tensor result) in _results)
        {
            if (!isWanted.Contains(name))
            {
                writer.Node("Identity", [Name(result)], [name], []);
            }

            string[] axes = new string[result.Rank];
            for (int axis = 0; axis < axes.Length; axis++)
            {
                int[] sizes = [result.Dimensions[axis], .. others.Select(run => run._results[name].Dimensions[axis])];
                axes[axis] = !sizes.AsSpan().ContainsAnyExcept(sizes[0]) ? $"{sizes[0]}"
                    : Array.Find(open, own => own.Sizes.SequenceEqual(sizes))?.Name ?? $"{name}_{axis}";
            }

            writer.Output(name, result, axes);
        }

        return writer;

        string Name(object? input)
        {
            object? value = input is null or TracedValue ? input : _trace.Find(input) ?? input;
            if (value is null)
            {
                return "";
            }

            if (value is OpenSizes sizes)
            {
                return formulas.Write(sizes);
            }

            if (!names.TryGetValue(value, out string? name))
            {
                names[value] = name = value is TracedValue ? $"value_{names.Count}" : $"constant_{names.Count}";
            }

            if (value is not TracedValue && written.Add(name))
            {
                writer.Initializer(name, value is Tensor tensor ? tensor : OnnxValue.Places((int[])value, [((int[])value).Length]));
            }

            return name;
        }
    }

    private IEnumerable<(string Name, OnnxValue Value, object Key)> Inputs() => _example.Tensors
        .Select(pair => (pair.Key, (OnnxValue)pair.Value, (object)pair.Value))
        .Concat(_example.Ids.Concat(_example.Offsets).Select(pair => (pair.Key, OnnxValue.Places(pair.Value, [pair.Value.Length]), (object)pair.Value)));

    /// <summary>The nodes that the results need.</summary>
    private TracedNode[] Needed()
    {
        var needed = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (Tensor result in _results.Values)
        {
            needed.Add(_trace.Find(result) ?? (object)result);
        }

        List<TracedNode> nodes = [];
        foreach (TracedNode node in _trace.Nodes.Reverse().Where(node => Array.Exists(node.Outputs, needed.Contains)))
        {
            nodes.Add(node with { Inputs = [.. node.Inputs] });
            foreach (object input in node.Inputs.Select(input => input.Value).OfType<object>())
            {
                needed.Add(input as TracedValue ?? _trace.Find(input) ?? input);
            }
        }

        nodes.Reverse();
        return [.. nodes];
    }

    private TracedInput Compare(int i, int input, TracedRun[] others, OpenAxis[] axes)
    {
        (TracedNode node, TracedInput mine) = (_nodes[i], _nodes[i].Inputs[input]);
        object?[] theirs = Array.ConvertAll(others, other => other._nodes[i].Inputs[input].Value);
        bool isGiven = IsGiven(mine.Value);
        if (others.Where((other, run) => other.IsGiven(theirs[run]) != isGiven).Any())
        {
            throw Depends(node);
        }

        if (isGiven || Array.TrueForAll(theirs, value => IsSame(mine.Value, value)))
        {
            return mine;
        }

        bool isShape = node.Type == "Reshape" && input == 1;
        if (mine.Value is not int[] sizes || !Array.TrueForAll(theirs, value => value is int[] other && other.Length == sizes.Length))
        {
            throw Depends(node);
        }

        int[][] runs = [.. sizes.Select((size, axis) => (int[])[size, .. theirs.Select(value => ((int[])value!)[axis])])];
        bool[] differ = Array.ConvertAll(runs, run => run.AsSpan().ContainsAnyExcept(run[0]));
        if (isShape && differ.AsSpan().Count(true) == 1)
        {
            return Array.ConvertAll(runs, run => run.AsSpan().ContainsAnyExcept(run[0]) ? -1 : run[0]);
        }

        // Where a reshape leaves an axis as it was, 0 says so.
        SizeFormula?[] formulas = [.. runs.Select((run, axis) => isShape && differ[axis] && IsSizeOf(axis, run, i, others) ? new SizeFormula(0, 1, []) : SizeFormula.Of(run, axes))];
        return formulas.Count(formula => formula is null) <= (isShape ? 1 : 0) ? new OpenSizes(formulas) : throw new NotSupportedException(
            $"The operation {node.Type} uses [{string.Join(", ", sizes)}] for the example and {string.Join(" and ", theirs.Select(value => $"[{string.Join(", ", (int[])value!)}]"))} for longer ones. "
            + "Only open sizes, their products and multiples of those can be written, and nothing that is rounded or subtracted. Call the axis \"\" to keep it fixed, or export a part of the model.");
    }

    private bool IsSizeOf(int axis, int[] sizes, int i, TracedRun[] others) => new[] { this }.Concat(others).Zip(sizes)
        .All(run => run.First._nodes[i].Inputs[0].Value is Tensor x && axis < x.Rank && x.Dimensions[axis] == run.Second);

    /// <summary>True for what is computed or goes in, and so may differ from run to run.</summary>
    private bool IsGiven(object? value) => value is TracedValue
        || (value is not null && (_trace.Find(value) is not null || (value is int[] integers && _trace.IsGiven(integers)) || _example.Tensors.Values.Contains(value)));

    private static bool IsSame(object? x, object? y) => (x, y) switch
    {
        (Tensor a, Tensor b) => ReferenceEquals(a, b) || (a.Dimensions.SequenceEqual(b.Dimensions) && a.Values.SequenceEqual(b.Values)),
        (int[] a, int[] b) => a.AsSpan().SequenceEqual(b),
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        _ => Equals(x, y),
    };

    private static NotSupportedException Depends(TracedNode node) => new(
        $"A number that the operation {node.Type} uses depends on the example in a way that no operation computes, so it can't be written. Compute it with tensor operations, or export a part of the model.");
}
