using System.Text.Json;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>One case of a file that make_references.py wrote: what PyTorch says comes out, and which gradients.</summary>
internal sealed class Reference
{
    /// <summary>How far a number may be off, as a share of the largest in its tensor.</summary>
    private const float Tolerance = 1e-5f;

    private readonly JsonElement _case;

    private Reference(JsonElement reference)
    {
        _case = reference;
        Inputs = reference.TryGetProperty("inputs", out JsonElement inputs)
            ? inputs.EnumerateObject().ToDictionary(input => input.Name, input => ToParameter(input.Value))
            : [];
    }

    /// <summary>Inputs and weights by name; each takes a gradient.</summary>
    public Dictionary<string, Tensor> Inputs { get; }

    public Tensor this[string input] => Inputs[input];

    public static TheoryData<string> Names(string file)
    {
        using JsonDocument document = Open(file);
        return [.. document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object).Select(p => p.Name)];
    }

    public static Reference Load(string file, string name)
    {
        using JsonDocument document = Open(file);
        return new Reference(document.RootElement.GetProperty(name).Clone());
    }

    public int[] Ids(string name) => [.. _case.GetProperty("ids").GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Plain numbers, such as the weight after each step of an optimizer.</summary>
    public float[][] Series(string name) => [.. _case.GetProperty(name).EnumerateArray().Select(Values)];

    public float[] Numbers(string name) => [.. _case.GetProperty(name).EnumerateArray().Select(x => x.GetSingle())];

    public Tensor Parameter(string name) => ToParameter(_case.GetProperty(name));

    /// <summary>The gradient that comes in from above.</summary>
    public Tensor Upstream() => ToTensor(_case.GetProperty("upstream"));

    public void AssertOutput(Tensor output)
    {
        Assert.Equal(Shape(_case.GetProperty("output")), output.Shape);
        AssertClose("output", Values(_case.GetProperty("output")), output.Values);
    }

    /// <param name="tensors">What the gradients of the case belong to, by name; the inputs, where they went in as they are.</param>
    public void AssertGradients(IReadOnlyDictionary<string, Tensor> tensors)
    {
        // A gradient that is 0 in exact arithmetic, as a key's bias has, is what large terms leave when they cancel.
        float floor = 0.1f * _case.GetProperty("gradients").EnumerateObject().Max(gradient => Largest(Values(gradient.Value)));
        foreach (JsonProperty expected in _case.GetProperty("gradients").EnumerateObject())
        {
            float[] values = Values(expected.Value);
            ReadOnlySpan<float> gradient = tensors[expected.Name].Gradient;
            AssertClose($"gradient of {expected.Name}", values, gradient.IsEmpty ? new float[values.Length] : gradient, floor);
        }
    }

    public static void AssertClose(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float floor = 1e-6f)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = MathF.Max(floor, Largest(expected));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= Tolerance * largest, $"{what}[{i}] should be {expected[i]:G9}, is {actual[i]:G9}");
        }
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        return largest;
    }

    private static JsonDocument Open(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "References", file)));

    private static int[] Shape(JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    private static float[] Values(JsonElement tensor) => [.. tensor.GetProperty("values").EnumerateArray().Select(x => x.GetSingle())];

    private static Tensor ToTensor(JsonElement tensor) => Tensor.From(Values(tensor), Shape(tensor));

    private static Tensor ToParameter(JsonElement tensor) => Tensor.Parameter(Values(tensor), Shape(tensor));
}
