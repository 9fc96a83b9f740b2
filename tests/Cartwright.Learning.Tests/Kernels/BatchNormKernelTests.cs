using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class BatchNormKernelTests
{
    public static TheoryData<int> Sizes => [1, 3, 8, 17, 66];

    [Theory, MemberData(nameof(Sizes))]
    public void Brings_every_channel_to_mean_0_and_deviation_1(int size)
    {
        const int Batch = 6, Channels = 5;
        float[] x = [.. Samples.Normal(1, Batch * Channels * size, 3).Select(number => number + 10)];
        float[] gain = Samples.Normal(2, Channels), bias = Samples.Normal(3, Channels);
        float[] mean = new float[Channels], variance = new float[Channels], y = new float[x.Length];

        BatchNormKernel.Measure(x, mean, variance, size);
        BatchNormKernel.Forward(x, mean, variance, gain, bias, y, size, 1e-5f);

        double[] expected = new double[x.Length];
        for (int channel = 0; channel < Channels; channel++)
        {
            int[] places = [.. Enumerable.Range(0, x.Length).Where(i => i / size % Channels == channel)];
            double average = places.Average(i => (double)x[i]);
            double squares = places.Average(i => (x[i] - average) * (x[i] - average));
            foreach (int i in places)
            {
                expected[i] = ((x[i] - average) / Math.Sqrt(squares + 1e-5) * gain[channel]) + bias[channel];
            }
        }

        Samples.AssertClose(expected, y, 2e-5);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        float[] x = Samples.Normal(1, 8 * 12 * 33), gradY = Samples.Normal(2, x.Length), gain = Samples.Normal(3, 12);
        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] mean = new float[12], variance = new float[12], gradX = new float[x.Length], gradGain = new float[12], gradBias = new float[12];
            BatchNormKernel.Measure(x, mean, variance, 33);
            BatchNormKernel.Backward(gradY, x, mean, variance, gain, gradX, gradGain, gradBias, 33, 1e-5f, isMeasured: true);
            return [mean, variance, gradX, gradGain, gradBias];
        });
    }
}
