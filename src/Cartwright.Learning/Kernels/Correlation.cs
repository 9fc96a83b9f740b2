using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Sums over shifted pictures: out[m, t] = bias[m] + Σ weights[m, channel, tap] · source[channel, step · t + shift of tap].</summary>
/// <remarks>
/// The patches that 48 places of the result see are packed straight into the panel that <see cref="ConvTile"/> reads, so
/// that the matrix of all patches never exists. Chunks are the pieces of work, and cut by size alone.
/// Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006, with the
/// unfolded matrix in the packing of Goto and van de Geijn, 2008.
/// </remarks>
internal readonly unsafe struct Correlation : IWorkItem
{
    /// <summary>Rows of a panel of patches that stay in the first cache: 192 · 48 numbers are 36 KB.</summary>
    private const int MostDepth = 192;

    public required PaddedPlanes Planes { get; init; }

    /// <summary>What <see cref="PackWeights"/> wrote.</summary>
    public required float* Weights { get; init; }

    /// <summary><see cref="PaddedPlanes.TapOffset"/> of every tap.</summary>
    public required int* Taps { get; init; }

    public required int TapCount { get; init; }

    /// <summary>One number for every channel of the result, in whole blocks of 8; null for zeros.</summary>
    public required float* Bias { get; init; }

    /// <summary>The first channel of the first picture of the result.</summary>
    public required float* Out { get; init; }

    public required int OutChannels { get; init; }

    public required nint OutPictureStride { get; init; }

    public required nint OutChannelStride { get; init; }

    /// <summary>From one row of the grid to the next.</summary>
    public required int OutRowStride { get; init; }

    public required int OutColumnStride { get; init; }

    /// <summary>Adds to what is there.</summary>
    public bool Accumulates { get; init; }

    /// <summary>Writes 0 in place of what is negative.</summary>
    public bool Rectifies { get; init; }

    private int Blocks => BlocksOf(OutChannels);

    public static int BlocksOf(int channels) => (channels + ConvTile.Rows - 1) / ConvTile.Rows;

    /// <summary>Weights in panels of 8 rows, filled up with zeros: channel after channel, tap after tap, 8 numbers each.</summary>
    /// <param name="taps">Place of each tap in the kernel.</param>
    /// <returns>The panels, which stay the calling thread's until it packs again.</returns>
    public static float* PackWeights(float* weights, nint rowStride, nint channelStride, int rows, int channels, ReadOnlySpan<int> taps)
    {
        float* packed = Scratch.Take(Scratch.Use.ConvWeights, (nint)BlocksOf(rows) * ConvTile.Rows * channels * taps.Length);
        float* to = packed;
        for (int row = 0; row < rows; row += ConvTile.Rows)
        {
            int height = Math.Min(ConvTile.Rows, rows - row);
            for (int channel = 0; channel < channels; channel++)
            {
                float* from = weights + (row * rowStride) + (channel * channelStride);
                foreach (int tap in taps)
                {
                    for (int i = 0; i < ConvTile.Rows; i++)
                    {
                        to[i] = i < height ? from[(i * rowStride) + tap] : 0;
                    }

                    to += ConvTile.Rows;
                }
            }
        }

        return packed;
    }

    /// <summary>The bias in whole blocks of 8, filled up with zeros; the calling thread's until it packs again.</summary>
    public static float* PackBias(float* bias, int channels)
    {
        int size = BlocksOf(channels) * ConvTile.Rows;
        float* packed = Scratch.Take(Scratch.Use.ConvBias, size);
        new Span<float>(packed, size).Clear();
        new ReadOnlySpan<float>(bias, channels).CopyTo(new Span<float>(packed, size));
        return packed;
    }

    public void Run(int index)
    {
        PlaneChunk chunk = Planes.Chunk(index);
        float* copy = Scratch.Take(Scratch.Use.ConvPlanes, Planes.MostNumbers);
        float* sums = Scratch.Take(Scratch.Use.ConvSums, (nint)Blocks * ConvTile.Rows * ConvTile.Columns);
        Planes.Copy(chunk, copy);

        int places = chunk.Pictures * chunk.Rows * Planes.GridWidth;
        for (int start = 0; start < places; start += ConvTile.Columns)
        {
            Multiply(chunk, copy, start, Math.Min(ConvTile.Columns, places - start), sums);
        }
    }

    private void Multiply(in PlaneChunk chunk, float* copy, int start, int count, float* sums)
    {
        var runs = new PatchRuns(Planes, chunk, start, count);
        nint planeSize = Planes.PlaneSize(chunk.Rows);
        int parts = ((Planes.Channels * TapCount) + MostDepth - 1) / MostDepth;
        int channelsAtOnce = Math.Max(1, Planes.Channels / parts);
        float* patches = Scratch.Take(Scratch.Use.ConvPatches, (nint)channelsAtOnce * TapCount * ConvTile.Pitch);

        // 48 neighbors of the result are written in place, block by block of channels; others go where the sums are.
        float* result = count == ConvTile.Columns && RunAt(chunk, start, count, out float* at) == count && OutColumnStride == 1 ? at : null;
        int inPlace = result == null ? 0 : OutChannels / ConvTile.Rows;
        for (int channel = 0; channel < Planes.Channels; channel += channelsAtOnce)
        {
            int channels = Math.Min(channelsAtOnce, Planes.Channels - channel);
            bool isLast = channel + channels == Planes.Channels;
            runs.Pack(copy + (channel * planeSize), planeSize, channels, Taps, TapCount, patches);
            float* weights = Weights + ((nint)channel * TapCount * ConvTile.Rows);
            for (int block = 0; block < Blocks; block++)
            {
                bool isInPlace = block < inPlace;
                float* bias = Bias == null || !isLast ? null : Bias + (block * ConvTile.Rows);
                var end = new TileEnd(bias, channel > 0 || (isInPlace && Accumulates), isLast && Rectifies);
                ConvTile.Multiply(
                    channels * TapCount,
                    weights + ((nint)block * Planes.Channels * TapCount * ConvTile.Rows),
                    patches,
                    isInPlace ? result + (block * ConvTile.Rows * OutChannelStride) : sums + ((nint)block * ConvTile.Rows * ConvTile.Columns),
                    isInPlace ? OutChannelStride : ConvTile.Columns,
                    count,
                    end);
            }
        }

        Write(chunk, start, count, sums, inPlace * ConvTile.Rows);
    }

    // What is not in place yet, from the first such channel on.
    private void Write(in PlaneChunk chunk, int start, int count, float* sums, int firstChannel)
    {
        for (int column = 0; column < count && firstChannel < OutChannels;)
        {
            int length = RunAt(chunk, start + column, count - column, out float* to);
            for (int channel = firstChannel; channel < OutChannels; channel++)
            {
                WriteRun(sums + ((nint)channel * ConvTile.Columns) + column, to + (channel * OutChannelStride), length);
            }

            column += length;
        }
    }

    // Neighbors of the result lie next to each other as far as a row goes, or a picture where rows follow one another.
    private int RunAt(in PlaneChunk chunk, int start, int count, out float* at)
    {
        int width = Planes.GridWidth;
        int runLength = OutColumnStride == 1 && OutRowStride == width ? chunk.Rows * width : width;
        int row = Math.DivRem(start, width, out int x);
        int picture = Math.DivRem(row, chunk.Rows, out int y);
        at = Out + ((chunk.Picture + picture) * OutPictureStride) + ((nint)(chunk.Row + y) * OutRowStride) + ((nint)x * OutColumnStride);
        return Math.Min(runLength - (start % runLength), count);
    }

    private void WriteRun(float* from, float* to, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated && OutColumnStride == 1)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> sum = Vector.Load(from + i);
                (Accumulates ? sum + Vector.Load(to + i) : sum).Store(to + i);
            }
        }

        for (; i < count; i++)
        {
            float* at = to + ((nint)i * OutColumnStride);
            *at = Accumulates ? *at + from[i] : from[i];
        }
    }
}
