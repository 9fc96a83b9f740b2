using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Somebody who is told of every operation on this thread, before it computes: that is how a model is looked at from outside.</summary>
internal static class OperationWatch
{
    [ThreadStatic]
    private static Observer? _observer;

    /// <param name="result">What will be computed; its shape is known, its content is not.</param>
    /// <param name="inputs">What it is computed from.</param>
    public delegate void Observer(Tensor result, ReadOnlySpan<Tensor> inputs);

    public static bool IsOn => _observer is not null;

    /// <summary>Runs the action while the observer is told of each of its operations.</summary>
    public static void Run(Action action, Observer observer)
    {
        Observer? outer = _observer;
        _observer = observer;
        try
        {
            action();
        }
        finally
        {
            _observer = outer;
        }
    }

    public static void Tell(Tensor result, ReadOnlySpan<Tensor> inputs) => _observer?.Invoke(result, inputs);
}
