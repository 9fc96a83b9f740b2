using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Optimizers;

/// <summary>An optimizer that keeps one number beside every weight.</summary>
public abstract class OneStateOptimizer : Optimizer
{
    private readonly string _stateName;
    private readonly Storage[] _states;

    private protected OneStateOptimizer(Module module, OptimizerOptions options, string stateName)
        : base(module, options)
    {
        _stateName = stateName;
        _states = ZerosPerWeight();
    }

    private protected void Update<TRule>(int index, Tensor weight, TRule rule)
        where TRule : struct, IUpdateRule
    {
        if (RowsToUpdate(weight) is { } touched)
        {
            UpdateKernel.StepRows(rule, weight.Output, touched.Values, _states[index].Values, touched.Rows, touched.Columns);
        }
        else
        {
            UpdateKernel.Step(rule, weight.Output, weight.Gradient, _states[index].Values);
        }
    }

    private protected Storage StateOf(int index) => _states[index];

    private protected override IEnumerable<KeyValuePair<string, Storage>> State() => Named(_stateName, _states);
}
