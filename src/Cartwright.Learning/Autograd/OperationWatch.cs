using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Somebody who is told of every operation on this thread, before it computes: that is how a model is looked at from outside.</summary>
internal static class OperationWatch
{
    [ThreadStatic]
    private static Observer? _observer;

    [ThreadStatic]
    private static LayerObserver? _layerObserver;

    /// <param name="result">What will be computed; its shape is known, its content is not.</param>
    /// <param name="inputs">What it is computed from.</param>
    public delegate void Observer(Tensor result, ReadOnlySpan<Tensor> inputs);

    /// <param name="layer">A layer without weights, which no operation names, or one that computes with others in their place.</param>
    /// <param name="output">What comes out of it.</param>
    public delegate void LayerObserver(Module layer, Tensor output);

    public static bool IsOn => _observer is not null;

    /// <summary>Runs the action while the observer is told of each of its operations, and the other of each layer without weights.</summary>
    public static void Run(Action action, Observer observer, LayerObserver? layerObserver = null)
    {
        (Observer? outer, LayerObserver? outerLayers) = (_observer, _layerObserver);
        (_observer, _layerObserver) = (observer, layerObserver);
        try
        {
            action();
        }
        finally
        {
            (_observer, _layerObserver) = (outer, outerLayers);
        }
    }

    /// <returns>The output.</returns>
    public static Tensor Tell(Module layer, Tensor output)
    {
        _layerObserver?.Invoke(layer, output);
        return output;
    }

    public static void Tell(Tensor result, ReadOnlySpan<Tensor> inputs) => _observer?.Invoke(result, inputs);
}
