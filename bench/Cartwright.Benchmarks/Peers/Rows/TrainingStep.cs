using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>The loops that the rows share.</summary>
internal static class TrainingStep
{
    /// <summary>Forward, backward and a step of the optimizer.</summary>
    public static Action With(Optimizer optimizer, Func<Tensor> loss)
    {
        ulong seed = 0;
        return () =>
        {
            using var scope = TensorScope.Begin(++seed);
            loss().Backward();
            optimizer.Step();
        };
    }

    /// <summary>Forward and backward; the weights stay.</summary>
    public static Action WithoutOptimizer(Func<Tensor> loss, params Tensor[] weights)
    {
        ulong seed = 0;
        return () =>
        {
            using var scope = TensorScope.Begin(++seed);
            loss().Backward();
            foreach (Tensor weight in weights)
            {
                weight.Storage.ClearGradient();
            }
        };
    }

    public static Tensor[] Weights(Module module) => [.. module.Parameters().Select(p => p.Value)];
}
