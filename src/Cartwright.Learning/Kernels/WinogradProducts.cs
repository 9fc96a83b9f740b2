namespace Cartwright.Learning.Kernels;

/// <summary>The transformed weights of a convolution: a matrix for each position of a tile, in panels.</summary>
internal sealed unsafe class WinogradProducts
{
    private readonly TiledMatrix[] _matrices = new TiledMatrix[WinogradTransforms.Positions];

    /// <summary>Valid until the calling thread makes others.</summary>
    /// <param name="weights">[outChannels, inChannels, 3, 3]</param>
    /// <param name="isBackward">From output channels to input channels.</param>
    public WinogradProducts(float* weights, int inChannels, int outChannels, bool isBackward)
    {
        nint matrixSize = (nint)inChannels * outChannels;
        float* transformed = Transform(weights, inChannels, outChannels);
        (int k, int n) = isBackward ? (outChannels, inChannels) : (inChannels, outChannels);
        float* panels = Scratch.Take(Scratch.Use.ConvWeights, _matrices.Length * TiledMatrix.Size(k, n));
        for (int i = 0; i < _matrices.Length; i++)
        {
            var matrix = MatrixView.Contiguous(transformed + (i * matrixSize), k, n, isTransposed: isBackward);
            _matrices[i] = new TiledMatrix(matrix, k, n, panels + (i * TiledMatrix.Size(k, n)));
        }
    }

    /// <summary>C = A · B at every position.</summary>
    /// <param name="a">[tiles, channels that go in] at each position.</param>
    /// <param name="c">[tiles, channels that come out] at each position.</param>
    public void Multiply(float* a, nint positionOfA, int tiles, float* c, nint positionOfC)
    {
        for (int i = 0; i < _matrices.Length; i++)
        {
            _matrices[i].Multiply(a + (i * positionOfA), tiles, c + (i * positionOfC), accumulate: false);
        }
    }

    // [16, inChannels, outChannels]
    private static float* Transform(float* weights, int inChannels, int outChannels)
    {
        const int Taps = 9;
        nint matrixSize = (nint)inChannels * outChannels;
        float* turned = Scratch.Take(Scratch.Use.ConvPlanes, Taps * matrixSize);
        Transposition.Copy(weights, Taps * inChannels, outChannels, Taps * inChannels, turned, outChannels);
        float* transformed = Scratch.Take(Scratch.Use.ConvPatches, WinogradTransforms.Positions * matrixSize);
        for (int channel = 0; channel < inChannels; channel++)
        {
            WinogradTransforms.Weights(turned + ((nint)channel * Taps * outChannels), outChannels, transformed + ((nint)channel * outChannels), matrixSize);
        }

        return transformed;
    }
}
