using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>What a model is run with so that its operations can be written down.</summary>
public sealed record OnnxExample
{
    /// <summary>Floats that go in, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; init; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    /// <summary>Whole numbers that go in, by name: rows of tables, or lengths of sequences that are filled up. How many there are stays open.</summary>
    public IReadOnlyDictionary<string, int[]> Ids { get; init; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>Offsets of sequences or bags that go in, by name: [sequences + 1], from 0. How many there are, and how long each is, stays open.</summary>
    public IReadOnlyDictionary<string, int[]> Offsets { get; init; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>The axes that stay open, by the name of what goes in: ["batch", "length"] for the first two, "" for one that is fixed.</summary>
    /// <remarks>
    /// What is not named here has the first axis open, as "batch". Axes of one name have one size. Offsets are named by the axis of their tokens:
    /// where there are any, an axis "sequences" has a place for each of their sequences.
    /// </remarks>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Axes { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}

/// <summary>Writes a model as an ONNX file, by running it: whatever is written in C# with the tensor operations can be exported as it is.</summary>
/// <remarks>
/// The model runs on the example and, for every open axis, on one that is about twice as long there, with other numbers. What is the same each
/// time is part of the model; a size that differs is a multiple of the input's sizes, or their product, without any rounding; anything else that
/// differs came from the input by ways that no operation knows, and is refused.
/// </remarks>
public static class OnnxExport
{
    /// <summary>Writes a model of one input, "input", and one output, "output".</summary>
    /// <param name="path">The file; overwritten once the new one is whole.</param>
    /// <param name="model">Gives the weights their names. Must not be training.</param>
    /// <param name="example">An input; its first axis stays open.</param>
    /// <param name="forward">Computes the output.</param>
    /// <exception cref="NotSupportedException">An operation has no form in ONNX, or depends on the example's numbers; or a layer was compressed.</exception>
    /// <exception cref="InvalidOperationException">The model is training.</exception>
    public static void Write(string path, Module model, Tensor example, Func<Tensor, Tensor> forward) =>
        Write(path, model, new OnnxExample { Tensors = new Dictionary<string, Tensor> { ["input"] = example } },
            given => new Dictionary<string, Tensor> { ["output"] = forward(given.Tensors["input"]) });

    /// <summary>Writes a model of several inputs and outputs.</summary>
    /// <param name="path">The file; overwritten once the new one is whole.</param>
    /// <param name="model">Gives the weights their names. Must not be training.</param>
    /// <param name="example">What goes in, by name.</param>
    /// <param name="forward">Computes what comes out, by name. It is given examples of other sizes, too, and must read from them alone.</param>
    /// <exception cref="NotSupportedException">An operation has no form in ONNX, or depends on the example's numbers; the model can't run on a longer example; or a layer was compressed.</exception>
    /// <exception cref="InvalidOperationException">The model is training.</exception>
    /// <exception cref="ArgumentException">Nothing comes out, or names of axes suit no input.</exception>
    public static void Write(string path, Module model, OnnxExample example, Func<OnnxExample, IReadOnlyDictionary<string, Tensor>> forward)
    {
        if (model.IsTraining)
        {
            throw new InvalidOperationException("A model is exported as it answers: set IsTraining to false before.");
        }

        if (model.Modules().FirstOrDefault(module => module.Value.Compressed is not null) is { Value: not null, Key: var layer })
        {
            throw new NotSupportedException(
                $"Layer '{layer}' was compressed, and files of ONNX are written in float32. Export the model before it is compressed; tools for ONNX can make the file smaller.");
        }

        using TensorScope scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        var run = TracedRun.Of(example, given => forward(given) is { Count: > 0 } results ? results
            : throw new ArgumentException("Nothing comes out of the model: 'forward' has to give one output or more by name.", nameof(forward)));
        TracedRun[] others = [.. LongerExamples.Run(example, forward)];
        run.OpenSizes(others);
        Dictionary<object, string> weights = new(ReferenceEqualityComparer.Instance);
        foreach ((string name, Tensor weight) in model.State())
        {
            weights[weight] = name;
        }

        run.Write(weights, others).Write(path);
    }
}
