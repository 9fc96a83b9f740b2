using System.Runtime.ExceptionServices;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Distributed;

/// <summary>Gradients of some weights that travel together.</summary>
internal sealed class GradientBucket(Tensor[] weights) : IDisposable
{
    private readonly float[] _values = new float[weights.Sum(weight => weight.Length)];
    private readonly bool[] _isFilled = new bool[weights.Length];
    private readonly ManualResetEventSlim _isSummed = new();
    private ExceptionDispatchInfo? _failure;

    public bool IsFull => !_isFilled.Contains(false);

    public bool Contains(Tensor weight) => Array.IndexOf(weights, weight) >= 0;

    public void Begin()
    {
        Array.Clear(_isFilled);
        _isSummed.Reset();
    }

    /// <summary>Takes the gradient of a weight over, if it belongs here.</summary>
    public bool TryFill(Tensor weight)
    {
        int index = Array.IndexOf(weights, weight);
        if (index < 0)
        {
            return false;
        }

        Span<float> values = PlaceOf(index);
        if (weight.Storage.HasGradient)
        {
            weight.Gradient.CopyTo(values);
        }
        else
        {
            values.Clear();
        }

        _isFilled[index] = true;
        return true;
    }

    public void FillRest()
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!_isFilled[i])
            {
                TryFill(weights[i]);
            }
        }
    }

    public void Send(ProcessGroup group)
    {
        try
        {
            group.Sum(_values.AsSpan());
        }
        catch (DistributedException e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        _isSummed.Set();
    }

    /// <summary>Waits for the sums and gives them to the weights.</summary>
    public void Take()
    {
        _isSummed.Wait();
        _failure?.Throw();
        for (int i = 0; i < weights.Length; i++)
        {
            PlaceOf(i).CopyTo(weights[i].Storage.GradientToFill(out _));
        }
    }

    public void Dispose() => _isSummed.Dispose();

    private Span<float> PlaceOf(int index)
    {
        int start = 0;
        for (int i = 0; i < index; i++)
        {
            start += weights[i].Length;
        }

        return _values.AsSpan(start, weights[index].Length);
    }
}
