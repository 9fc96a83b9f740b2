using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>What flows between the nodes of an ONNX graph: a tensor of floats, or whole numbers such as shapes, places and conditions.</summary>
public sealed class OnnxValue
{
    private readonly Tensor? _tensor;
    private readonly long[]? _integers;
    private readonly int[] _shape;

    private OnnxValue(Tensor? tensor, long[]? integers, int[] shape, bool isBoolean)
    {
        (_tensor, _integers, _shape, IsBoolean) = (tensor, integers, shape, isBoolean);
    }

    /// <summary>Sizes of the axes, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>True for floats of any width, which are computed in 32 bits.</summary>
    public bool IsFloat => _tensor is not null;

    /// <summary>True for conditions: whole numbers that are 0 or 1.</summary>
    public bool IsBoolean { get; }

    /// <exception cref="InvalidOperationException">The value holds whole numbers.</exception>
    public Tensor Tensor => _tensor
        ?? throw new InvalidOperationException($"A value of shape [{string.Join(", ", _shape)}] holds whole numbers where floats are needed.");

    /// <exception cref="InvalidOperationException">The value holds floats.</exception>
    public IReadOnlyList<long> Integers => Whole;

    internal long[] Whole => _integers
        ?? throw new InvalidOperationException($"A value of shape [{string.Join(", ", _shape)}] holds floats where whole numbers are needed.");

    internal int[] Sizes => _shape;

    internal int Length => _integers?.Length ?? Tensor.Length;

    public static OnnxValue From(Tensor tensor) => new(tensor, null, tensor.Dimensions.ToArray(), false);

    /// <exception cref="ShapeException">The shape has not as many places as there are numbers.</exception>
    public static OnnxValue From(ReadOnlySpan<long> integers, params ReadOnlySpan<int> shape) => Whole64(integers.ToArray(), shape.ToArray());

    public static implicit operator OnnxValue(Tensor tensor) => From(tensor);

    internal static OnnxValue Whole64(long[] integers, int[] shape, bool isBoolean = false)
    {
        ShapeException.Require(
            integers.Length == Tensor.Product(shape),
            $"Whole numbers of shape [{string.Join(", ", shape)}] are {Tensor.Product(shape)}; found {integers.Length}.");
        return new(null, integers, shape, isBoolean);
    }

    /// <summary>Whole numbers yet to be written, counted against what the run may take.</summary>
    internal static long[] RoomForWhole(int[] shape)
    {
        int count = Tensor.Product(shape);
        AllocationLimit.Take(sizeof(long) / sizeof(float) * (long)count);
        return new long[count];
    }

    internal static OnnxValue Places(int[] places, int[] shape) => Whole64(Array.ConvertAll(places, place => (long)place), shape);

    /// <summary>The numbers as floats, whatever they are.</summary>
    internal Tensor AsTensor() => _tensor ?? Tensor.From(Array.ConvertAll(Whole, number => (float)number), _shape);

    /// <summary>The whole numbers as sizes, axes or places.</summary>
    /// <exception cref="ShapeException">One of them is beyond what an array can hold.</exception>
    internal int[] AsInts() => Array.ConvertAll(Whole, number => (int)Math.Clamp(number, int.MinValue, int.MaxValue));

    /// <summary>Moves numbers about: the same for floats and whole numbers.</summary>
    /// <param name="move">Must give back numbers that it was given, no others; of whole numbers -1 as well.</param>
    /// <param name="around">The whole number that -1 stands for.</param>
    internal OnnxValue Move(Func<Tensor, Tensor> move, long around = 0) => _integers is null ? From(move(Tensor)) : Move([this], parts => move(parts[0]), around);

    /// <summary>The same for several values of one kind.</summary>
    internal static OnnxValue Move(OnnxValue[] values, Func<Tensor[], Tensor> move, long around = 0)
    {
        if (Array.TrueForAll(values, value => value.IsFloat))
        {
            return From(move(Array.ConvertAll(values, value => value.Tensor)));
        }

        // What is moved is the place of each number; floats hold places exactly up to 2^24.
        long[] numbers = [.. values.SelectMany(value => value.Whole)];
        ShapeException.Require(numbers.Length <= 1 << 24, $"{numbers.Length} whole numbers are to be moved; 16777216 are the most.");
        var places = new Tensor[values.Length];
        int start = 0;
        for (int i = 0; i < values.Length; i++)
        {
            places[i] = Tensor.From([.. Enumerable.Range(start, values[i].Length).Select(place => (float)place)], values[i]._shape);
            start += values[i].Length;
        }

        Tensor moved = move(places);
        return Whole64(Array.ConvertAll(moved.ToArray(), place => place < 0 ? around : numbers[(int)place]), moved.Dimensions.ToArray(), values[0].IsBoolean);
    }
}
