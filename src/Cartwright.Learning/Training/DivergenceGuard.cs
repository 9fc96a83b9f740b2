using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Training;

/// <summary>Stops a training that has gone astray, before its weights are spoiled.</summary>
/// <remarks>
/// A loss or gradient that is not finite stops it, and a loss above the usual by the factor given. Usual is the median magnitude
/// of the latest 64 losses, but no less than a hundredth of the first such median: small losses near the end may jump.
/// </remarks>
/// <param name="maxLossGrowth">How many times the usual a loss may be.</param>
/// <param name="checkpoint">File of the last good epoch, which may not be there yet; null where none is written.</param>
internal sealed class DivergenceGuard(float maxLossGrowth, string? checkpoint = null)
{
    private const int Window = 64;
    private const int Interval = 16;
    private const float SmallestShare = 0.01f;
    private readonly float[] _latest = new float[Window];
    private readonly float[] _sorted = new float[Window];
    private int _count;
    private float _firstMedian;
    private float _usual = float.PositiveInfinity;

    /// <exception cref="TrainingDivergedException">The loss is not finite or far above the usual.</exception>
    public void CheckLoss(float loss, int epoch, int step)
    {
        if (!float.IsFinite(loss))
        {
            throw Diverged(epoch, step, $"The loss became {loss}");
        }

        if (loss > maxLossGrowth * _usual)
        {
            throw Diverged(epoch, step, $"The loss rose to {loss:G4}, more than {maxLossGrowth:N0} times the usual {_usual:G4},");
        }

        _latest[_count++ % Window] = MathF.Abs(loss);
        if (_count % Interval == 0)
        {
            UpdateUsual();
        }
    }

    /// <exception cref="TrainingDivergedException">The length is not finite.</exception>
    public void CheckGradient(double norm, int epoch, int step)
    {
        if (!double.IsFinite(norm))
        {
            throw Diverged(epoch, step, $"The gradient's length became {norm}");
        }
    }

    /// <summary>Looks at the weights and at what the optimizer keeps, so that no epoch that spoiled them is validated or saved.</summary>
    /// <exception cref="TrainingDivergedException">A number of them is not finite.</exception>
    public void CheckWeights(TrainingPlan plan, int epoch)
    {
        foreach ((string name, Tensor weight) in plan.Model.Parameters())
        {
            if (!TensorPrimitives.IsFiniteAll(weight.Values))
            {
                throw Diverged(epoch, plan.StepsPerEpoch, $"Weight '{name}' was no longer finite");
            }
        }

        if (plan.Optimizer.FirstStateNotFinite() is { } state)
        {
            throw Diverged(epoch, plan.StepsPerEpoch, $"The optimizer's '{state}' was no longer finite");
        }
    }

    private TrainingDivergedException Diverged(int epoch, int step, string what) => new(epoch, step, what, File.Exists(checkpoint));

    // A sort of 64 numbers every 16 steps costs less than 0.1 µs a step.
    private void UpdateUsual()
    {
        Span<float> sorted = _sorted.AsSpan(0, Math.Min(_count, Window));
        _latest.AsSpan(0, sorted.Length).CopyTo(sorted);
        sorted.Sort();
        float median = sorted[sorted.Length / 2];
        _firstMedian = _count == Interval ? median : _firstMedian;
        _usual = Math.Max(median, SmallestShare * _firstMedian);
    }
}

/// <summary>The loss or the gradient is no number any more, or the loss exploded; then the model has the weights from before that step. Or a
/// step itself spoiled the weights, which is seen after the last step of an epoch; then the checkpoint, where there is one, has the epoch before.</summary>
public sealed class TrainingDivergedException(int epoch, int step, string what, bool hasCheckpoint = false)
    : Exception($"{what} in epoch {epoch}, step {step}. Lower the learning rate or limit the gradient norm{(hasCheckpoint ? "; the last checkpoint is unharmed" : "")}.");
