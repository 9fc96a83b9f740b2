using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Gradient descent with momentum.</summary>
/// <remarks>
/// g = gradient + weightDecay * weight; velocity = momentum * velocity + g; weight -= learningRate * velocity, or
/// learningRate * (g + momentum * velocity) with Nesterov's look ahead. As PyTorch defines it.
/// </remarks>
internal readonly struct SgdRule(float learningRate, float momentum, float weightDecay, bool isNesterov) : IUpdateRule
{
    // The step is velocity, or g + momentum * velocity: one expression with factors of 0 and 1.
    private readonly float _ofGradient = isNesterov ? 1 : 0;
    private readonly float _ofVelocity = isNesterov ? momentum : 1;

    public Vector<float> Of(Vector<float> weight, Vector<float> gradient, ref Vector<float> state)
    {
        Vector<float> g = gradient + (weight * weightDecay);
        state = (state * momentum) + g;
        return weight - (((g * _ofGradient) + (state * _ofVelocity)) * learningRate);
    }

    public float Of(float weight, float gradient, ref float state)
    {
        float g = gradient + (weight * weightDecay);
        state = (state * momentum) + g;
        return weight - (((g * _ofGradient) + (state * _ofVelocity)) * learningRate);
    }
}

/// <summary>g = gradient + weightDecay * weight; sum += g²; weight -= learningRate * g / (√sum + epsilon).</summary>
internal readonly struct AdagradRule(float learningRate, float epsilon, float weightDecay) : IUpdateRule
{
    public Vector<float> Of(Vector<float> weight, Vector<float> gradient, ref Vector<float> state)
    {
        Vector<float> g = gradient + (weight * weightDecay);
        state += g * g;
        return weight - (g * learningRate / (Vector.SquareRoot(state) + new Vector<float>(epsilon)));
    }

    public float Of(float weight, float gradient, ref float state)
    {
        float g = gradient + (weight * weightDecay);
        state += g * g;
        return weight - (g * learningRate / (MathF.Sqrt(state) + epsilon));
    }
}

/// <summary>
/// g = gradient + weightDecay * weight; square = memory * square + (1 - memory) g²; weight -= learningRate * g / (√square + epsilon).
/// </summary>
internal readonly struct RmsPropRule(float learningRate, float memory, float epsilon, float weightDecay) : IUpdateRule
{
    public Vector<float> Of(Vector<float> weight, Vector<float> gradient, ref Vector<float> state)
    {
        Vector<float> g = gradient + (weight * weightDecay);
        state = (state * memory) + (g * g * (1 - memory));
        return weight - (g * learningRate / (Vector.SquareRoot(state) + new Vector<float>(epsilon)));
    }

    public float Of(float weight, float gradient, ref float state)
    {
        float g = gradient + (weight * weightDecay);
        state = (state * memory) + (g * g * (1 - memory));
        return weight - (g * learningRate / (MathF.Sqrt(state) + epsilon));
    }
}
