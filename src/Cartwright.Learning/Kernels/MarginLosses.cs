using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>(1 - t) x + (1 + (positiveWeight - 1) t) ln(1 + e^-x) for a logit x and a share t of the positive class.</summary>
internal readonly struct LogisticLoss(float positiveWeight) : IPairLoss
{
    public Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope)
    {
        Vector<float> softplus = Logistic.Softplus(-x, out Vector<float> sigmoid);
        Vector<float> linear = Vector<float>.One - target;
        Vector<float> weight = Vector<float>.One + (target * (positiveWeight - 1));
        slope = linear - (weight * sigmoid);
        return (linear * x) + (weight * softplus);
    }

    public float Of(float x, float target, out float slope)
    {
        float softplus = Logistic.Softplus(-x, out float sigmoid);
        float weight = 1 + (target * (positiveWeight - 1));
        slope = 1 - target - (weight * sigmoid);
        return ((1 - target) * x) + (weight * softplus);
    }
}

/// <summary>max(0, 1 - t x) for a score x and a label t of 1 or -1; the slope at the corner is 0.</summary>
internal readonly struct HingeLoss : IPairLoss
{
    public Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope)
    {
        Vector<float> loss = Vector.Max(Vector<float>.One - (target * x), Vector<float>.Zero);
        slope = Vector.ConditionalSelect(Vector.Equals(loss, Vector<float>.Zero), Vector<float>.Zero, -target);
        return loss;
    }

    public float Of(float x, float target, out float slope)
    {
        float loss = MathF.Max(1 - (target * x), 0);
        slope = loss == 0 ? 0 : -target;
        return loss;
    }
}
