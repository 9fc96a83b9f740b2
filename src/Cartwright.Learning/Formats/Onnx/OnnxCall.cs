using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>One node with the values that go into it.</summary>
/// <param name="node">What is computed.</param>
/// <param name="inputs">Null for an input that is left out.</param>
/// <param name="opset">Version of the operators, which says how attributes are to be read.</param>
/// <param name="runBranch">Computes a graph inside this one.</param>
internal sealed class OnnxCall(OnnxNode node, OnnxValue?[] inputs, int opset, Func<OnnxGraph, OnnxValue[]> runBranch)
{
    /// <summary>Most numbers that a node may make out of a size in the file: 1 GB of floats.</summary>
    private const int MostNumbers = 1 << 28;

    public OnnxNode Node => node;

    public int Opset => opset;

    public int InputCount => inputs.Length;

    /// <exception cref="ShapeException">The node has no such input.</exception>
    public OnnxValue this[int input] => Optional(input) ?? throw new ShapeException($"Input {input} is missing.");

    public bool Has(int input) => input < inputs.Length && inputs[input] is not null;

    public OnnxValue? Optional(int input) => input < inputs.Length ? inputs[input] : null;

    public Tensor Tensor(int input) => this[input].AsTensor();

    public Tensor? OptionalTensor(int input) => Optional(input)?.AsTensor();

    public int[] Ints(int input) => this[input].AsInts();

    public OnnxValue[] RunBranch(OnnxGraph graph) => runBranch(graph);

    public int Int(string attribute, int otherwise) =>
        node.Attributes.TryGetValue(attribute, out object? value) && value is long number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : otherwise;

    public float Float(string attribute, float otherwise) => node.Attributes.TryGetValue(attribute, out object? value) && value is float number ? number : otherwise;

    public string Text(string attribute, string otherwise) => node.Attributes.TryGetValue(attribute, out object? value) && value is string text ? text : otherwise;

    public int[]? Ints(string attribute) => node.Attributes.TryGetValue(attribute, out object? value) && value is long[] numbers
        ? Array.ConvertAll(numbers, number => (int)Math.Clamp(number, int.MinValue, int.MaxValue)) : null;

    /// <summary>Whole numbers that older versions keep as an attribute and newer ones take as an input; null where there are none.</summary>
    public int[]? Ints(string attribute, int input) => Optional(input)?.AsInts() ?? Ints(attribute);

    /// <summary>A number that older versions keep as an attribute and newer ones take as an input.</summary>
    public float Float(string attribute, int input, float otherwise) => OptionalTensor(input)?.Values[0] ?? Float(attribute, otherwise);

    /// <summary>The attribute, which the operator does not work without.</summary>
    public object Required(string attribute) => node.Attributes.TryGetValue(attribute, out object? value)
        ? value : throw new ShapeException($"Attribute '{attribute}' is missing.");

    /// <summary>An axis counted from 0.</summary>
    public int Axis(int otherwise, int rank) => Autograd.Axes.Resolve(Int("axis", otherwise), rank);

    /// <summary>Refuses a setting that isn't computed here.</summary>
    /// <exception cref="ShapeException">It is not so.</exception>
    public static void Expect(bool isKnown, string setting)
    {
        if (!isKnown)
        {
            throw new ShapeException($"{setting} is not computed here.");
        }
    }

    /// <summary>A shape that the file or the input asks for, refused where it would take more memory than any model needs.</summary>
    public static int[] Limited(int[] shape) => Tensors.Tensor.Product(shape) <= MostNumbers
        ? shape : throw new ShapeException($"A tensor of shape [{string.Join(", ", shape)}] is asked for; {MostNumbers} numbers are the most.");
}
