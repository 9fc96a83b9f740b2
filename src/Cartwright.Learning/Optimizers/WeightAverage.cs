using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Optimizers;

/// <summary>An average over the weights of past steps, the older the less: often better than the last weights, and steadier.</summary>
/// <remarks>
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992, with exponential weights. The first steps average over
/// fewer: the memory is (1 + n) / (10 + n) after n steps until it reaches what was asked for, so that the first weights are soon forgotten.
/// </remarks>
public sealed class WeightAverage
{
    private const string StepCountName = "step_count";
    private readonly KeyValuePair<string, Tensor>[] _weights;
    private readonly float[][] _averages;
    private readonly float _memory;

    /// <summary>Begins with the weights as they are.</summary>
    /// <param name="memory">Share of the average that stays at a step, from 0 to below 1; larger averages over more steps, about 1 / (1 − memory).</param>
    public WeightAverage(Module module, float memory = 0.999f)
    {
        Ranges.ThrowUnlessBelowOne(memory);
        _memory = memory;
        _weights = [.. module.Parameters()];
        _averages = [.. _weights.Select(weight => weight.Value.ToArray())];
    }

    /// <summary>Steps that the average has seen.</summary>
    public int StepCount { get; private set; }

    /// <summary>True while the model has the average for weights, and the average's place has the model's.</summary>
    public bool IsSwappedIn { get; private set; }

    /// <summary>Takes the weights of a step in; call it after each.</summary>
    /// <exception cref="InvalidOperationException">The model has the average for weights.</exception>
    public void Update()
    {
        ThrowIfSwappedIn();
        float memory = MathF.Min(_memory, (1f + StepCount) / (10f + StepCount));
        StepCount++;
        for (int i = 0; i < _averages.Length; i++)
        {
            TensorPrimitives.Lerp(_averages[i], _weights[i].Value.Values, 1 - memory, _averages[i]);
        }
    }

    /// <summary>Exchanges the model's weights and the average; a second time puts both back.</summary>
    public void Swap()
    {
        IsSwappedIn = !IsSwappedIn;
        for (int i = 0; i < _averages.Length; i++)
        {
            Span<float> weight = _weights[i].Value.Output;
            Span<float> average = _averages[i];
            for (int j = 0; j < average.Length; j++)
            {
                (weight[j], average[j]) = (average[j], weight[j]);
            }
        }
    }

    /// <summary>The average by the names of the weights, and how many steps it has seen: for a checkpoint.</summary>
    /// <exception cref="InvalidOperationException">The model has the average for weights.</exception>
    public IReadOnlyDictionary<string, Tensor> SaveState()
    {
        ThrowIfSwappedIn();
        Dictionary<string, Tensor> state = new(StringComparer.Ordinal) { [StepCountName] = Tensor.From([BitConverter.Int32BitsToSingle(StepCount)], 1) };
        for (int i = 0; i < _averages.Length; i++)
        {
            state[NameOf(i)] = Tensor.From(_averages[i], _weights[i].Value.Dimensions);
        }

        return state;
    }

    /// <summary>Takes up what <see cref="SaveState"/> gave; all of it, or nothing where it is refused.</summary>
    /// <exception cref="ShapeException">The state is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model has the average for weights.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ThrowIfSwappedIn();
        ThrowUnlessFits(state);
        for (int i = 0; i < _averages.Length; i++)
        {
            state[NameOf(i)].Values.CopyTo(_averages[i]);
        }

        StepCount = BitConverter.SingleToInt32Bits(state[StepCountName].Item());
    }

    /// <summary>Refuses what <see cref="LoadState"/> would, and changes nothing.</summary>
    /// <exception cref="ShapeException">The state is of another model.</exception>
    internal void ThrowUnlessFits(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach ((string name, int length) in _averages.Select((average, i) => (NameOf(i), average.Length)).Append((StepCountName, 1)))
        {
            if (!state.TryGetValue(name, out Tensor? stored) || stored.Length != length)
            {
                throw new ShapeException($"'{name}' should hold {length} numbers; found {stored?.Length.ToString() ?? "nothing"}.");
            }
        }
    }

    private string NameOf(int index) => $"average.{_weights[index].Key}";

    private void ThrowIfSwappedIn()
    {
        if (IsSwappedIn)
        {
            throw new InvalidOperationException("The model has the average for weights. Call Swap to put its own back before.");
        }
    }
}
