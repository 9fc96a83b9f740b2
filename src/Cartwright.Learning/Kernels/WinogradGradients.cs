namespace Cartwright.Learning.Kernels;

/// <summary>The way back of <see cref="WinogradKernel"/>, by the transposes of its transforms: gradients of weights, bias and input.</summary>
/// <remarks>
/// All three need the transformed gradient of the output, which is made once. Pieces of work are ranges of chunks, at most 16, whose sums are
/// added in their order.
/// </remarks>
internal static unsafe class WinogradGradients
{
    private const int MostPieces = 16;

    /// <summary>The position that holds the sum of a tile's four gradients.</summary>
    private const int WholeTile = 5;

    /// <param name="x">[batch, inChannels, height, width]; read for gradWeights alone.</param>
    /// <param name="gradY">[batch, outChannels, out height, out width]</param>
    /// <param name="mask">Nothing, or as gradY: numbers count as 0 where it is not above 0.</param>
    /// <param name="weights">[outChannels, inChannels, 3, 3]; read for gradX alone.</param>
    /// <param name="gradWeights">[outChannels, inChannels, 3, 3]: is added to; or nothing.</param>
    /// <param name="gradBias">[outChannels], is added to; or nothing, and always nothing without gradWeights.</param>
    /// <param name="gradX">As x; or nothing.</param>
    /// <param name="accumulates">Adds to what gradX holds.</param>
    public static void Backward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, ReadOnlySpan<float> weights,
        Span<float> gradWeights, Span<float> gradBias, Span<float> gradX, bool accumulates)
    {
        shape.ThrowUnlessFit(x, weights, gradY);
        ShapeException.ThrowUnlessLength(mask.IsEmpty ? gradY.Length : mask.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradWeights.IsEmpty ? weights.Length : gradWeights.Length, weights.Length);
        ShapeException.ThrowUnlessLength(gradBias.IsEmpty ? shape.OutChannels : gradBias.Length, shape.OutChannels);
        ShapeException.ThrowUnlessLength(gradX.IsEmpty ? x.Length : gradX.Length, x.Length);
        MultiplyAdds.Count(gradX.IsEmpty ? 0 : shape.MultiplyAdds);

        var tiles = new WinogradTiles(shape);
        int pieces = Math.Min(MostPieces, tiles.ChunkCount);
        nint sumsPerPiece = ((nint)WinogradTransforms.Positions * shape.InChannels * shape.OutChannels) + shape.OutChannels;
        float* sums = gradWeights.IsEmpty ? null : Scratch.Take(Scratch.Use.Products, pieces * sumsPerPiece);
        fixed (float* px = x, pg = gradY, pm = mask, pw = weights, pgw = gradWeights, pgb = gradBias, pgx = gradX)
        {
            WinogradProducts? products = gradX.IsEmpty ? null : new WinogradProducts(pw, shape.InChannels, shape.OutChannels, isBackward: true);
            ParallelWork.For(pieces, new Piece(shape, tiles, px, pg, pm, products, pgx, accumulates, sums, sumsPerPiece, pieces));
            if (sums != null)
            {
                ParallelWork.For(shape.InChannels, new Total(shape, sums, sumsPerPiece, pieces, pgw));
                for (int piece = 0; piece < pieces && pgb != null; piece++)
                {
                    Reduce.Add(sums + ((piece + 1) * sumsPerPiece) - shape.OutChannels, pgb, shape.OutChannels);
                }
            }
        }
    }

    private readonly struct Piece(
        ConvShape shape, WinogradTiles tiles, float* x, float* gradY, float* mask,
        WinogradProducts? products, float* gradX, bool accumulates, float* sums, nint sumsPerPiece, int pieces) : IWorkItem
    {
        public void Run(int index)
        {
            int first = (int)((long)tiles.ChunkCount * index / pieces);
            int end = (int)((long)tiles.ChunkCount * (index + 1) / pieces);
            for (int i = first; i < end; i++)
            {
                PlaneChunk chunk = tiles.Chunk(i);

                // The row of tiles above sees two lines of the chunk's input.
                int above = products is not null && chunk.Row > 0 ? 1 : 0;
                PlaneChunk seen = chunk with { Row = chunk.Row - above, Rows = chunk.Rows + above };
                float* gradients = TransformGradient(seen);
                if (sums != null)
                {
                    nint skipped = (nint)above * tiles.Across * shape.OutChannels;
                    AddWeights(chunk, gradients + skipped, tiles.PositionSize(seen, shape.OutChannels), sums + (index * sumsPerPiece), i > first);
                }

                if (products is not null)
                {
                    WriteInputGradient(products, chunk, seen, gradients);
                }
            }
        }

        // [tiles, outChannels] at each position.
        private float* TransformGradient(in PlaneChunk seen)
        {
            int channels = shape.OutChannels;
            var pictures = new ChannelPictures(gradY, channels, shape.Vertical.Out, shape.Horizontal.Out);
            (int lines, int pitch) = (2 * seen.Rows, 2 * tiles.Across);
            nint position = tiles.PositionSize(seen, channels);
            float* gradients = Scratch.Take(Scratch.Use.ConvGradients, WinogradTransforms.Positions * position);
            float* places = Scratch.Take(Scratch.Use.ConvPixels, (nint)lines * pitch * channels);
            float* to = gradients;
            for (int picture = 0; picture < seen.Pictures; picture++)
            {
                pictures.Read(seen.Picture + picture, mask, 2 * seen.Row, lines, 0, pitch, places);
                for (int row = 0; row < seen.Rows; row++)
                {
                    for (int column = 0; column < tiles.Across; column++, to += channels)
                    {
                        WinogradTransforms.OutputGradient(
                            places + ((nint)((2 * row * pitch) + (2 * column)) * channels), (nint)pitch * channels, channels, to, position);
                    }
                }
            }

            return gradients;
        }

        // Input, transposed, times gradients at each position, and the sums of the gradients behind.
        private void AddWeights(in PlaneChunk chunk, float* gradients, nint positionOfGradients, float* mine, bool accumulate)
        {
            (int inputs, int outputs, int count) = (shape.InChannels, shape.OutChannels, tiles.TilesIn(chunk));
            nint position = tiles.PositionSize(chunk, inputs);
            float* transformed = Scratch.Take(Scratch.Use.ConvPatches, WinogradTransforms.Positions * position);
            WinogradKernel.TransformInput(shape, tiles, x, chunk, transformed);
            for (int i = 0; i < WinogradTransforms.Positions; i++)
            {
                GemmBlock.Multiply(
                    new MatrixView(transformed + (i * position), 1, inputs),
                    new MatrixView(gradients + (i * positionOfGradients), outputs, 1),
                    null,
                    0,
                    0,
                    mine,
                    outputs,
                    inputs,
                    outputs,
                    count,
                    accumulate);
                mine += (nint)inputs * outputs;
            }

            if (!accumulate)
            {
                Zeros.Write(new Span<float>(mine, outputs));
            }

            for (int tile = 0; tile < count; tile++)
            {
                Reduce.Add(gradients + (WholeTile * positionOfGradients) + ((nint)tile * outputs), mine, outputs);
            }
        }

        private void WriteInputGradient(WinogradProducts back, in PlaneChunk chunk, in PlaneChunk seen, float* gradients)
        {
            (int channels, int above) = (shape.InChannels, chunk.Row - seen.Row);
            var pictures = new ChannelPictures(gradX, channels, shape.Vertical.In, shape.Horizontal.In);
            (int lines, int pitch) = ((2 * seen.Rows) + 2, (2 * tiles.Across) + 2);
            float* places = Scratch.Take(Scratch.Use.ConvPixels, (nint)lines * pitch * channels);
            nint position = tiles.PositionSize(seen, channels);
            float* from = Scratch.Take(Scratch.Use.ConvSums, WinogradTransforms.Positions * position);
            back.Multiply(gradients, tiles.PositionSize(seen, shape.OutChannels), tiles.TilesIn(seen), from, position);

            // Lines of the copy that no later chunk adds to, as far as they lie in the picture.
            bool isLast = chunk.Row + chunk.Rows == tiles.Down;
            int firstLine = (2 * seen.Row) - shape.Vertical.Before;
            int start = Math.Max(2 * above, -firstLine);
            int end = Math.Min(isLast ? lines : lines - 2, shape.Vertical.In - firstLine);
            for (int picture = 0; picture < chunk.Pictures; picture++)
            {
                Zeros.Write(new Span<float>(places, lines * pitch * channels));
                for (int row = 0; row < seen.Rows; row++)
                {
                    for (int column = 0; column < tiles.Across; column++, from += channels)
                    {
                        WinogradTransforms.AddInputGradient(
                            from, position, channels, places + ((nint)((2 * row * pitch) + (2 * column)) * channels), (nint)pitch * channels);
                    }
                }

                for (int line = start; line < end; line++)
                {
                    float* at = places + ((nint)((line * pitch) + shape.Horizontal.Before) * channels);
                    pictures.Write(chunk.Picture + picture, firstLine + line, at, 1, accumulates);
                }
            }
        }
    }

    /// <summary>The sums of all pieces, transformed back, for one input channel.</summary>
    private readonly struct Total(ConvShape shape, float* sums, nint sumsPerPiece, int pieces, float* gradWeights) : IWorkItem
    {
        public void Run(int index)
        {
            int channels = shape.OutChannels;
            float* ofChannel = Scratch.Take(Scratch.Use.ConvSums, WinogradTransforms.Positions * channels);
            float* taps = Scratch.Take(Scratch.Use.ConvPlanes, (nint)shape.KernelSize * channels);
            for (int i = 0; i < WinogradTransforms.Positions; i++)
            {
                float* from = sums + (((nint)i * shape.InChannels) + index) * channels;
                float* to = ofChannel + ((nint)i * channels);
                MaskedCopy.Copy(from, to, channels);
                for (int piece = 1; piece < pieces; piece++)
                {
                    Reduce.Add(from + (piece * sumsPerPiece), to, channels);
                }
            }

            WinogradTransforms.WeightsGradient(ofChannel, channels, channels, taps);
            for (int channel = 0; channel < channels; channel++)
            {
                float* weight = gradWeights + ((((nint)channel * shape.InChannels) + index) * shape.KernelSize);
                for (int tap = 0; tap < shape.KernelSize; tap++)
                {
                    weight[tap] += taps[(tap * channels) + channel];
                }
            }
        }
    }
}
