using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Convolution in 8 bits with a kernel of 3 by 3 and stride 1, with 2.25 times fewer multiplications and the same bits.</summary>
/// <remarks>
/// As <see cref="WinogradKernel"/> in whole numbers: transformed places have 10 bits and transformed weights, which are four times
/// as large to stay whole, 12. Their products are of 16 bits, summed in 32, where a quarter of the result is exactly the plain sum.
/// </remarks>
internal static unsafe class Int8Winograd
{
    /// <summary>With more, four times the sum of 9 products of 127 by 127 for each channel might not fit into 32 bits.</summary>
    private const int MostChannels = 3_696;

    /// <summary>Whether this way is taken, which only the shape and the processor's vectors decide.</summary>
    public static bool Suits(in ConvShape shape) =>
        Avx2.IsSupported && WinogradKernel.HasTiles(shape) && shape.InChannels <= MostChannels
        && shape.InChannels % Vector<short>.Count == 0 && shape.InChannels > 0 && shape.OutChannels % Int8WinogradTile.Columns == 0;

    /// <summary>Height and width of what whole tiles of the output see.</summary>
    public static (int Height, int Width) Seen(in ConvShape shape) =>
        (((shape.Vertical.Out + 1) / 2 * 2) + 2, ((shape.Horizontal.Out + 1) / 2 * 2) + 2);

    /// <summary>What <see cref="Int8Convolution.Forward(in ConvShape, ReadOnlySpan{float}, float, Int8Matrix, ReadOnlySpan{float}, Span{float}, bool)"/>
    /// comes to, which has checked the sizes.</summary>
    /// <param name="pictures">In <see cref="Int8Layout.Shorts"/>, as large as whole tiles see.</param>
    /// <param name="weights">As <see cref="Int8WinogradWeights"/> makes them.</param>
    /// <param name="matrix">The same before, with its scales.</param>
    public static void Forward(
        in ConvShape shape, Int8Pictures pictures, short* weights, Int8Matrix matrix, float* bias, float* y, bool rectifies)
    {
        var tiles = new WinogradTiles(shape);
        fixed (float* scales = matrix.Scales)
        {
            ParallelWork.For(tiles.ChunkCount, new Chunk(shape, tiles, pictures, weights, scales, bias, y, rectifies));
        }
    }

    private readonly struct Chunk(
        ConvShape shape, WinogradTiles tiles, Int8Pictures pictures, short* weights, float* scales, float* bias, float* y, bool rectifies) : IWorkItem
    {
        public void Run(int index)
        {
            PlaneChunk chunk = tiles.Chunk(index);

            // Up to whole tiles of the product: what lies in the last rows is of no meaning. The line more keeps positions apart in the cache.
            nint rows = (tiles.TilesIn(chunk) + Int8WinogradTile.Rows - 1) / Int8WinogradTile.Rows * Int8WinogradTile.Rows;
            nint positionOfInput = (rows * shape.InChannels) + 32;
            nint positionOfSums = (rows * shape.OutChannels) + 16;
            short* transformed = (short*)Scratch.Take(Scratch.Use.ConvPatches, WinogradTransforms.Positions * positionOfInput / 2);
            int* sums = (int*)Scratch.Take(Scratch.Use.ConvSums, WinogradTransforms.Positions * positionOfSums);
            TransformInput(chunk, transformed, positionOfInput);
            nint matrixSize = (nint)shape.InChannels * shape.OutChannels;
            for (int i = 0; i < WinogradTransforms.Positions; i++)
            {
                Multiply(transformed + (i * positionOfInput), rows, weights + (i * matrixSize), sums + (i * positionOfSums));
            }

            WriteOutput(chunk, sums, positionOfSums);
        }

        private void TransformInput(in PlaneChunk chunk, short* to, nint position)
        {
            int channels = shape.InChannels;
            nint line = (nint)pictures.Width * channels;
            for (int picture = 0; picture < chunk.Pictures; picture++)
            {
                short* from = (short*)pictures.Picture(chunk.Picture + picture);
                for (int row = 0; row < chunk.Rows; row++)
                {
                    short* place = from + (2 * (chunk.Row + row) * line);
                    for (int column = 0; column < tiles.Across; column++, to += channels, place += 2 * channels)
                    {
                        WinogradTransforms.Input(place, line, channels, to, position);
                    }
                }
            }
        }

        private void Multiply(short* a, nint rows, short* b, int* c)
        {
            (int k, int n) = (shape.InChannels, shape.OutChannels);
            for (int column = 0; column < n; column += Int8WinogradTile.Columns, b += (nint)k * Int8WinogradTile.Columns)
            {
                for (nint row = 0; row < rows; row += Int8WinogradTile.Rows)
                {
                    Int8WinogradTile.Multiply(k / 2, a + (row * k), k, b, c + (row * n) + column, n);
                }
            }
        }

        private void WriteOutput(in PlaneChunk chunk, int* sums, nint position)
        {
            (int height, int width, int channels) = (shape.Vertical.Out, shape.Horizontal.Out, shape.OutChannels);
            var planes = new ChannelPictures(y, channels, height, width);
            int firstLine = 2 * chunk.Row;
            int lines = Math.Min(2 * chunk.Rows, height - firstLine);
            float* places = Scratch.Take(Scratch.Use.ConvPixels, (nint)lines * width * channels);
            for (int picture = 0; picture < chunk.Pictures; picture++)
            {
                var end = new End(scales, pictures.Scales[chunk.Picture + picture], bias, rectifies);
                for (int row = 0; row < chunk.Rows; row++)
                {
                    for (int column = 0; column < tiles.Across; column++, sums += channels)
                    {
                        WinogradTransforms.Output(
                            sums, position, channels, end, places + ((nint)((2 * row * width) + (2 * column)) * channels), (nint)width * channels,
                            ((2 * column) + 1 < width, (2 * row) + 1 < lines));
                    }
                }

                planes.Write(chunk.Picture + picture, firstLine, places, lines, accumulates: false);
            }
        }
    }

    /// <summary>From four times the sums to floats, in the order of <see cref="Int8Product.Finish"/>.</summary>
    private readonly struct End(float* scales, float xScale, float* bias, bool rectifies) : IWinogradEnd<int>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Of(Vector<int> sum, int channel)
        {
            Vector<float> value = Vector.ConvertToSingle(Vector.ShiftRightArithmetic(sum, 2)) * Vector.Load(scales + channel) * xScale;
            value = bias == null ? value : value + Vector.Load(bias + channel);
            return rectifies ? Vector.Max(value, Vector<float>.Zero) : value;
        }
    }
}
