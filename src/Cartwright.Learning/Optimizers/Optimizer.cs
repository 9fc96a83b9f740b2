using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Optimizers;

/// <summary>Changes weights against their gradients.</summary>
public abstract class Optimizer
{
    private const string StepCountName = "step_count";
    private readonly KeyValuePair<string, Tensor>[] _parameters;
    private readonly float[] _rateFactors;
    private readonly float[] _decays;
    private readonly bool _updatesTouchedRowsOnly;
    private float _learningRate;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    private protected Optimizer(Module module, OptimizerOptions options)
    {
        options.Validate();
        _parameters = [.. module.Parameters()];
        ParameterGroup?[] groups = [.. _parameters.Select(p => options.Groups.FirstOrDefault(group => group.Holds(p.Key, p.Value)))];
        _rateFactors = [.. groups.Select(group => group?.LearningRateFactor ?? 1)];
        _decays = [.. groups.Select(group => group?.WeightDecay ?? options.WeightDecay)];
        _updatesTouchedRowsOnly = options.UpdatesTouchedRowsOnly;
        LearningRate = options.LearningRate;
        Description = options.Description;
    }

    /// <summary>Size of a step, 0 or more; larger learns faster until it no longer learns. A schedule sets it before each step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate
    {
        get => _learningRate;
        set
        {
            Ranges.ThrowUnlessNotNegative(value, nameof(LearningRate));
            _learningRate = value;
        }
    }

    /// <summary>Steps taken.</summary>
    public int StepCount { get; private set; }

    /// <summary>Kind and settings in words, without the learning rate.</summary>
    internal string Description { get; }

    private protected IReadOnlyList<KeyValuePair<string, Tensor>> Parameters => _parameters;

    /// <summary>Takes one step against the gradients, then lets the weights have none.</summary>
    public void Step()
    {
        StepCount++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Tensor weight = _parameters[i].Value;
            if (weight.Storage.HasGradient)
            {
                Update(i, weight);
                weight.Storage.ClearGradient();
            }
        }
    }

    /// <summary>Length of all gradients as one vector.</summary>
    public double GradientNorm()
    {
        double sum = 0;
        foreach ((_, Tensor weight) in _parameters)
        {
            // Rows that no example touched have no gradient and aren't read.
            sum += SumOfSquares.Of(weight.Storage.GradientInPlace);
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Scales all gradients down so that <see cref="GradientNorm"/> is at most <paramref name="maxNorm"/>.</summary>
    /// <param name="maxNorm">More than 0; infinity only measures.</param>
    /// <returns>What it was before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is 0, negative or NaN.</exception>
    /// <remarks>Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural Networks", ICML 2013.</remarks>
    public double ClipGradients(double maxNorm)
    {
        if (!(maxNorm > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(maxNorm), maxNorm, "The largest length of a gradient is more than 0.");
        }

        double norm = GradientNorm();
        if (norm <= maxNorm || !double.IsFinite(norm))
        {
            return norm;
        }

        foreach ((_, Tensor weight) in _parameters)
        {
            Span<float> gradient = weight.Storage.GradientInPlace;
            TensorPrimitives.Multiply(gradient, (float)(maxNorm / norm), gradient);
        }

        return norm;
    }

    /// <summary>Holds every number of the gradients between −<paramref name="limit"/> and <paramref name="limit"/>.</summary>
    public void ClipGradientValues(float limit)
    {
        Ranges.ThrowUnlessPositive(limit);
        foreach ((_, Tensor weight) in _parameters)
        {
            Span<float> gradient = weight.Storage.GradientInPlace;
            TensorPrimitives.Clamp(gradient, -limit, limit, gradient);
        }
    }

    /// <summary>What must be kept so that the next step is the same as without an interruption.</summary>
    public IReadOnlyDictionary<string, Tensor> SaveState()
    {
        Dictionary<string, Tensor> state = new(StringComparer.Ordinal) { [StepCountName] = Tensor.From([BitConverter.Int32BitsToSingle(StepCount)], 1) };
        foreach ((string name, Storage kept) in State())
        {
            state[name] = Tensor.From(kept.Values, kept.Length);
        }

        return state;
    }

    /// <summary>Takes up what <see cref="SaveState"/> gave; all of it, or nothing where it is refused.</summary>
    /// <exception cref="ShapeException">The state is of another optimizer or another model.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ThrowUnlessFits(state);
        foreach ((string name, Storage kept) in State())
        {
            state[name].Values.CopyTo(kept.Values);
        }

        StepCount = BitConverter.SingleToInt32Bits(state[StepCountName].Item());
    }

    /// <summary>Refuses what <see cref="LoadState"/> would, and changes nothing.</summary>
    /// <exception cref="ShapeException">The state is of another optimizer or another model.</exception>
    internal void ThrowUnlessFits(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach ((string name, int length) in State().Select(kept => (kept.Key, kept.Value.Length)).Append((StepCountName, 1)))
        {
            if (!state.TryGetValue(name, out Tensor? stored) || stored.Length != length)
            {
                throw new ShapeException($"Optimizer state '{name}' should hold {length} numbers; found {stored?.Length.ToString() ?? "nothing"}.");
            }
        }
    }

    /// <summary>Name of what is kept that holds a number which is not finite; null where there is none.</summary>
    internal string? FirstStateNotFinite() => State().FirstOrDefault(kept => !TensorPrimitives.IsFiniteAll<float>(kept.Value.Values)).Key;

    /// <summary>Name of a weight that is none of the module's; null where there is none. The optimizer may be of a part of the module.</summary>
    internal string? FirstWeightOutside(Module module)
    {
        HashSet<Tensor> inside = [.. module.State().Select(part => part.Value)];
        return _parameters.FirstOrDefault(weight => !inside.Contains(weight.Value)).Key;
    }

    private protected abstract void Update(int index, Tensor weight);

    /// <summary>The learning rate of a weight.</summary>
    private protected float RateOf(int index) => LearningRate * _rateFactors[index];

    /// <summary>The decay of a weight.</summary>
    private protected float DecayOf(int index) => _decays[index];

    /// <summary>The rows that are to change; null where all are.</summary>
    private protected RowGradient? RowsToUpdate(Tensor weight) => _updatesTouchedRowsOnly ? weight.Storage.TouchedRows : null;

    /// <summary>The optimizer's own numbers, by name.</summary>
    private protected abstract IEnumerable<KeyValuePair<string, Storage>> State();

    private protected Storage[] ZerosPerWeight() => [.. _parameters.Select(p => Storage.OfZeros(p.Value.Length))];

    private protected IEnumerable<KeyValuePair<string, Storage>> Named(string prefix, Storage[] kept) =>
        _parameters.Select((p, i) => new KeyValuePair<string, Storage>($"{prefix}.{p.Key}", kept[i]));
}
