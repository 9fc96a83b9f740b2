using System.Runtime.CompilerServices;
using Cartwright.Learning.Autograd;

namespace Cartwright.Learning.Tensors;

/// <summary>Floats in row-major order with a shape, and how they came to be, so that gradients can flow back.</summary>
/// <remarks>
/// Operations are extension methods in <see cref="Autograd"/>. A result remembers its inputs where one of them needs a gradient;
/// <see cref="Backward()"/> then fills the gradients of all of them.
/// </remarks>
public sealed class Tensor
{
    [ThreadStatic]
    private static long _created;

    private static long _passes;

    private readonly Storage _storage;
    private readonly int[] _shape;
    private readonly long _order;
    private bool _requiresGradient;
    private bool _isWeight;
    private Tensor[] _inputs = [];
    private Action<Tensor>? _backward;
    private long _reachedIn;

    private Tensor(Storage storage, int[] shape, ReadOnlySpan<Tensor> inputs = default)
    {
        _storage = storage;
        _shape = shape;

        // Younger than what it is computed from, on whichever thread that was made. Lamport, "Time, Clocks, and the Ordering of Events", 1978.
        long order = _created;
        foreach (Tensor input in inputs)
        {
            order = Math.Max(order, input._order);
        }

        _order = _created = order + 1;
    }

    /// <summary>Sizes of the axes, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape => _shape;

    public int Rank => _shape.Length;

    /// <summary>Numbers in all.</summary>
    public int Length => _storage.Length;

    /// <summary>Length of the last axis; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : _shape[^1];

    /// <summary>Numbers in all divided by <see cref="Columns"/>; 0 where there are none.</summary>
    public int Rows => Columns == 0 ? 0 : Length / Columns;

    /// <summary>True for a weight that learns, and for whatever was computed from one.</summary>
    public bool RequiresGradient => _requiresGradient && !(_isWeight && FrozenWeights.IsOn);

    /// <summary>True for a weight, frozen or not.</summary>
    internal bool IsLearned => _isWeight;

    /// <exception cref="InvalidOperationException">The step in which the tensor was made has ended.</exception>
    public ReadOnlySpan<float> Values => _storage.Values;

    /// <summary>Derivative of the last <see cref="Backward()"/> by each number, of a weight the sum over all since it was cleared; empty before
    /// the first.</summary>
    public ReadOnlySpan<float> Gradient => _storage.GradientValues;

    /// <summary><see cref="Shape"/> without an allocation.</summary>
    internal ReadOnlySpan<int> Dimensions => _shape;

    internal Storage Storage => _storage;

    /// <summary>What a file that holds the tensor keeps of each number.</summary>
    internal NumberType KeptAs { get; private init; }

    /// <summary>True for what learns itself and was not computed from something that does.</summary>
    private bool IsWeight => RequiresGradient && _inputs.Length == 0;

    /// <summary>What an operation writes its result to.</summary>
    internal Span<float> Output => _storage.Values;

    /// <summary>What an operation's backward adds to.</summary>
    internal Span<float> GradientSum => _storage.Gradient;

    /// <summary>A tensor of the values given, copied.</summary>
    /// <exception cref="ShapeException">The shape has not as many places as there are values.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = Uninitialized(shape);
        ThrowUnlessFills(values.Length, shape);
        values.CopyTo(tensor.Output);
        return tensor;
    }

    public static Tensor Zeros(params ReadOnlySpan<int> shape)
    {
        Tensor tensor = Uninitialized(shape);
        tensor.Output.Clear();
        return tensor;
    }

    /// <summary>A weight: learns, belongs to no step, keeps its gradient until an optimizer clears it.</summary>
    /// <exception cref="ShapeException">The shape has not as many places as there are values.</exception>
    public static Tensor Parameter(float[] values, params ReadOnlySpan<int> shape)
    {
        ThrowUnlessFills(values.Length, shape);
        return new Tensor(new Storage(values), shape.ToArray()) { _requiresGradient = true, _isWeight = true };
    }

    /// <summary>A copy of the values whose gradient is wanted, though it is an input and no weight.</summary>
    internal static Tensor Watched(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = From(values, shape);
        tensor._requiresGradient = true;
        return tensor;
    }

    /// <summary>Numbers kept with the weights: belong to no step, take no gradient.</summary>
    /// <exception cref="ShapeException">The shape has not as many places as there are values.</exception>
    public static Tensor Buffer(float[] values, params ReadOnlySpan<int> shape)
    {
        ThrowUnlessFills(values.Length, shape);
        return new Tensor(new Storage(values), shape.ToArray());
    }

    /// <summary>A buffer whose numbers are such that fewer bits hold them.</summary>
    internal static Tensor Kept(float[] values, NumberType type, params ReadOnlySpan<int> shape)
    {
        ThrowUnlessFills(values.Length, shape);
        return new Tensor(new Storage(values), shape.ToArray()) { KeptAs = type };
    }

    private static void ThrowUnlessFills(int count, ReadOnlySpan<int> shape) =>
        ShapeException.Require(count == Product(shape), $"A tensor of shape {shape} has {Product(shape)} numbers; {count} were given.");

    /// <summary>The same numbers, another shape, nothing copied. One size may be -1: it follows from the others.</summary>
    /// <exception cref="ShapeException">The shape has not as many places as there are values.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> shape)
    {
        int[] sizes = shape.ToArray();
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            sizes[open] = 1;
            int others = Product(sizes);
            sizes[open] = others == 0 ? 0 : Length / others;
        }

        ShapeException.Require(
            Length == Product(sizes),
            $"{this} has {Length} numbers and can't be reshaped to [{string.Join(", ", sizes)}], which has {Product(sizes)}.");
        var reshaped = new Tensor(_storage, sizes, [this]) { _requiresGradient = RequiresGradient, _inputs = RequiresGradient ? [this] : [] };
        OperationTrace.Current?.Record(reshaped, "Reshape", [this, sizes]);
        OperationWatch.Tell(reshaped, [this]);
        return reshaped;
    }

    /// <summary>A copy of the numbers without how they came to be: no gradient flows back through it.</summary>
    public Tensor Detach()
    {
        Tensor detached = From(Values, _shape);
        OperationTrace.Current?.Record(detached, "Identity", [this]);
        OperationWatch.Tell(detached, [this]);
        return detached;
    }

    /// <summary>The only number of a scalar, or of any tensor that has one number.</summary>
    public float Item()
    {
        ShapeException.Require(Length == 1, $"Item reads a tensor with one number; found {this}.");
        return Values[0];
    }

    public float[] ToArray() => Values.ToArray();

    /// <summary>Fills the gradients of everything this scalar was computed from.</summary>
    /// <exception cref="ShapeException">The tensor holds more than one number.</exception>
    public void Backward() => Backward(whenFinished: null);

    /// <summary>The same, and says of each weight when nothing will be added to its gradient any more.</summary>
    internal void Backward(Action<Tensor>? whenFinished)
    {
        ShapeException.Require(Length == 1, $"Backward starts at a loss, a tensor with one number; found {this}. Take its Mean or its Sum first.");

        // A stamp that no other pass has, on this thread or another, marks what was reached.
        long pass = Interlocked.Increment(ref _passes);
        _reachedIn = pass;
        var order = new List<Tensor>(64) { this };
        var uses = whenFinished is null ? null : new Dictionary<Tensor, int>();
        for (int i = 0; i < order.Count; i++)
        {
            order[i].ForgetGradientOfResult();
            foreach (Tensor input in order[i]._inputs)
            {
                if (input.RequiresGradient && input._reachedIn != pass)
                {
                    input._reachedIn = pass;
                    order.Add(input);
                }

                if (uses is not null && input.IsWeight)
                {
                    uses[input] = uses.GetValueOrDefault(input) + 1;
                }
            }
        }

        GradientSum[0] += 1;

        // An operation is younger than its inputs, so the youngest first is a topological order.
        order.Sort((x, y) => y._order.CompareTo(x._order));
        foreach (Tensor tensor in order)
        {
            if (tensor._storage.HasGradient)
            {
                tensor._backward?.Invoke(tensor);
            }

            if (uses is not null)
            {
                foreach (Tensor input in tensor._inputs)
                {
                    if (input.IsWeight && --uses[input] == 0)
                    {
                        whenFinished!(input);
                    }
                }
            }
        }
    }

    // What an earlier pass left in a result has been handed on to its inputs. Weights, and inputs that are watched, keep adding up.
    private void ForgetGradientOfResult()
    {
        if (_backward is not null)
        {
            _storage.ClearGradient();
        }
    }

    /// <summary>Numbers in a shape.</summary>
    /// <exception cref="ShapeException">A size is negative, or there are more than an array can hold.</exception>
    public static int Product(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int size in shape)
        {
            product = size < 0 ? long.MaxValue : product * size;
            if (product > Array.MaxLength)
            {
                throw new ShapeException($"A tensor of shape [{string.Join(", ", shape.ToArray())}] can't be: sizes are 0 or more and their product at most {Array.MaxLength}.");
            }
        }

        return (int)product;
    }

    public override string ToString() => $"Tensor [{string.Join(", ", _shape)}]";

    /// <summary>Room for a result, its content unknown.</summary>
    internal static Tensor Uninitialized(ReadOnlySpan<int> shape) => new(new Storage(Product(shape)), shape.ToArray());

    /// <summary>Room for the result of an operation.</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="inputs">What it is computed from.</param>
    /// <param name="backward">Adds to the gradients of those inputs that require one; is given the result.</param>
    /// <param name="operation">Its name, for an error that has to say it.</param>
    internal static Tensor Result(ReadOnlySpan<int> shape, ReadOnlySpan<Tensor> inputs, Action<Tensor> backward, [CallerMemberName] string operation = "")
    {
        bool requiresGradient = false;
        if (!NoGradient.IsOn)
        {
            foreach (Tensor input in inputs)
            {
                requiresGradient |= input.RequiresGradient;
            }
        }

        var result = new Tensor(new Storage(Product(shape)), shape.ToArray(), inputs)
        {
            _requiresGradient = requiresGradient,
            _inputs = requiresGradient ? inputs.ToArray() : [],
            _backward = requiresGradient ? backward : null,
        };
        OperationTrace.Current?.Expect(result, operation);
        OperationWatch.Tell(result, inputs);
        return result;
    }

    public static Tensor operator +(Tensor x, Tensor y) => x.Add(y);

    public static Tensor operator -(Tensor x, Tensor y) => x.Subtract(y);

    public static Tensor operator *(Tensor x, Tensor y) => x.Multiply(y);

    public static Tensor operator /(Tensor x, Tensor y) => x.Divide(y);

    public static Tensor operator -(Tensor x) => x.Negate();

    public static Tensor operator *(Tensor x, float factor) => x.Scale(factor);
}
