using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class SequencePoolKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(33)]
    public void Gives_the_weighted_mean_of_each_sequence_and_its_gradients(int columns)
    {
        int[] offsets = [0, 1, 1, 20, 23];
        Tensor x = Tensor.Parameter(Samples.Normal(1, 23 * columns), 23, columns);
        Tensor scores = Tensor.Parameter(Samples.Normal(2, 23, deviation: 2), 23);
        double[] expected = new double[4 * columns];
        for (int s = 0; s < 4; s++)
        {
            double sum = Enumerable.Range(offsets[s], offsets[s + 1] - offsets[s]).Sum(t => Math.Exp(scores.Values[t]));
            for (int i = 0; i < (offsets[s + 1] - offsets[s]) * columns; i++)
            {
                int token = offsets[s] + (i / columns);
                expected[(s * columns) + (i % columns)] += Math.Exp(scores.Values[token]) / sum * x.Values[(token * columns) + (i % columns)];
            }
        }

        Samples.AssertClose(expected, x.WeightedMeans(scores, offsets).Values);
        NumericalGradient.Assert(() =>
        {
            Tensor means = x.WeightedMeans(scores, offsets);
            return (means * means).Sum();
        }, [new("x", x), new("scores", scores)]);
    }
}
