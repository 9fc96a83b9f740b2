using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>Shapley values by sampling: what a part of the input adds on average, over the orders in which parts may come to be known.</summary>
/// <remarks>
/// For each sample an order of the parts and an example of the background are drawn; the parts of the input replace those of the
/// example one by one, and each is credited with the change of the score. The credits of a sample sum to the difference of the
/// scores at its ends, so the values sum to the difference of the scores. Strumbelj and Kononenko, "Explaining Prediction Models and
/// Individual Predictions with Feature Contributions", Knowledge and Information Systems 41, 2014.
/// </remarks>
public static class ShapleySampling
{
    /// <param name="score">Gives one number for each example of [batch, ...].</param>
    /// <param name="input">One example, without a batch axis.</param>
    /// <param name="background">What the input is compared with: [examples, ...], 1 or more.</param>
    /// <param name="groups">The parts: positions of their numbers in the input, none in two of them. Numbers in none stay the input's.</param>
    /// <param name="samples">Orders drawn, 1 or more; the error falls with their square root.</param>
    /// <param name="random">Draws orders and examples.</param>
    /// <returns>A value for each part; the baseline score is the mean over the examples that were drawn.</returns>
    /// <exception cref="ShapeException">The background has other examples than the input.</exception>
    public static Attribution Attribute(
        Func<Tensor, Tensor> score, Tensor input, Tensor background, IReadOnlyList<int[]> groups, int samples, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        int length = input.Length;
        ShapeException.ThrowUnlessEqual(background.Length % length, 0);
        int examples = background.Length / length;
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);

        double[] credits = new double[groups.Count];
        int[] order = [.. Enumerable.Range(0, groups.Count)];
        (double inputSum, double baselineSum) = (0, 0);
        for (int sample = 0; sample < samples; sample++)
        {
            random.Shuffle(order);
            int drawn = random.Next(examples) * length;
            double[] scores = ScoreBatches.Of(score, input.Dimensions, groups.Count + 1, (known, example) =>
            {
                input.Values.CopyTo(example);
                foreach (int group in order.AsSpan(known))
                {
                    foreach (int position in groups[group])
                    {
                        example[position] = background.Values[drawn + position];
                    }
                }
            });
            for (int i = 0; i < order.Length; i++)
            {
                credits[order[i]] += scores[i + 1] - scores[i];
            }

            baselineSum += scores[0];
            inputSum += scores[^1];
        }

        return new Attribution([.. credits.Select(credit => (float)(credit / samples))], inputSum / samples, baselineSum / samples);
    }
}
