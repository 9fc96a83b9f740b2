using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Gradients of a convolution's weights and bias: for each tap, the product of the output's gradient with the input it saw.</summary>
/// <remarks>
/// The sums run over places, so both operands lie place by place: 8 channels of the gradient, and of the input all
/// channels of a place, which makes what neighboring taps of a line see one run of numbers. Runs are cut into vectors of
/// 16, three of which are the 48 columns of <see cref="ConvTile"/>. Pieces of work are ranges of chunks, at most 16, whose sums are
/// added in their order.
/// </remarks>
internal static unsafe class ConvWeights
{
    private const int MostPieces = 16;

    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <param name="gradY">[batch, outChannels, out height, out width]</param>
    /// <param name="mask">Nothing, or as gradY: numbers count as 0 where it is not above 0.</param>
    /// <param name="gradWeights">[outChannels, inChannels / groups, kernel height, kernel width]: is added to.</param>
    /// <param name="gradBias">[outChannels], is added to; or nothing.</param>
    public static void Backward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, Span<float> gradWeights, Span<float> gradBias)
    {
        shape.ThrowUnlessFit(x, gradWeights, gradY);
        ShapeException.ThrowUnlessLength(mask.IsEmpty ? gradY.Length : mask.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradBias.IsEmpty ? shape.OutChannels : gradBias.Length, shape.OutChannels);
        if (gradY.IsEmpty || x.IsEmpty)
        {
            return;
        }

        if (WinogradKernel.Suits(shape))
        {
            WinogradGradients.Backward(shape, x, gradY, mask, gradWeights, gradWeights, gradBias, [], accumulates: false);
            return;
        }

        var vertical = ConvAxis.Forward(shape.Vertical);
        var horizontal = ConvAxis.Forward(shape.Horizontal);
        fixed (float* px = x, pg = gradY, pm = mask, pw = gradWeights, pb = gradBias)
        {
            if (FewChannelWeights.Suits(shape))
            {
                FewChannelWeights.Backward(shape, px, pg, pm, pw, pb);
                return;
            }

            for (int group = 0; group < shape.Groups; group++)
            {
                nint firstOut = (nint)group * shape.OutChannelsPerGroup;
                var planes = new PaddedPlanes(
                    px + ((nint)group * shape.InChannelsPerGroup * shape.InSize), null, shape.Batch, shape.InChannelsPerGroup,
                    shape.Vertical.In, shape.Horizontal.In, (nint)shape.InChannels * shape.InSize, vertical, horizontal);
                nint source = firstOut * shape.OutSize;
                var gradients = new OutGradients(
                    pg + source, pm == null ? null : pm + source, shape.OutChannelsPerGroup, shape.OutSize, (nint)shape.OutChannels * shape.OutSize);
                AddGroup(
                    shape, planes, gradients, new TapRuns(planes, vertical, horizontal),
                    pw + (firstOut * shape.InChannelsPerGroup * shape.KernelSize), pb == null ? null : pb + firstOut);
            }
        }
    }

    private static void AddGroup(in ConvShape shape, in PaddedPlanes planes, in OutGradients gradients, TapRuns runs, float* gradWeights, float* gradBias)
    {
        int pieces = Math.Min(MostPieces, planes.ChunkCount);
        int channels = shape.OutChannelsPerGroup;
        int blocks = Correlation.BlocksOf(channels);
        int rowSize = runs.PanelCount * ConvTile.Columns;
        nint sumsPerPiece = ((nint)blocks * ConvTile.Rows * rowSize) + (blocks * ConvTile.Rows);
        float* sums = Scratch.Take(Scratch.Use.Products, pieces * sumsPerPiece);
        fixed (int* vectors = runs.Vectors)
        {
            ParallelWork.For(pieces, new Piece(planes, gradients, vectors, runs.PanelCount, blocks, pieces, sums, sumsPerPiece));
        }

        for (int piece = 1; piece < pieces; piece++)
        {
            Reduce.Add(sums + (piece * sumsPerPiece), sums, (int)sumsPerPiece);
        }

        float* biasSums = sums + ((nint)blocks * ConvTile.Rows * rowSize);
        for (int channel = 0; channel < channels; channel++)
        {
            float* ofBlock = sums + ((nint)(channel / ConvTile.Rows) * ConvTile.Rows * rowSize);
            runs.AddTo(
                gradWeights + ((nint)channel * shape.InChannelsPerGroup * shape.KernelSize), shape.KernelSize,
                ofBlock + (channel % ConvTile.Rows * ConvTile.Columns));
            if (gradBias != null)
            {
                gradBias[channel] += biasSums[channel];
            }
        }
    }

    /// <summary>Where the gradient of one group's output lies.</summary>
    private readonly struct OutGradients(float* source, float* mask, int channels, int pictureSize, nint pictureStride)
    {
        /// <summary>Writes the places of a chunk in panels of 8 channels, place after place, and adds each channel's sum to <paramref name="sums"/>.</summary>
        public void Pack(in PlaneChunk chunk, int width, float* to, float* sums)
        {
            int count = chunk.Rows * width;
            float* masked = to + ((nint)Correlation.BlocksOf(channels) * ConvTile.Rows * chunk.Pictures * count);
            for (int first = 0; first < channels; first += ConvTile.Rows)
            {
                int height = Math.Min(ConvTile.Rows, channels - first);
                for (int picture = 0; picture < chunk.Pictures; picture++)
                {
                    nint at = ((chunk.Picture + picture) * pictureStride) + ((nint)first * pictureSize) + (chunk.Row * width);
                    float* from = source + at;
                    nint stride = pictureSize;
                    if (mask != null)
                    {
                        for (int i = 0; i < height; i++)
                        {
                            MaskedCopy.Copy(from + (i * stride), mask + at + (i * stride), masked + (i * count), count);
                        }

                        from = masked;
                        stride = count;
                    }

                    if (height < ConvTile.Rows)
                    {
                        new Span<float>(to, ConvTile.Rows * count).Clear();
                    }

                    Transposition.Copy(from, stride, height, count, to, ConvTile.Rows);
                    for (int i = 0; i < height; i++)
                    {
                        sums[first + i] += Reduce.Sum(from + (i * stride), count);
                    }

                    to += (nint)ConvTile.Rows * count;
                }
            }
        }
    }

    private readonly struct Piece(
        PaddedPlanes planes, OutGradients gradients, int* vectors, int panelCount, int blocks, int pieces, float* sums, nint sumsPerPiece) : IWorkItem
    {
        /// <summary>Rows of a panel that stay in the first cache.</summary>
        private const int DepthChunk = 128;

        public void Run(int index)
        {
            float* mine = sums + (index * sumsPerPiece);
            new Span<float>(mine, (int)sumsPerPiece).Clear();
            int end = (int)((long)planes.ChunkCount * (index + 1) / pieces);
            for (int chunk = (int)((long)planes.ChunkCount * index / pieces); chunk < end; chunk++)
            {
                Add(planes.Chunk(chunk), mine);
            }
        }

        private void Add(in PlaneChunk chunk, float* mine)
        {
            int width = planes.GridWidth;
            int places = chunk.Pictures * chunk.Rows * width;
            nint rowSize = panelCount * ConvTile.Columns;
            float* packed = Scratch.Take(Scratch.Use.ConvGradients, (nint)((blocks * ConvTile.Rows) + ConvTile.Rows) * planes.MostPlaces);
            gradients.Pack(chunk, width, packed, mine + (blocks * ConvTile.Rows * rowSize));
            float* pixels = CopyByPlaces(chunk);

            float* panel = Scratch.Take(Scratch.Use.ConvPatches, DepthChunk * ConvTile.Pitch);
            for (int start = 0; start < places; start += DepthChunk)
            {
                int depth = Math.Min(DepthChunk, places - start);
                for (int p = 0; p < panelCount; p++)
                {
                    Pack(chunk, start, depth, pixels, vectors + (3 * p), panel);
                    for (int block = 0; block < blocks; block++)
                    {
                        ConvTile.Multiply(
                            depth,
                            packed + (((nint)block * places) + start) * ConvTile.Rows,
                            panel,
                            mine + (block * ConvTile.Rows * rowSize) + ((nint)p * ConvTile.Rows * ConvTile.Columns),
                            ConvTile.Columns,
                            ConvTile.Columns,
                            new TileEnd(null, accumulates: true, rectifies: false));
                    }
                }
            }
        }

        // The copy of the input, all channels of a place together.
        private float* CopyByPlaces(in PlaneChunk chunk)
        {
            int channels = planes.Channels;
            int planeSize = planes.PlaneSize(chunk.Rows);
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            float* pixels = Scratch.Take(Scratch.Use.ConvPixels, planes.MostNumbers);
            planes.Copy(chunk, copy);
            for (int picture = 0; picture < chunk.Pictures; picture++)
            {
                nint at = (nint)picture * channels * planeSize;
                Transposition.Copy(copy + at, planeSize, channels, planeSize, pixels + at, channels);
            }

            return pixels;
        }

        // What the places see through three vectors of taps: a row of 48 numbers for each.
        private void Pack(in PlaneChunk chunk, int start, int depth, float* pixels, int* taps, float* to)
        {
            int width = planes.GridWidth;
            int channels = planes.Channels;
            nint pictureSize = (nint)channels * planes.PlaneSize(chunk.Rows);
            for (int done = 0; done < depth;)
            {
                int row = Math.DivRem(start + done, width, out int place);
                int picture = Math.DivRem(row, chunk.Rows, out int rowOfPicture);
                float* from = pixels + (picture * pictureSize) + ((nint)(planes.RowOffset(rowOfPicture) + place) * channels);
                int length = Math.Min(width - place, depth - done);
                for (int i = 0; i < length; i++)
                {
                    Copy16(from + taps[0], to);
                    Copy16(from + taps[1], to + 16);
                    Copy16(from + taps[2], to + 32);
                    from += channels;
                    to += ConvTile.Pitch;
                }

                done += length;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy16(float* from, float* to)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Vector512.Load(from).Store(to);
            }
            else if (Vector.IsHardwareAccelerated)
            {
                for (int i = 0; i < TapRuns.VectorLength; i += Vector<float>.Count)
                {
                    Vector.Load(from + i).Store(to + i);
                }
            }
            else
            {
                for (int i = 0; i < TapRuns.VectorLength; i++)
                {
                    to[i] = from[i];
                }
            }
        }
    }
}
