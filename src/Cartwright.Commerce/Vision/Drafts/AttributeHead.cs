using System.Numerics.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Tells an attribute of what a picture shows: one linear layer over the picture's embedding.</summary>
/// <param name="Name">As the catalog's attributes are named, or "brand".</param>
/// <param name="Values">What can be told; an empty one stands for all values that are too rare.</param>
/// <param name="Weight">[values, width]</param>
/// <param name="Bias">[values]</param>
/// <param name="Temperature">Divides the logits so that chances are right.</param>
internal sealed record AttributeHead(string Name, IReadOnlyList<string> Values, float[] Weight, float[] Bias, float Temperature)
{
    /// <returns>Chance of each value, which sum to 1: [values].</returns>
    public float[] Chances(ReadOnlySpan<float> embedding)
    {
        float[] logits = [.. Bias];
        for (int value = 0; value < logits.Length; value++)
        {
            logits[value] += TensorPrimitives.Dot(Weight.AsSpan(value * embedding.Length, embedding.Length), embedding);
        }

        return PictureTemperature.Softmax(logits, logits.Length, Temperature);
    }

    /// <summary>The likeliest value; empty where it is a rare one.</summary>
    public (string Value, double Chance) Guess(ReadOnlySpan<float> embedding)
    {
        float[] chances = Chances(embedding);
        int best = TensorPrimitives.IndexOfMax<float>(chances);
        return (Values[best], chances[best]);
    }
}
