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
        using var trace = new OperationTrace();
        return new TracedRun(example, forward(example), trace);
    }

    /// <summary>Compares with a run on more rows. Sizes of shapes that differ become −1: they follow from the input.</summary>
    /// <exception cref="NotSupportedException">Something else differs.</exception>
    public void OpenSizes(TracedRun other)
    {
        if (!_nodes.Select(node => node.Type).SequenceEqual(other._nodes.Select(node => node.Type)))
        {
            throw new NotSupportedException("The model computes other operations for twice as many rows, so it can't be written as one graph.");
        }

        for (int i = 0; i < _nodes.Length; i++)
        {
            for (int input = 0; input < _nodes[i].Inputs.Length; input++)
            {
                _nodes[i].Inputs[input] = Compare(_nodes[i], input, _nodes[i].Inputs[input], other, other._nodes[i].Inputs[input]);
            }

            if (!_nodes[i].Attributes.Zip(other._nodes[i].Attributes).All(pair => IsSame(pair.First.Value, pair.Second.Value)))
            {
                throw Depends(_nodes[i]);
            }
        }
    }

    /// <param name="weights">Names of tensors that the file keeps under them.</param>
    /// <param name="other">A run on more rows, which says what sizes are open.</param>
    public OnnxWriter Write(Dictionary<object, string> weights, TracedRun other)
    {
        var writer = new OnnxWriter();
        var names = new Dictionary<object, string>(weights, ReferenceEqualityComparer.Instance);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, OnnxValue value, object key) in Inputs())
        {
            writer.Input(name, value, value.Shape.Select((size, axis) => axis == 0 ? "batch" : $"{size}"));
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

            ReadOnlySpan<int> sizes = result.Dimensions, otherSizes = other._results[name].Dimensions;
            string[] axes = new string[sizes.Length];
            for (int axis = 0; axis < axes.Length; axis++)
            {
                axes[axis] = sizes[axis] == otherSizes[axis] ? $"{sizes[axis]}" : axis == 0 ? "batch" : $"{name}_{axis}";
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
        .Concat(_example.Ids.Select(pair => (pair.Key, OnnxValue.Places(pair.Value, [pair.Value.Length]), (object)pair.Value)));

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

    private TracedInput Compare(TracedNode node, int input, TracedInput mine, TracedRun other, TracedInput theirs)
    {
        bool isGiven = IsGiven(mine.Value), isGivenThere = other.IsGiven(theirs.Value);
        if (isGiven || isGivenThere)
        {
            return isGiven && isGivenThere ? mine : throw Depends(node);
        }

        if (mine.Value is int[] sizes && theirs.Value is int[] otherSizes && sizes.Length == otherSizes.Length && node.Type == "Reshape" && input == 1)
        {
            int[] open = [.. sizes.Zip(otherSizes, (size, otherSize) => size == otherSize ? size : -1)];
            return open.Count(size => size == -1) <= 1 ? open : throw Depends(node);
        }

        return IsSame(mine.Value, theirs.Value) ? mine : throw Depends(node);
    }

    /// <summary>True for what is computed or goes in, and so may differ from run to run.</summary>
    private bool IsGiven(object? value) => value is TracedValue
        || (value is not null && (_trace.Find(value) is not null || _example.Tensors.Values.Contains(value) || _example.Ids.Values.Contains(value)));

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
