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
    /// <exception cref="ShapeException">The background has no examples or other ones than the input, or a number is in two parts.</exception>
    public static Attribution Attribute(
        Func<Tensor, Tensor> score, Tensor input, Tensor background, IReadOnlyList<int[]> groups, int samples, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        int length = input.Length;
        ShapeException.Require(length > 0, $"Shapley sampling needs an input with numbers; found {input}.");
        ShapeException.Require(
            background.Rank == input.Rank + 1 && background.Length > 0 && background.Dimensions[1..].SequenceEqual(input.Dimensions),
            $"Shapley sampling needs a background of 1 example or more, each of the input's shape; found input {input} and background {background}.");
        ThrowUnlessApart(groups, length);
        int examples = background.Shape[0];

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

    private static void ThrowUnlessApart(IReadOnlyList<int[]> groups, int length)
    {
        int[] owners = new int[length];
        Array.Fill(owners, -1);
        for (int group = 0; group < groups.Count; group++)
        {
            Occlusion.ThrowUnlessWithin(groups[group], group, length);
            foreach (int position in groups[group])
            {
                ShapeException.Require(
                    owners[position] < 0, $"Number {position} of the input is in part {owners[position]} and again in part {group}; parts of Shapley sampling don't overlap.");
                owners[position] = group;
            }
        }
    }
}
