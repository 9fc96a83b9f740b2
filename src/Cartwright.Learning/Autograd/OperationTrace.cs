using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>While open on this thread, operations leave a record of what they computed from what, in the words of the ONNX standard: so a model written in plain C# becomes a file.</summary>
/// <remarks>Nothing is recorded, and nothing costs anything, while none is open.</remarks>
internal sealed class OperationTrace : IDisposable
{
    [ThreadStatic]
    private static OperationTrace? _current;

    private readonly OperationTrace? _outer = _current;
    private readonly Dictionary<object, TracedValue> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _silent = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int[], TracedSequences> _sequences = [];
    private readonly HashSet<int[]> _given;
    private readonly List<TracedNode> _nodes = [];

    /// <param name="given">Whole numbers that go into the model.</param>
    public OperationTrace(IEnumerable<int[]> given) => (_given, _current) = ([.. given], this);

    /// <summary>The innermost one that is open on this thread.</summary>
    public static OperationTrace? Current => _current;

    public IReadOnlyList<TracedNode> Nodes => _nodes;

    public void Dispose() => _current = _outer;

    /// <summary>Whether these whole numbers go into the model.</summary>
    public bool IsGiven(int[] integers) => _given.Contains(integers);

    /// <summary>Sequences of these offsets, said once however many layers ask.</summary>
    public TracedSequences Once(int[] offsets, Func<TracedSequences> make) =>
        _sequences.TryGetValue(offsets, out TracedSequences? made) ? made : _sequences[offsets] = make();

    /// <summary>What was computed as this tensor or as these whole numbers; null for what came from elsewhere.</summary>
    /// <exception cref="NotSupportedException">It was computed by an operation that leaves no record.</exception>
    public TracedValue? Find(object value) => _values.TryGetValue(value, out TracedValue? traced) ? traced
        : value is Tensor tensor && _silent.TryGetValue(tensor, out string? operation)
            ? throw new NotSupportedException($"The operation {operation} has no form in ONNX yet; a model that uses it can't be exported.") : null;

    /// <summary>Remembers a result whose operation has still to say what it was.</summary>
    public void Expect(Tensor result, string operation) => _silent[result] = operation;

    /// <summary>Says how a tensor was computed.</summary>
    public void Record(Tensor output, string type, ReadOnlySpan<TracedInput> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Bind(output, Node(type, inputs, attributes));

    /// <summary>Says that a value is what the tensor, or the whole numbers, hold.</summary>
    public void Bind(object output, TracedValue value) => _values[output] = value;

    /// <summary>A step on the way to a result.</summary>
    public TracedValue Node(string type, ReadOnlySpan<TracedInput> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Node(type, 1, inputs, attributes)[0];

    /// <summary>A step with several results.</summary>
    public TracedValue[] Node(string type, int outputs, ReadOnlySpan<TracedInput> inputs, params ReadOnlySpan<(string, object)> attributes)
    {
        TracedValue[] results = [.. Enumerable.Range(0, outputs).Select(_ => new TracedValue())];
        _nodes.Add(new TracedNode(type, inputs.ToArray(), results, attributes.ToArray()));
        return results;
    }
}

/// <summary>Something that a node makes; it is nothing but itself.</summary>
internal sealed class TracedValue;

/// <summary>What a node reads: a tensor, whole numbers, sizes that follow from the input, the result of a node, or nothing.</summary>
internal readonly struct TracedInput
{
    private TracedInput(object value) => Value = value;

    public object? Value { get; }

    public static implicit operator TracedInput(Tensor tensor) => new(tensor);

    public static implicit operator TracedInput(int[] integers) => new(integers);

    public static implicit operator TracedInput(OpenSizes sizes) => new(sizes);

    public static implicit operator TracedInput(TracedValue value) => new(value);
}

/// <summary>One operation.</summary>
/// <param name="Type">Operator of the ONNX standard, version 20.</param>
internal sealed record TracedNode(string Type, TracedInput[] Inputs, TracedValue[] Outputs, (string Name, object Value)[] Attributes);
