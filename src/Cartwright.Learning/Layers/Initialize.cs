using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>First values of weights.</summary>
public static class Initialize
{
    /// <summary>Normal with mean 0 and the standard deviation given.</summary>
    public static Tensor Normal(Random random, float deviation, params ReadOnlySpan<int> shape)
    {
        float[] values = new float[Tensor.Product(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = deviation * NextNormal(random);
        }

        return Tensor.Parameter(values, shape);
    }

    /// <summary>Evenly spread from −<paramref name="bound"/> to <paramref name="bound"/>.</summary>
    public static Tensor Uniform(Random random, float bound, params ReadOnlySpan<int> shape)
    {
        float[] values = new float[Tensor.Product(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = bound * ((2 * random.NextSingle()) - 1);
        }

        return Tensor.Parameter(values, shape);
    }

    /// <summary>Normal with variance 2 / (inputs + outputs). Glorot and Bengio, AISTATS 2010.</summary>
    public static Tensor XavierNormal(Random random, int outputs, int inputs) =>
        Normal(random, MathF.Sqrt(2f / (inputs + outputs)), outputs, inputs);

    /// <summary>Normal with variance 2 / inputs of one output, for what a ReLU follows. He et al., "Delving Deep into Rectifiers", ICCV 2015.</summary>
    /// <param name="random">Draws the values.</param>
    /// <param name="shape">[outputs, …]: all axes but the first are the inputs of one output.</param>
    public static Tensor KaimingNormal(Random random, params ReadOnlySpan<int> shape) =>
        Normal(random, MathF.Sqrt(2f / Math.Max(1, Tensor.Product(shape[1..]))), shape);

    public static Tensor Constant(float value, params ReadOnlySpan<int> shape)
    {
        float[] values = new float[Tensor.Product(shape)];
        Array.Fill(values, value);
        return Tensor.Parameter(values, shape);
    }

    /// <summary>Numbers that are kept with the weights and not learned.</summary>
    public static Tensor Buffer(float value, params ReadOnlySpan<int> shape)
    {
        float[] values = new float[Tensor.Product(shape)];
        Array.Fill(values, value);
        return Tensor.Buffer(values, shape);
    }

    internal static Tensor NormalBuffer(Random random, params ReadOnlySpan<int> shape) =>
        Tensor.Buffer(Normal(random, 1, shape).ToArray(), shape);

    /// <summary>Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.</summary>
    private static float NextNormal(Random random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
    }
}
