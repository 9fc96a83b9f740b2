using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Where the next up to 48 places of a result lie in the copy of their chunk: runs of neighbors.</summary>
internal unsafe struct PatchRuns
{
    private const int Most = ConvTile.Columns;

    private fixed int _from[Most];
    private fixed int _column[Most];
    private fixed int _length[Most];
    private int _count;

    /// <summary>Takes the places from <paramref name="start"/> on; all of a chunk are numbered row by row, picture by picture.</summary>
    public PatchRuns(in PaddedPlanes planes, in PlaneChunk chunk, int start, int count)
    {
        int pictureSize = planes.Channels * planes.PlaneSize(chunk.Rows);
        for (int column = 0; column < count;)
        {
            int row = Math.DivRem(start + column, planes.GridWidth, out int place);
            int picture = Math.DivRem(row, chunk.Rows, out int rowOfPicture);
            int length = Math.Min(planes.GridWidth - place, count - column);
            _from[_count] = (picture * pictureSize) + planes.RowOffset(rowOfPicture) + place;
            _column[_count] = column;
            _length[_count] = length;
            _count++;
            column += length;
        }
    }

    /// <summary>Writes what the places see in channels of the copy through all taps: a row of the panel for each tap of each channel.</summary>
    /// <remarks>Reads and writes up to 15 numbers more than a run has, which the next run writes over.</remarks>
    public readonly void Pack(float* plane, nint planeSize, int channels, int* taps, int tapCount, float* to)
    {
        for (int run = 0; run < _count; run++)
        {
            float* from = plane + _from[run];
            float* column = to + _column[run];
            if (!Vector512.IsHardwareAccelerated)
            {
                PackRun(from, planeSize, channels, taps, tapCount, column, _length[run]);
            }
            else if (_length[run] <= 16)
            {
                PackRun16(from, planeSize, channels, taps, tapCount, column);
            }
            else if (_length[run] <= 32)
            {
                PackRun32(from, planeSize, channels, taps, tapCount, column);
            }
            else
            {
                PackRun32(from, planeSize, channels, taps, tapCount, column);
                PackRun16(from + 32, planeSize, channels, taps, tapCount, column + 32);
            }
        }
    }

    private static void PackRun16(float* from, nint planeSize, int channels, int* taps, int tapCount, float* to)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int tap = 0; tap < tapCount; tap++)
            {
                Vector512.Load(from + taps[tap]).Store(to);
                to += ConvTile.Pitch;
            }

            from += planeSize;
        }
    }

    private static void PackRun32(float* from, nint planeSize, int channels, int* taps, int tapCount, float* to)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int tap = 0; tap < tapCount; tap++)
            {
                float* at = from + taps[tap];
                Vector512.Load(at).Store(to);
                Vector512.Load(at + 16).Store(to + 16);
                to += ConvTile.Pitch;
            }

            from += planeSize;
        }
    }

    // The definition, by vectors of 8 where there are any.
    private static void PackRun(float* from, nint planeSize, int channels, int* taps, int tapCount, float* to, int count)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int tap = 0; tap < tapCount; tap++)
            {
                float* at = from + taps[tap];
                for (int i = 0; Vector256.IsHardwareAccelerated && i < count; i += Vector256<float>.Count)
                {
                    Vector256.Load(at + i).Store(to + i);
                }

                for (int i = 0; !Vector256.IsHardwareAccelerated && i < count; i++)
                {
                    to[i] = at[i];
                }

                to += ConvTile.Pitch;
            }

            from += planeSize;
        }
    }
}
