using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Trees;

/// <summary>What boosting lowers: where it starts, its slope and curvature, and what a score means.</summary>
internal abstract class TreeLoss
{
    /// <summary>Scores of a row.</summary>
    public virtual int ScoreCount => 1;

    public static TreeLoss Of(BoostedTreesOptions options) => options.Objective switch
    {
        TreeObjective.SquaredError => new SquaredErrorLoss(),
        TreeObjective.Quantile => new QuantileLoss(options.Quantile),
        TreeObjective.Poisson => new PoissonLoss(),
        TreeObjective.Classes when options.ClassCount == 2 => new LogisticLoss(),
        TreeObjective.Classes => new SoftmaxLoss(options.ClassCount),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Objective, "There is no such objective."),
    };

    /// <exception cref="ArgumentException">A target can't be learned by this loss.</exception>
    public abstract void Check(ReadOnlySpan<float> targets);

    /// <summary>The best scores that are the same for all rows.</summary>
    public abstract float[] Start(ReadOnlySpan<float> targets);

    /// <summary>Slope and curvature by the score of a class, one row.</summary>
    public abstract (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex);

    /// <summary>Loss of one row.</summary>
    public abstract double Value(ReadOnlySpan<float> scores, float target);

    /// <summary>Turns scores of a row into the prediction.</summary>
    public abstract void Predict(Span<float> scores);

    /// <summary>The value of a leaf from the rows in it, where its gradients alone would not do; null where they do.</summary>
    public virtual Func<float[], float>? ValueOfResiduals => null;

    protected static void CheckFinite(ReadOnlySpan<float> targets)
    {
        foreach (float target in targets)
        {
            if (!float.IsFinite(target))
            {
                throw new ArgumentException($"A target is {target}; it must be a finite number. Leave rows without a target out.", nameof(targets));
            }
        }
    }

    protected static double Mean(ReadOnlySpan<float> targets)
    {
        double sum = 0;
        foreach (float target in targets)
        {
            sum += target;
        }

        return sum / targets.Length;
    }
}

/// <summary>(score - target)^2 / 2</summary>
internal sealed class SquaredErrorLoss : TreeLoss
{
    public override void Check(ReadOnlySpan<float> targets) => CheckFinite(targets);

    public override float[] Start(ReadOnlySpan<float> targets) => [(float)Mean(targets)];

    public override (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex) => (scores[0] - target, 1);

    public override double Value(ReadOnlySpan<float> scores, float target) => 0.5 * (scores[0] - target) * (scores[0] - (double)target);

    public override void Predict(Span<float> scores)
    {
    }
}

/// <summary>Pinball loss: q (target - score) below the target, (1 - q)(score - target) above.</summary>
/// <remarks>Koenker and Bassett, "Regression Quantiles", 1978. Leaves take the quantile of what is left: Friedman, "Greedy Function Approximation", 2001.</remarks>
internal sealed class QuantileLoss(float quantile) : TreeLoss
{
    public override Func<float[], float>? ValueOfResiduals => Quantile;

    public override void Check(ReadOnlySpan<float> targets) => CheckFinite(targets);

    public override float[] Start(ReadOnlySpan<float> targets) => [Quantile(targets.ToArray())];

    public override (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex) =>
        (target > scores[0] ? -quantile : 1 - quantile, 1);

    public override double Value(ReadOnlySpan<float> scores, float target)
    {
        double above = (double)target - scores[0];
        return above > 0 ? quantile * above : (quantile - 1) * above;
    }

    public override void Predict(Span<float> scores)
    {
    }

    private float Quantile(float[] values)
    {
        Array.Sort(values);
        double place = quantile * (values.Length - 1.0);
        int below = (int)place;
        int above = Math.Min(below + 1, values.Length - 1);
        return (float)(values[below] + ((place - below) * (values[above] - (double)values[below])));
    }
}

/// <summary>exp(score) - target * score</summary>
internal sealed class PoissonLoss : TreeLoss
{
    public override void Check(ReadOnlySpan<float> targets)
    {
        CheckFinite(targets);
        double sum = 0;
        foreach (float target in targets)
        {
            if (target < 0)
            {
                throw new ArgumentException($"A target is {target}; a count is 0 or more.", nameof(targets));
            }

            sum += target;
        }

        if (sum == 0)
        {
            throw new ArgumentException("All counts are 0; there is nothing to learn.", nameof(targets));
        }
    }

    public override float[] Start(ReadOnlySpan<float> targets) => [(float)Math.Log(Mean(targets))];

    public override (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex)
    {
        float mean = MathF.Exp(scores[0]);
        return (mean - target, mean);
    }

    public override double Value(ReadOnlySpan<float> scores, float target) => Math.Exp(scores[0]) - ((double)target * scores[0]);

    public override void Predict(Span<float> scores) => scores[0] = MathF.Exp(scores[0]);
}

/// <summary>Cross-entropy of two classes over one score, the log-odds of class 1.</summary>
internal sealed class LogisticLoss : TreeLoss
{
    public override void Check(ReadOnlySpan<float> targets) => SoftmaxLoss.CheckClasses(targets, 2);

    public override float[] Start(ReadOnlySpan<float> targets)
    {
        double share = Math.Clamp(Mean(targets), 1e-7, 1 - 1e-7);
        return [(float)Math.Log(share / (1 - share))];
    }

    public override (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex)
    {
        float chance = 1 / (1 + MathF.Exp(-scores[0]));
        return (chance - target, chance * (1 - chance));
    }

    public override double Value(ReadOnlySpan<float> scores, float target)
    {
        double score = scores[0];
        return Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))) - (target * score);
    }

    public override void Predict(Span<float> scores) => scores[0] = 1 / (1 + MathF.Exp(-scores[0]));
}

/// <summary>Cross-entropy over the softmax of one score for each class.</summary>
internal sealed class SoftmaxLoss(int classCount) : TreeLoss
{
    public override int ScoreCount => classCount;

    public static void CheckClasses(ReadOnlySpan<float> targets, int classCount)
    {
        foreach (float target in targets)
        {
            if (!(target >= 0 && target < classCount) || target != MathF.Floor(target))
            {
                throw new ArgumentException($"A target is {target}; classes are whole numbers from 0 to {classCount - 1}.", nameof(targets));
            }
        }
    }

    public override void Check(ReadOnlySpan<float> targets) => CheckClasses(targets, classCount);

    public override float[] Start(ReadOnlySpan<float> targets)
    {
        float[] counts = new float[classCount];
        foreach (float target in targets)
        {
            counts[(int)target]++;
        }

        int rows = targets.Length;
        return [.. counts.Select(count => (float)Math.Log(Math.Max(count / rows, 1e-7)))];
    }

    public override (float Gradient, float Curvature) Slope(ReadOnlySpan<float> scores, float target, int scoreIndex)
    {
        float largest = System.Numerics.Tensors.TensorPrimitives.Max(scores);
        float sum = 0;
        foreach (float score in scores)
        {
            sum += MathF.Exp(score - largest);
        }

        float chance = MathF.Exp(scores[scoreIndex] - largest) / sum;
        return (chance - (target == scoreIndex ? 1 : 0), chance * (1 - chance));
    }

    public override double Value(ReadOnlySpan<float> scores, float target)
    {
        double largest = System.Numerics.Tensors.TensorPrimitives.Max(scores);
        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp(score - largest);
        }

        return Math.Log(sum) + largest - scores[(int)target];
    }

    public override void Predict(Span<float> scores) => SoftmaxKernel.Forward(scores, scores, 1, scores.Length);
}
