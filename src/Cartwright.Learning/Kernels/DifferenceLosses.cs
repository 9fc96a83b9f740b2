using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>d², d = x - target.</summary>
internal readonly struct SquaredDifference : IPairLoss
{
    public Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope)
    {
        Vector<float> d = x - target;
        slope = d + d;
        return d * d;
    }

    public float Of(float x, float target, out float slope)
    {
        float d = x - target;
        slope = d + d;
        return d * d;
    }
}

/// <summary>|d|, d = x - target; the slope at 0 is 0.</summary>
internal readonly struct AbsoluteDifference : IPairLoss
{
    public Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope)
    {
        Vector<float> d = x - target;
        slope = Vector.ConditionalSelect(Vector.Equals(d, Vector<float>.Zero), d, Vector.CopySign(Vector<float>.One, d));
        return Vector.Abs(d);
    }

    public float Of(float x, float target, out float slope)
    {
        float d = x - target;
        slope = d == 0 ? 0 : MathF.CopySign(1, d);
        return MathF.Abs(d);
    }
}

/// <summary>d² / 2 for |d| up to delta, delta (|d| - delta / 2) beyond.</summary>
internal readonly struct HuberDifference(float delta) : IPairLoss
{
    public Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope)
    {
        // With c = d held between ±delta, both branches are c (d - c / 2).
        Vector<float> d = x - target;
        slope = Vector.Min(Vector.Max(d, new Vector<float>(-delta)), new Vector<float>(delta));
        return slope * (d - (slope * 0.5f));
    }

    public float Of(float x, float target, out float slope)
    {
        float d = x - target;
        slope = MathF.Min(MathF.Max(d, -delta), delta);
        return slope * (d - (slope * 0.5f));
    }
}
