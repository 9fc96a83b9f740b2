using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>A model that was made elsewhere and came as an ONNX file: it answers, it can be cut at any tensor inside, and its weights go on learning.</summary>
/// <remarks>
/// Floats of every width are computed in 32 bits. Weights are the initializers that products, normalizations, tables and sums read;
/// the mean and the variance of a batch normalization, and numbers such as bounds and scales, stay as they are.
/// </remarks>
public sealed class OnnxModel : Module
{
    /// <summary>Operators by the inputs in which an initializer is a weight.</summary>
    private static readonly Dictionary<string, int[]> WeightInputs = new(StringComparer.Ordinal)
    {
        ["Conv"] = [1, 2],
        ["ConvTranspose"] = [1, 2],
        ["Gemm"] = [0, 1, 2],
        ["MatMul"] = [0, 1],
        ["BatchNormalization"] = [1, 2],
        ["LayerNormalization"] = [1, 2],
        ["InstanceNormalization"] = [1, 2],
        ["LSTM"] = [1, 2, 3],
        ["GRU"] = [1, 2, 3],
        ["RNN"] = [1, 2, 3],
        ["PRelu"] = [1],
        ["Gather"] = [0],
        ["Add"] = [0, 1],
        ["Mul"] = [0, 1],
    };

    private readonly string _file;
    private readonly int _opset;
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxValue> _values;
    private readonly Part[] _parts;

    private OnnxModel(string file, int opset, OnnxGraph graph, Dictionary<string, OnnxValue> values)
    {
        (_file, _opset, _graph, _values) = (file, opset, graph, values);
        _parts = [.. values.Where(value => value.Value is { IsFloat: true, Tensor.RequiresGradient: true })
            .OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => new Part(value.Key, value.Value.Tensor))];
    }

    /// <summary>Names of what has to be given.</summary>
    public IReadOnlyList<string> Inputs => _graph.Inputs;

    /// <summary>Names of what comes out.</summary>
    public IReadOnlyList<string> Outputs => _graph.Outputs;

    /// <summary>Everything that is computed on the way from the inputs to the outputs, in that order: where the model can be cut.</summary>
    public IReadOnlyList<OnnxTensorName> Tensors => Named(_graph);

    /// <summary>Operators that are computed here.</summary>
    public static IReadOnlyList<string> Operators => [.. OnnxOperators.Names.Order(StringComparer.Ordinal)];

    protected internal override IEnumerable<Part> Parts => _parts;

    /// <summary>Reads a model from one file.</summary>
    /// <param name="path">The file, with its weights inside.</param>
    /// <param name="outputs">Tensors of the graph to cut it at; its own outputs where none is named. What they don't need is not looked at.</param>
    /// <exception cref="ModelFormatException">The file is no ONNX file or damaged, a tensor is not in it, or a node has an operator that is not computed here.</exception>
    public static OnnxModel Load(string path, params IReadOnlyList<string> outputs)
    {
        (OnnxGraph graph, int opset) = OnnxReader.Read(path);
        return From(path, graph, opset, outputs);
    }

    /// <summary>What the graph in a file computes, in order, though it may have operators that are not computed here.</summary>
    /// <exception cref="ModelFormatException">The file is no ONNX file or damaged.</exception>
    public static IReadOnlyList<OnnxTensorName> TensorsOf(string path) => Named(OnnxReader.Read(path).Graph);

    /// <summary>A model of a graph that was read from a file of any kind.</summary>
    internal static OnnxModel From(string path, OnnxGraph graph, int opset, IReadOnlyList<string> outputs)
    {
        HashSet<string> weights = Weights(graph);
        Dictionary<string, OnnxValue> values = graph.Initializers.ToDictionary(
            pair => pair.Key,
            pair => weights.Contains(pair.Key) && pair.Value is { IsFloat: true, Length: > 1 } value
                ? Tensor.Parameter(value.Tensor.ToArray(), value.Sizes) : pair.Value,
            StringComparer.Ordinal);
        return Cut(path, opset, graph, values, outputs);
    }

    /// <summary>The part of the model that tensors inside it need, with the same weights: they learn in both.</summary>
    /// <param name="outputs">Names of tensors; their values come out.</param>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    public OnnxModel CutAt(params IReadOnlyList<string> outputs) => Cut(_file, _opset, _graph, _values, outputs);

    /// <summary>Computes a model of one input and one output of floats.</summary>
    /// <exception cref="ArgumentException">The model has more of either.</exception>
    /// <exception cref="ShapeException">The shape doesn't suit a node, which is named.</exception>
    public Tensor Forward(Tensor x)
    {
        if (Inputs.Count != 1 || Outputs.Count != 1)
        {
            throw new ArgumentException($"The model has the inputs {string.Join(", ", Inputs)} and the outputs {string.Join(", ", Outputs)}: give them by name to Run.");
        }

        return Run(new Dictionary<string, OnnxValue> { [Inputs[0]] = x })[Outputs[0]].Tensor;
    }

    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">A value for every input, by name.</param>
    /// <exception cref="ArgumentException">An input is missing.</exception>
    /// <exception cref="ShapeException">
    /// A shape or an attribute doesn't suit a node, which is named; or a node makes more than 2^28 numbers (1 GB) and than 256 for each number
    /// that it reads; or all nodes together make more than 2^28 numbers and than half of the memory holds.
    /// </exception>
    public IReadOnlyDictionary<string, OnnxValue> Run(IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        var values = new Dictionary<string, OnnxValue>(_values, StringComparer.Ordinal);
        foreach (string input in Inputs)
        {
            values[input] = inputs.TryGetValue(input, out OnnxValue? value) ? value
                : throw new ArgumentException($"Input '{input}' is missing; the model has {string.Join(", ", Inputs)}.", nameof(inputs));
        }

        using AllocationLimit limit = RunRoom.BeginRun(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        Run(_graph, values);
        return _graph.Outputs.ToDictionary(output => output, output => values[output], StringComparer.Ordinal);
    }

    private void Run(OnnxGraph graph, Dictionary<string, OnnxValue> values)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxValue?[] given = [.. node.Inputs.Select(input => input.Length == 0 ? null : values.GetValueOrDefault(input)
                ?? throw new ModelFormatException(_file, $"The {node} reads '{input}', which nothing before it computes."))];
            OnnxValue[] results;
            try
            {
                Array.ForEach(given, RefuseEndless);

                // The nodes of a graph inside this one have limits of their own.
                using AllocationLimit? limit = Branches(node).Any() ? null : RunRoom.BeginNode(given);
                results = OnnxOperators.Run(new OnnxCall(node, given, _opset, branch => RunBranch(branch, values)));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or ArithmeticException or IndexOutOfRangeException
                or InvalidCastException or OutOfMemoryException)
            {
                throw new ShapeException($"The {node} can't be computed for inputs of the shapes {string.Join(", ", given.Select(Describe))}: {e.Message}", e);
            }

            for (int i = 0; i < Math.Min(results.Length, node.Outputs.Count); i++)
            {
                values[node.Outputs[i]] = results[i];
            }
        }
    }

    /// <summary>A graph inside the graph sees the values around it.</summary>
    private OnnxValue[] RunBranch(OnnxGraph branch, Dictionary<string, OnnxValue> around)
    {
        var values = new Dictionary<string, OnnxValue>(around, StringComparer.Ordinal);
        foreach ((string name, OnnxValue value) in branch.Initializers)
        {
            values[name] = value;
        }

        Run(branch, values);
        return [.. branch.Outputs.Select(output => values.GetValueOrDefault(output) ?? throw new ShapeException($"Its branch does not compute '{output}'."))];
    }

    /// <summary>Refuses a tensor without numbers that has a huge axis: it takes no room, but lists of the axis' places would.</summary>
    private static void RefuseEndless(OnnxValue? value)
    {
        if (value is { Length: 0 } && value.Sizes.Max() > ConvOptions.MostPlaces)
        {
            throw new ShapeException($"A tensor without numbers has an axis of {value.Sizes.Max()} places; {ConvOptions.MostPlaces} are the most.");
        }
    }

    private static OnnxTensorName[] Named(OnnxGraph graph) =>
        [.. graph.Nodes.SelectMany(node => node.Outputs.Where(output => output.Length > 0).Select(output => new OnnxTensorName(output, node.Operator)))];

    private static string Describe(OnnxValue? value) => value is null ? "none" : $"[{string.Join(", ", value.Sizes)}]";

    private static HashSet<string> Weights(OnnxGraph graph) => graph.Nodes
        .SelectMany(node => WeightInputs.GetValueOrDefault(node.Operator, []).Where(input => input < node.Inputs.Count).Select(input => node.Inputs[input]))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Leaves of a graph the nodes that the outputs need.</summary>
    private static OnnxModel Cut(string file, int opset, OnnxGraph graph, Dictionary<string, OnnxValue> values, IReadOnlyList<string> outputs)
    {
        outputs = outputs.Count > 0 ? outputs : graph.Outputs;
        HashSet<string> needed = new(outputs, StringComparer.Ordinal);
        List<OnnxNode> nodes = [];
        HashSet<string> made = [.. graph.Inputs, .. values.Keys];
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(needed.Contains))
            {
                nodes.Add(node);
                needed.UnionWith(Reads(node));
                made.UnionWith(node.Outputs);
            }
        }

        nodes.Reverse();
        string? absent = outputs.FirstOrDefault(output => !made.Contains(output));
        if (absent is not null)
        {
            throw new ModelFormatException(file, $"The graph has no tensor '{absent}'; OnnxModel.TensorsOf lists those it has. Its last ones are {string.Join(", ", graph.Nodes.TakeLast(5).SelectMany(node => node.Outputs))}.");
        }

        RefuseUnknown(file, nodes);
        Dictionary<string, OnnxValue> kept = values.Where(value => needed.Contains(value.Key)).ToDictionary(StringComparer.Ordinal);
        return new OnnxModel(file, opset, new OnnxGraph(nodes, graph.Initializers, [.. graph.Inputs.Where(needed.Contains)], outputs), kept);
    }

    /// <summary>What a node reads, in the graphs inside it as well.</summary>
    private static IEnumerable<string> Reads(OnnxNode node) =>
        node.Inputs.Concat(Branches(node).SelectMany(branch => branch.Outputs.Concat(branch.Nodes.SelectMany(Reads))));

    private static IEnumerable<OnnxGraph> Branches(OnnxNode node) => node.Attributes.Values.OfType<OnnxGraph>();

    private static void RefuseUnknown(string file, IEnumerable<OnnxNode> nodes)
    {
        foreach (OnnxNode node in nodes)
        {
            if (!OnnxOperators.Contains(node))
            {
                throw new ModelFormatException(file,
                    $"The {node} has an operator that is not computed here. Cut the model before it, at {string.Join(" or ", node.Inputs.Where(input => input.Length > 0))}, or export it with other operators.");
            }

            foreach (OnnxGraph branch in Branches(node))
            {
                RefuseUnknown(file, branch.Nodes);
            }
        }
    }
}

/// <summary>A tensor inside a model.</summary>
/// <param name="Name">What it is called in the file.</param>
/// <param name="Operator">What computes it: "Conv", "Relu", …</param>
public readonly record struct OnnxTensorName(string Name, string Operator);
