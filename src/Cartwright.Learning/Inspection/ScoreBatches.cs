using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>Asks a model for the scores of many variants of one example, a batch at a time.</summary>
internal static class ScoreBatches
{
    public const int Size = 32;

    /// <summary>Writes variant i into the numbers of an example.</summary>
    public delegate void Variant(int index, Span<float> example);

    /// <param name="score">Gives one number for each example: [batch] or [batch, 1].</param>
    /// <param name="shape">Of one example.</param>
    /// <exception cref="ShapeException">The score gives another number of numbers.</exception>
    public static double[] Of(Func<Tensor, Tensor> score, ReadOnlySpan<int> shape, int count, Variant variant)
    {
        double[] scores = new double[count];
        for (int start = 0; start < count; start += Size)
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            int size = Math.Min(Size, count - start);
            Tensor batch = Tensor.Uninitialized([size, .. shape]);
            int length = batch.Length / size;
            for (int i = 0; i < size; i++)
            {
                variant(start + i, batch.Output.Slice(i * length, length));
            }

            Tensor given = score(batch);
            ShapeException.Require(
                given.Length == size,
                $"The score gives one number for each example; it gave {given} for {size} examples. Take the logit of one class, say.");
            for (int i = 0; i < size; i++)
            {
                scores[start + i] = given.Values[i];
            }
        }

        return scores;
    }
}
