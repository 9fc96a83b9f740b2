using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Divides a weight by its largest singular value, so that a layer stretches no input by more than 1.</summary>
/// <remarks>
/// Miyato et al., "Spectral Normalization for Generative Adversarial Networks", ICLR 2018. The singular vectors are kept from
/// step to step and follow the weight by one power iteration for each step of training; the gradient takes them as constants.
/// </remarks>
public sealed class SpectralNorm : Module
{
    private const int FirstIterations = 15;
    private const float Epsilon = 1e-12f;

    private readonly Tensor _left;
    private readonly Tensor _right;

    /// <param name="rows">Size of the weight's first axis.</param>
    /// <param name="columns">Product of its other axes.</param>
    /// <param name="random">Draws the first vectors.</param>
    public SpectralNorm(int rows, int columns, Random random)
    {
        _left = Initialize.NormalBuffer(random, 1, Ranges.Size(rows, nameof(SpectralNorm)));
        _right = Initialize.Buffer(0, Ranges.Size(columns, nameof(SpectralNorm)), 1);
    }

    protected internal override IEnumerable<Part> Parts => [Part.Buffer("u", _left), Part.Buffer("v", _right)];

    /// <param name="weight">[rows, …]</param>
    /// <returns>Of the same shape.</returns>
    public Tensor Forward(Tensor weight)
    {
        ShapeException.Require(
            weight.Rank > 0 && weight.Shape[0] == _left.Columns && weight.Length == (long)_left.Columns * _right.Length,
            $"SpectralNorm was made for a weight with {_left.Columns} rows of {_right.Length} numbers; found {weight}.");
        Tensor matrix = weight.Reshape(_left.Columns, _right.Length);
        if (IsTraining || !HasStarted)
        {
            Iterate(matrix, HasStarted ? 1 : FirstIterations);
        }

        // Copies, since the next step of training moves the vectors before the gradient of this one may have been asked for.
        Tensor left = Tensor.From(_left.Values, _left.Dimensions);
        Tensor right = Tensor.From(_right.Values, _right.Dimensions);
        return (matrix / left.MatMul(matrix).MatMul(right)).Reshape(weight.Dimensions);
    }

    /// <summary>A vector that was iterated or loaded has some length.</summary>
    private bool HasStarted => _right.Values.ContainsAnyExcept(0f);

    private void Iterate(Tensor matrix, int iterations)
    {
        using var noGradient = NoGradient.Begin();
        for (int i = 0; i < iterations; i++)
        {
            SetToUnitLength(_right, matrix.Transpose().MatMul(_left.Reshape(-1, 1)));
            SetToUnitLength(_left, matrix.MatMul(_right));
        }
    }

    private static void SetToUnitLength(Tensor vector, Tensor values)
    {
        double squares = 0;
        foreach (float value in values.Values)
        {
            squares += value * (double)value;
        }

        float scale = (float)(1 / Math.Max(Math.Sqrt(squares), Epsilon));
        for (int i = 0; i < vector.Length; i++)
        {
            vector.Output[i] = scale * values.Values[i];
        }
    }
}
