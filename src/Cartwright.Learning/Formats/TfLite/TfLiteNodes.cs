using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.TfLite;

/// <summary>The ONNX nodes of a TensorFlow Lite network as they are written, and which of its tensors lie with their channels first.</summary>
internal sealed class TfLiteNodes
{
    private static readonly long[] ToFirst = [0, 3, 1, 2], ToLast = [0, 2, 3, 1];

    private readonly TfLiteFile _file;
    private readonly string[] _names;
    private readonly Dictionary<string, OnnxValue> _initializers = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly HashSet<int> _turned = [];
    private readonly Dictionary<int, OnnxValue> _constants = [];

    public TfLiteNodes(TfLiteFile file)
    {
        _file = file;
        for (int i = 0; i < file.Tensors.Length; i++)
        {
            if (file.Tensors[i].Value is { } value)
            {
                _constants[i] = value;
            }
        }

        // Converters join the names of what they fused; the first one is enough to tell what is computed.
        var taken = new HashSet<string>(StringComparer.Ordinal);
        _names = new string[file.Tensors.Length];
        for (int i = 0; i < _names.Length; i++)
        {
            string whole = file.Tensors[i].Name, first = _constants.ContainsKey(i) ? whole : whole.Split(';')[0];
            _names[i] = taken.Add(first) ? first : taken.Add(whole) ? whole : $"{whole}#{i}";
            taken.Add(_names[i]);
        }

        _turned.UnionWith(file.Inputs.Where(input => input >= 0 && ShapeOf(input).Length == 4));
    }

    /// <summary>The place of an axis once channels are first.</summary>
    public static long Turned(long axis) => Array.IndexOf(ToFirst, axis);

    /// <summary>The order of axes in which a tensor lies.</summary>
    public long[] Order(int tensor) => IsTurned(tensor) ? ToFirst : [.. Enumerable.Range(0, ShapeOf(tensor).Length).Select(axis => (long)axis)];

    public OnnxGraph Graph() => new(
        _nodes, _initializers, [.. _file.Inputs.Where(input => input >= 0).Select(Name)], [.. _file.Outputs.Where(output => output >= 0).Select(Name)]);

    public string Name(int tensor) => _names[tensor];

    public int[] ShapeOf(int tensor) => tensor >= 0 ? _file.Tensors[tensor].Shape : [];

    public bool IsTurned(int tensor) => _turned.Contains(tensor);

    public void Turn(int tensor, bool isTurned = true)
    {
        if (isTurned)
        {
            _turned.Add(tensor);
        }
    }

    /// <summary>Takes a constant for what an operator makes of it.</summary>
    public bool Passes(int from, int to)
    {
        bool isConstant = _constants.TryGetValue(from, out OnnxValue? value);
        if (isConstant)
        {
            _constants[to] = value!;
        }

        return isConstant;
    }

    /// <summary>The name under which the tensor is found with its channels first. A list of numbers, one for each channel, gets the axes behind it.</summary>
    public string First(int tensor)
    {
        if (_constants.TryGetValue(tensor, out OnnxValue? value))
        {
            return Constant(Name(tensor) + "/first", value.IsFloat && value.Shape.Count == 4 ? Copy(value.Tensor.Transpose(0, 3, 1, 2))
                : value.IsFloat && value.Shape.Count == 1 && value.Shape[0] > 1 ? value.Tensor.Reshape(value.Shape[0], 1, 1) : value);
        }

        return IsTurned(tensor) || ShapeOf(tensor).Length != 4 ? Name(tensor) : Transposed(tensor, "/first", ToFirst);
    }

    /// <summary>The name under which the tensor is found as the file has it.</summary>
    public string Last(int tensor) => _constants.TryGetValue(tensor, out OnnxValue? value) ? Constant(Name(tensor), value)
        : IsTurned(tensor) ? Transposed(tensor, "/last", ToLast) : Name(tensor);

    public string Constant(string name, OnnxValue value)
    {
        _initializers[name] = value;
        return name;
    }

    /// <summary>A weight that comes with the file.</summary>
    public Tensor Weight(int tensor, int rank) => tensor >= 0 && _constants.TryGetValue(tensor, out OnnxValue? value) && value.IsFloat && value.Shape.Count == rank
        ? value.Tensor
        : throw Error($"'{(tensor < 0 ? "" : Name(tensor))}' should be a weight with {rank} axes that comes with the file in 16 or 32 bits. Take the network without 8-bit numbers.");

    /// <summary>Whole numbers that come with the file.</summary>
    public long[] Whole(int tensor) => tensor >= 0 && _constants.TryGetValue(tensor, out OnnxValue? value) && !value.IsFloat
        ? value.Whole : throw Error($"'{(tensor < 0 ? "" : Name(tensor))}' should be whole numbers that come with the file.");

    public void Add(string type, IReadOnlyList<string> inputs, string output, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var settings = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, object value) in attributes)
        {
            settings[name] = value;
        }

        _nodes.Add(new OnnxNode(output, type, "", inputs, [output], settings));
    }

    /// <summary>Keeps an operator that nobody computes here: what doesn't need it can still be cut out.</summary>
    public void AddUnknown(TfLiteOperator node) => _nodes.Add(new OnnxNode(
        Name(node.Outputs[0]), $"operator {node.Code}", "tflite", [.. node.Inputs.Where(input => input >= 0).Select(Last)],
        [.. node.Outputs.Select(Name)], new Dictionary<string, object>(StringComparer.Ordinal)));

    public ModelFormatException Error(string message) => new(_file.File, message);

    /// <summary>The numbers in their new order, without memory of how they came there.</summary>
    public static Tensor Copy(Tensor tensor) => Tensor.From(tensor.ToArray(), tensor.Dimensions);

    private string Transposed(int tensor, string ending, long[] order)
    {
        string name = Name(tensor) + ending;
        Add("Transpose", [Name(tensor)], name, ("perm", order));
        return name;
    }
}
