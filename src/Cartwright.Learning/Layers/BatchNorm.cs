using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Layers;

/// <summary>Brings every channel to mean 0 and deviation 1 over the batch, then to a learned scale.</summary>
/// <remarks>
/// Ioffe and Szegedy, "Batch Normalization", ICML 2015. While learning it takes mean and variance of the batch and keeps a
/// running mean of both, which it takes while answering. For rows [batch, channels], sequences and pictures alike.
/// </remarks>
/// <param name="channels">Size of the second axis.</param>
/// <param name="momentum">Weight of the newest batch in the running mean and variance, more than 0 to 1.</param>
/// <param name="epsilon">Keeps a constant channel from dividing by zero.</param>
public sealed class BatchNorm(int channels, float momentum = 0.1f, float epsilon = 1e-5f) : Module
{
    private readonly float _momentum = momentum is > 0 and <= 1
        ? momentum : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "momentum of BatchNorm must be more than 0 and at most 1.");
    private readonly float _epsilon = Ranges.Positive(epsilon, nameof(BatchNorm));

    /// <summary>[channels]</summary>
    public Tensor Weight { get; private set; } = Initialize.Constant(1, Ranges.Size(channels, nameof(BatchNorm)));

    /// <summary>[channels]</summary>
    public Tensor Bias { get; private set; } = Initialize.Constant(0, channels);

    /// <summary>[channels]</summary>
    public Tensor RunningMean { get; private set; } = Initialize.Buffer(0, channels);

    /// <summary>[channels]; of the numbers as a sample, divided by one less than their count.</summary>
    public Tensor RunningVariance { get; private set; } = Initialize.Buffer(1, channels);

    protected internal override IEnumerable<Part> Parts =>
    [
        new("weight", Weight), new("bias", Bias),
        Part.Buffer("running_mean", RunningMean), Part.Buffer("running_var", RunningVariance),
    ];

    /// <param name="x">[batch, channels, …]</param>
    public Tensor Forward(Tensor x)
    {
        if (!IsTraining)
        {
            return x.BatchNorm(Weight, Bias, RunningMean, RunningVariance, _epsilon);
        }

        Tensor y = x.BatchNorm(Weight, Bias, _epsilon, out Tensor mean, out Tensor variance);
        int count = x.Length / Weight.Length;

        // A batch that holds NaN spoils its own loss, which stops the training; it must not spoil what is kept as well.
        if (count > 0 && TensorPrimitives.IsFiniteAll(mean.Values) && TensorPrimitives.IsFiniteAll(variance.Values))
        {
            Follow(RunningMean, mean, 1);
            Follow(RunningVariance, variance, count / (float)Math.Max(1, count - 1));
        }

        return y;
    }

    /// <summary>Becomes a layer of these of its channels; optimizers made before know nothing of it.</summary>
    internal void Keep(int[] kept)
    {
        (Weight, Bias) = (Tensor.Parameter(Of(Weight), kept.Length), Tensor.Parameter(Of(Bias), kept.Length));
        (RunningMean, RunningVariance) = (Tensor.Buffer(Of(RunningMean), kept.Length), Tensor.Buffer(Of(RunningVariance), kept.Length));

        float[] Of(Tensor numbers) => [.. kept.Select(channel => numbers.Values[channel])];
    }

    private void Follow(Tensor running, Tensor batch, float scale)
    {
        Span<float> values = running.Output;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += _momentum * ((scale * batch.Values[i]) - values[i]);
        }
    }
}
