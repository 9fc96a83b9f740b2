namespace Cartwright.Learning.Kernels;

/// <summary>The taps of a kernel as runs of numbers in a copy that holds all channels of a place together, cut into vectors of 16.</summary>
/// <remarks>Where taps of a line see neighbors, they are one run; else each tap is. Three vectors are a panel of 48.</remarks>
internal sealed unsafe class TapRuns
{
    public const int VectorLength = 16;
    private const int VectorsPerPanel = ConvTile.Columns / VectorLength;

    private readonly int _channels;
    private readonly int _tapsPerRun;
    private readonly int _runLength;
    private readonly int _vectorsPerRun;
    private readonly int _runCount;

    public TapRuns(in PaddedPlanes planes, ConvAxis vertical, ConvAxis horizontal)
    {
        int width = horizontal.Taps.Length;
        bool areNeighbors = horizontal.Step == 1 && horizontal.Span == width - 1;
        _channels = planes.Channels;
        _tapsPerRun = areNeighbors ? width : 1;
        _runLength = _tapsPerRun * _channels;
        _vectorsPerRun = (_runLength + VectorLength - 1) / VectorLength;
        _runCount = vertical.Taps.Length * width / _tapsPerRun;

        int count = _runCount * _vectorsPerRun;
        PanelCount = (count + VectorsPerPanel - 1) / VectorsPerPanel;
        Vectors = new int[PanelCount * VectorsPerPanel];
        for (int i = 0; i < count; i++)
        {
            (int y, int x) = Math.DivRem(i / _vectorsPerRun * _tapsPerRun, width);
            Vectors[i] = (planes.TapOffset(vertical.Shifts[y], horizontal.Shifts[x]) * _channels) + (i % _vectorsPerRun * VectorLength);
        }
    }

    public int PanelCount { get; }

    /// <summary>Where each vector begins, from the first channel of a place on; the last panel is filled up with zeros.</summary>
    public int[] Vectors { get; }

    /// <summary>Adds the sums of one output channel to its weights [channels, kernel height, kernel width].</summary>
    /// <param name="sums">Panel after panel of 8 rows of 48: the channel's row in the first of them.</param>
    public void AddTo(float* weights, int kernelSize, float* sums)
    {
        for (int run = 0; run < _runCount; run++)
        {
            int firstTap = run * _tapsPerRun;
            for (int i = 0; i < _runLength; i++)
            {
                (int tap, int channel) = Math.DivRem(i, _channels);
                (int vector, int lane) = Math.DivRem(i, VectorLength);
                (int panel, int place) = Math.DivRem((run * _vectorsPerRun) + vector, VectorsPerPanel);
                weights[((nint)channel * kernelSize) + firstTap + tap] +=
                    sums[((nint)panel * ConvTile.Rows * ConvTile.Columns) + (place * VectorLength) + lane];
            }
        }
    }
}
