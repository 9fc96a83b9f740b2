using System.Diagnostics.CodeAnalysis;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>One node with the values that go into it.</summary>
/// <param name="node">What is computed.</param>
/// <param name="inputs">Null for an input that is left out.</param>
/// <param name="opset">Version of the operators, which says how attributes are to be read.</param>
/// <param name="runBranch">Computes a graph inside this one.</param>
internal sealed class OnnxCall(OnnxNode node, OnnxValue?[] inputs, int opset, Func<OnnxGraph, OnnxValue[]> runBranch)
{
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

    public int Int(string attribute, int otherwise) => Has(attribute, out long number) ? Clamped(number) : otherwise;

    /// <exception cref="ShapeException">The number is out of its range.</exception>
    public int Int(string attribute, int otherwise, int least, int most) => Within(attribute, least, most, Int(attribute, otherwise))[0];

    public float Float(string attribute, float otherwise) => Has(attribute, out float number) ? number : otherwise;

    public string Text(string attribute, string otherwise) => Has(attribute, out string? text) ? text : otherwise;

    public int[]? Ints(string attribute) => Has(attribute, out long[]? numbers) ? Array.ConvertAll(numbers, Clamped) : null;

    /// <summary>Whole numbers that older versions keep as an attribute and newer ones take as an input; null where there are none.</summary>
    public int[]? Ints(string attribute, int input) => Optional(input)?.AsInts() ?? Ints(attribute);

    /// <summary>A number that older versions keep as an attribute and newer ones take as an input.</summary>
    public float Float(string attribute, int input, float otherwise) => OptionalTensor(input)?.Values[0] ?? Float(attribute, otherwise);

    /// <summary>The attribute, which the operator does not work without.</summary>
    public object Required(string attribute) => node.Attributes.TryGetValue(attribute, out object? value)
        ? value : throw new ShapeException($"Attribute '{attribute}' is missing.");

    /// <summary>An axis counted from 0.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int otherwise, int rank) => Axis("axis", Int("axis", otherwise), rank);

    /// <summary>An axis that was read from the attribute or the input of this name, counted from 0.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static int Axis(string name, int axis, int rank) => axis >= -rank && axis < rank ? Autograd.Axes.Resolve(axis, rank) : throw new ShapeException(
        $"'{name}' names axis {axis} of a tensor with {rank} axes; they are counted from 0, or from -1 for the last.");

    /// <summary>The same for several axes: for every axis of the tensor whether it is one of them, and all are where none is named.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static bool[] MarkedAxes(int[] axes, int rank) => Autograd.Axes.Mark(Array.ConvertAll(axes, axis => Axis("axes", axis, rank)), rank);

    /// <summary>Refuses numbers of an attribute or an input that are out of their range.</summary>
    /// <exception cref="ShapeException">One of them is.</exception>
    public static int[] Within(string name, int least, int most, params int[] numbers) =>
        Array.TrueForAll(numbers, number => number >= least && number <= most) ? numbers : throw new ShapeException(
            $"'{name}' is {string.Join(", ", numbers)}; {(numbers.Length == 1 ? "it has" : "each number has")} to be from {least} to {most}.");

    /// <summary>Refuses a setting that isn't computed here.</summary>
    /// <exception cref="ShapeException">It is not so.</exception>
    public static void Expect(bool isKnown, string setting)
    {
        if (!isKnown)
        {
            throw new ShapeException($"{setting} is not computed here.");
        }
    }

    /// <summary>A shape that the file or the input asks for, refused where a tensor of it would be more than may be taken. An empty axis counts as one of 1 place.</summary>
    /// <exception cref="ShapeException">It would, or a size is negative.</exception>
    public static int[] Limited(params ReadOnlySpan<long> shape)
    {
        long numbers = 1;
        foreach (long size in shape)
        {
            numbers = size is < 0 or > int.MaxValue || numbers > int.MaxValue ? long.MaxValue : numbers * Math.Max(1, size);
        }

        return AllocationLimit.HasRoomFor(numbers) ? Array.ConvertAll(shape.ToArray(), size => (int)size) : throw new ShapeException(
            $"A tensor of shape [{string.Join(", ", shape.ToArray())}] is asked for; sizes are 0 or more and a node with these inputs may take {AllocationLimit.Most} numbers.");
    }

    private static int Clamped(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);

    /// <exception cref="ShapeException">The attribute is of another kind.</exception>
    private bool Has<T>(string attribute, [NotNullWhen(true)] out T? value)
    {
        value = default;
        if (!node.Attributes.TryGetValue(attribute, out object? found))
        {
            return false;
        }

        value = found is T known ? known : throw new ShapeException($"Attribute '{attribute}' is of another kind than the standard has for it.");
        return true;
    }
}
