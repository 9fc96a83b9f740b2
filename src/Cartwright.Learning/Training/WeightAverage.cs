using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Training;

/// <summary>A moving average of a model's weights, which wander less than the weights themselves.</summary>
/// <remarks>
/// average = d · average + (1 − d) · weight after each step, with d = min(decay, (1 + step) / (10 + step)), so that the first weights are soon
/// forgotten. Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992. Every step reads all weights.
/// </remarks>
internal sealed class WeightAverage
{
    private readonly KeyValuePair<string, Tensor>[] _weights;
    private readonly float[][] _averages;
    private readonly float _decay;

    public WeightAverage(Module model, float decay)
    {
        _weights = [.. model.Parameters()];
        _averages = [.. _weights.Select(weight => weight.Value.ToArray())];
        _decay = decay;
    }

    /// <param name="step">Steps that the optimizer has taken.</param>
    public void Update(int step)
    {
        float decay = Math.Min(_decay, (1f + step) / (10f + step));
        for (int i = 0; i < _averages.Length; i++)
        {
            float[] average = _averages[i];
            TensorPrimitives.Multiply(average, decay, average);
            TensorPrimitives.MultiplyAdd(_weights[i].Value.Values, 1 - decay, average, average);
        }
    }

    /// <summary>Puts the averages into the model and keeps its weights in their place; a second time undoes it.</summary>
    public void Swap()
    {
        for (int i = 0; i < _averages.Length; i++)
        {
            float[] kept = _weights[i].Value.ToArray();
            _averages[i].CopyTo(_weights[i].Value.Output);
            _averages[i] = kept;
        }
    }

    /// <summary>The averages, by the names of the weights.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Save() =>
        _weights.Select((weight, i) => KeyValuePair.Create(weight.Key, Tensor.Buffer(_averages[i], weight.Value.Dimensions)));

    /// <exception cref="ShapeException">An average is missing or has another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> averages)
    {
        for (int i = 0; i < _averages.Length; i++)
        {
            if (!averages.TryGetValue(_weights[i].Key, out Tensor? stored) || stored.Length != _averages[i].Length)
            {
                throw new ShapeException($"The average of '{_weights[i].Key}' should be {_weights[i].Value}; found {stored?.ToString() ?? "nothing"}.");
            }

            stored.Values.CopyTo(_averages[i]);
        }
    }
}
