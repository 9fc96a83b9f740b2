using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>How files keep weights in fewer bits: in place of "weight", under names that say which.</summary>
/// <remarks>
/// 8 bits: "weight_int8", whole numbers from −127 to 127 in the shape of the weight; "weight_scale", what 1 stands for in each output; and
/// "input_scale", what 1 stands for in the input, 0 where it is found when the input comes. Zero points are all 0. 16 bits: "weight_bfloat16".
/// </remarks>
internal static class CompressedState
{
    public const string Halves = "weight_bfloat16";
    private const string WholeNumbers = "weight_int8";
    private const string Scale = "weight_scale";
    private const string InputScale = "input_scale";

    /// <param name="wholes">Of the matrix, in the shape of the layer's weight.</param>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(Tensor wholes, Int8Matrix weights, float inputScale) =>
    [
        new(WholeNumbers, wholes),
        new(Scale, Tensor.Buffer(weights.Scales[..weights.Rows].ToArray(), weights.Rows)),
        new(InputScale, Tensor.Buffer([inputScale])),
    ];

    /// <summary>The weights of a dense layer that a file keeps in fewer bits; null where it does not.</summary>
    /// <param name="stored">Those of the layer, by their names in it; null for those that are not there.</param>
    /// <param name="shape">[outputs, inputs]</param>
    /// <exception cref="ShapeException">They are there but do not belong to such a layer.</exception>
    public static ICompressedMatrix? Matrix(Func<string, Tensor?> stored, ReadOnlySpan<int> shape)
    {
        if (stored(Halves) is { } halves)
        {
            ThrowUnlessOf(shape, Halves, halves);
            return new BFloat16Weights(new BFloat16Matrix(halves.Values, shape[0], shape[1]));
        }

        return TryInt8(stored, shape, out Tensor wholes, out Tensor scales, out float inputScale)
            ? new Int8Weights(new Int8Matrix(wholes.Values, scales.Values, shape[1]), inputScale) : null;
    }

    /// <summary>The kernel of a convolution that a file keeps in 8 bits; null where it does not.</summary>
    /// <inheritdoc cref="Matrix" path="/param"/>
    /// <inheritdoc cref="Matrix" path="/exception"/>
    public static Int8Kernel? Kernel(Func<string, Tensor?> stored, ReadOnlySpan<int> shape, ConvOptions options) =>
        TryInt8(stored, shape, out Tensor wholes, out Tensor scales, out float inputScale)
            ? new Int8Kernel(Int8Convolution.PackWholes(wholes.Values, scales.Values, shape[1], shape[2] * shape[3]), shape.ToArray(), options, inputScale) : null;

    private static bool TryInt8(Func<string, Tensor?> stored, ReadOnlySpan<int> shape, out Tensor wholes, out Tensor scales, out float inputScale)
    {
        wholes = scales = null!;
        inputScale = 0;
        if (stored(WholeNumbers) is not { } numbers)
        {
            return false;
        }

        (wholes, scales) = (numbers, ThrowUnlessOf([shape[0]], Scale, stored(Scale)));
        inputScale = ThrowUnlessOf([], InputScale, stored(InputScale)).Item();
        ThrowUnlessOf(shape, WholeNumbers, wholes);
        foreach (float whole in wholes.Values)
        {
            if (!(MathF.Abs(whole) <= Int8Matrix.Largest && whole == MathF.Round(whole)))
            {
                throw new ShapeException($"'{WholeNumbers}' holds {whole}; it should hold whole numbers from −127 to 127.");
            }
        }

        if (!(inputScale >= 0 && float.IsFinite(inputScale)))
        {
            throw new ShapeException($"'{InputScale}' is {inputScale}; it should be 0 or more.");
        }

        return true;
    }

    private static Tensor ThrowUnlessOf(ReadOnlySpan<int> shape, string name, Tensor? stored) =>
        stored is not null && stored.Dimensions.SequenceEqual(shape)
            ? stored : throw new ShapeException($"'{name}' should be [{string.Join(", ", shape.ToArray())}]; found {stored?.ToString() ?? "nothing"}.");
}
