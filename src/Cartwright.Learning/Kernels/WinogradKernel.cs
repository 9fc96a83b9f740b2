using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>Convolution with a kernel of 3 by 3 and stride 1 through 16 products of matrices, with 2.25 times fewer multiplications.</summary>
/// <remarks>
/// Every 2 by 2 places of the output see 4 by 4 of the input. Both and the kernel are transformed
/// (<see cref="WinogradTransforms"/>), so that each of 16 positions is a product [tiles, inChannels] · [inChannels, outChannels].
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016. The largest errors stay near those of plain sums.
/// </remarks>
internal static unsafe class WinogradKernel
{
    /// <summary>The widest vector; below it, the transforms take longer than they save.</summary>
    private const int WholeChannels = 16;

    /// <summary>With fewer tiles, transforming the weights takes longer than the products.</summary>
    private const int FewestTiles = 32;

    /// <summary>Whether this way is taken, which only the shape and the processor's vectors decide.</summary>
    public static bool Suits(in ConvShape shape) =>
        Vector.IsHardwareAccelerated && HasTiles(shape)
        && shape.InChannels % WholeChannels == 0 && shape.OutChannels % WholeChannels == 0 && shape.InChannels > 0;

    /// <summary>Whether it is a convolution of 3 by 3 with stride 1 and enough tiles.</summary>
    public static bool HasTiles(in ConvShape shape) =>
        shape.Groups == 1 && IsPlain(shape.Vertical) && IsPlain(shape.Horizontal) && (long)shape.Batch * shape.OutSize >= 4 * FewestTiles;

    /// <summary>What <see cref="ConvKernel.Forward"/> comes to, which has checked the sizes.</summary>
    public static void Forward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool rectifies)
    {
        fixed (float* px = x, pw = weights, pb = bias, py = y)
        {
            var tiles = new WinogradTiles(shape);
            var products = new WinogradProducts(pw, shape.InChannels, shape.OutChannels, isBackward: false);
            ParallelWork.For(tiles.ChunkCount, new Chunk(shape, tiles, products, px, pb, py, rectifies));
        }
    }

    /// <summary>The input of a chunk's tiles, [tiles, inChannels] at each position.</summary>
    public static void TransformInput(in ConvShape shape, in WinogradTiles tiles, float* x, in PlaneChunk chunk, float* to)
    {
        int channels = shape.InChannels;
        var pictures = new ChannelPictures(x, channels, shape.Vertical.In, shape.Horizontal.In);
        (int lines, int pitch) = ((2 * chunk.Rows) + 2, (2 * tiles.Across) + 2);
        float* places = Scratch.Take(Scratch.Use.ConvPixels, (nint)lines * pitch * channels);
        nint position = tiles.PositionSize(chunk, channels);
        for (int picture = 0; picture < chunk.Pictures; picture++)
        {
            pictures.Read(chunk.Picture + picture, null, (2 * chunk.Row) - shape.Vertical.Before, lines, shape.Horizontal.Before, pitch, places);
            for (int row = 0; row < chunk.Rows; row++)
            {
                for (int column = 0; column < tiles.Across; column++, to += channels)
                {
                    WinogradTransforms.Input(places + ((nint)((2 * row * pitch) + (2 * column)) * channels), (nint)pitch * channels, channels, to, position);
                }
            }
        }
    }

    private static bool IsPlain(in ConvAxisSizes axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };

    private readonly struct Chunk(
        ConvShape shape, WinogradTiles tiles, WinogradProducts products, float* x, float* bias, float* y, bool rectifies) : IWorkItem
    {
        public void Run(int index)
        {
            PlaneChunk chunk = tiles.Chunk(index);
            float* transformed = Scratch.Take(Scratch.Use.ConvPatches, WinogradTransforms.Positions * tiles.PositionSize(chunk, shape.InChannels));
            float* sums = Scratch.Take(Scratch.Use.ConvSums, WinogradTransforms.Positions * tiles.PositionSize(chunk, shape.OutChannels));
            TransformInput(shape, tiles, x, chunk, transformed);
            products.Multiply(transformed, tiles.PositionSize(chunk, shape.InChannels), tiles.TilesIn(chunk), sums, tiles.PositionSize(chunk, shape.OutChannels));
            WriteOutput(chunk, sums);
        }

        private void WriteOutput(in PlaneChunk chunk, float* sums)
        {
            (int height, int width, int channels) = (shape.Vertical.Out, shape.Horizontal.Out, shape.OutChannels);
            var pictures = new ChannelPictures(y, channels, height, width);
            int firstLine = 2 * chunk.Row;
            int lines = Math.Min(2 * chunk.Rows, height - firstLine);
            float* places = Scratch.Take(Scratch.Use.ConvPixels, (nint)lines * width * channels);
            nint position = tiles.PositionSize(chunk, channels);
            for (int picture = 0; picture < chunk.Pictures; picture++)
            {
                for (int row = 0; row < chunk.Rows; row++)
                {
                    for (int column = 0; column < tiles.Across; column++, sums += channels)
                    {
                        WinogradTransforms.Output(
                            sums, position, channels, new End(bias, rectifies),
                            places + ((nint)((2 * row * width) + (2 * column)) * channels), (nint)width * channels,
                            ((2 * column) + 1 < width, (2 * row) + 1 < lines));
                    }
                }

                pictures.Write(chunk.Picture + picture, firstLine, places, lines, accumulates: false);
            }
        }
    }

    private readonly struct End(float* bias, bool rectifies) : IWinogradEnd<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Of(Vector<float> sum, int channel)
        {
            Vector<float> value = bias == null ? sum : sum + Vector.Load(bias + channel);
            return rectifies ? Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), Vector<float>.Zero, value) : value;
        }
    }
}
