using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

/// <summary>Every operator that is imported, in models of one node, beside ONNX Runtime.</summary>
public sealed partial class OnnxOperatorTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Every_operator_has_a_case() =>
        Assert.Empty(OnnxModel.Operators.Except([.. Cases.Values.Select(one => one.Operator), "If"]));

    [OnnxRuntimeTheory, MemberData(nameof(Names))]
    public void Gives_the_numbers_of_ONNX_Runtime(string name)
    {
        Case one = Cases[name];
        Dictionary<string, OnnxValue> inputs = one.Write(_file);

        IReadOnlyDictionary<string, OnnxValue> ours = OnnxModel.Load(_file).Run(inputs);
        Dictionary<string, OnnxValue> theirs = OnnxRuntime.Run(_file, inputs);

        Assert.All(theirs, pair => AssertSame(pair.Key, pair.Value, ours[pair.Key]));
    }

    /// <summary>Without ONNX Runtime: the file is read and the node computed.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Is_read_and_computed(string name)
    {
        Dictionary<string, OnnxValue> inputs = Cases[name].Write(_file);

        IReadOnlyDictionary<string, OnnxValue> outputs = OnnxModel.Load(_file).Run(inputs);

        Assert.Equal(Cases[name].Outputs, outputs.Count);
    }

    internal static void AssertSame(string name, OnnxValue expected, OnnxValue actual, float tolerance = 1e-5f)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.IsFloat, actual.IsFloat);
        if (!expected.IsFloat)
        {
            Assert.Equal(expected.Integers, actual.Integers);
            return;
        }

        float largest = Math.Max(1e-6f, expected.Tensor.ToArray().Select(MathF.Abs).Where(float.IsFinite).DefaultIfEmpty().Max());
        for (int i = 0; i < expected.Tensor.Length; i++)
        {
            float theirs = expected.Tensor.Values[i], ours = actual.Tensor.Values[i];
            Assert.True(theirs.Equals(ours) || MathF.Abs(theirs - ours) <= tolerance * largest, $"{name}[{i}] should be {theirs:G9}, is {ours:G9}");
        }
    }

    /// <param name="Operator">Of the only node.</param>
    /// <param name="Inputs">What goes in, in order; null for an input that is left out.</param>
    /// <param name="Attributes">Of the node.</param>
    /// <param name="Outputs">How many come out.</param>
    /// <param name="Opset">Version of the operators.</param>
    internal sealed record Case(string Operator, OnnxValue?[] Inputs, (string, object)[] Attributes, int Outputs = 1, int Opset = OnnxWriter.Opset)
    {
        /// <summary>Writes the model, floats as inputs, whole numbers and every other float as initializers.</summary>
        public Dictionary<string, OnnxValue> Write(string file)
        {
            var writer = new OnnxWriter(Opset);
            var inputs = new Dictionary<string, OnnxValue>();
            for (int i = 0; i < Inputs.Length; i++)
            {
                if (Inputs[i] is { } value && (i == 0 || value.IsBoolean))
                {
                    inputs[$"in{i}"] = value;
                    writer.Input($"in{i}", value, value.Shape.Select(size => $"{size}"));
                }
                else if (Inputs[i] is { } constant)
                {
                    writer.Initializer($"in{i}", constant);
                }
            }

            string[] outputs = [.. Enumerable.Range(0, Outputs).Select(i => $"out{i}")];
            writer.Node(Operator, Inputs.Select((value, i) => value is null ? "" : $"in{i}"), outputs, Attributes.Select(a => KeyValuePair.Create(a.Item1, a.Item2)));
            Array.ForEach(outputs, output => writer.Output(output, null, null));
            writer.Write(file);
            return inputs;
        }
    }
}
