namespace Cartwright.Learning.Kernels;

/// <summary>Pictures cut into chunks, and the copy of a chunk with its padding in which every shift is an offset.</summary>
/// <remarks>
/// A chunk is some rows of one picture, or some whole small pictures: about 200 to 1,000 places of the result, whatever
/// the number of threads. In the copy a line holds the places of each remainder by the step one after the other, so that
/// neighbors of the result see neighbors of the copy for any step.
/// </remarks>
internal readonly unsafe struct PaddedPlanes
{
    /// <summary>Numbers that may be read, not used, behind the last one of a copy.</summary>
    public const int Slack = 64;

    private const int FewPlaces = 192;
    private const int ManyPlaces = 1024;

    private readonly float* _source;
    private readonly float* _mask;
    private readonly int _height;
    private readonly int _width;
    private readonly nint _pictureStride;
    private readonly int _stepY;
    private readonly int _stepX;
    private readonly int _firstY;
    private readonly int _firstX;
    private readonly int _spanY;
    private readonly int _pictures;
    private readonly int _gridHeight;
    private readonly int _picturesPerChunk;
    private readonly int _rowsPerChunk;
    private readonly int _bandsPerPicture;

    /// <param name="source">The first channel of the first picture: channels of height · width numbers one after the other.</param>
    /// <param name="mask">Null, or as the source: numbers count as 0 where it is not above 0.</param>
    /// <param name="pictureStride">From one picture to the next.</param>
    public PaddedPlanes(
        float* source, float* mask, int pictures, int channels, int height, int width, nint pictureStride, ConvAxis y, ConvAxis x)
    {
        _source = source;
        _mask = mask;
        (_pictures, Channels, _height, _width, _pictureStride) = (pictures, channels, height, width, pictureStride);
        (_stepY, _firstY, _spanY, _gridHeight) = (y.Step, y.First, y.Span, y.Count);
        (_stepX, _firstX, GridWidth) = (x.Step, x.First, x.Count);
        Pitch = GridWidth + (x.Span / x.Step);
        IsThreeByThree = IsThree(y) && IsThree(x);

        int places = Math.Max(1, _gridHeight * GridWidth);
        _rowsPerChunk = places <= ManyPlaces ? _gridHeight : Math.Max(1, ManyPlaces / GridWidth);
        _bandsPerPicture = _gridHeight == 0 ? 1 : (_gridHeight + _rowsPerChunk - 1) / _rowsPerChunk;
        _picturesPerChunk = Math.Max(1, FewPlaces / places);
    }

    public int Channels { get; }

    public int GridWidth { get; }

    /// <summary>Numbers of one remainder in a line of the copy.</summary>
    public int Pitch { get; }

    /// <summary>Whether neighbors of the result see three by three neighbors of the copy.</summary>
    public bool IsThreeByThree { get; }

    public int ChunkCount => (_pictures + _picturesPerChunk - 1) / _picturesPerChunk * _bandsPerPicture;

    /// <summary>Numbers of the largest copy.</summary>
    public nint MostNumbers => ((nint)_picturesPerChunk * Channels * PlaneSize(_rowsPerChunk)) + Slack;

    /// <summary>Places of the result in the largest chunk.</summary>
    public int MostPlaces => _picturesPerChunk * _rowsPerChunk * GridWidth;

    private int LineLength => _stepX * Pitch;

    public PlaneChunk Chunk(int index)
    {
        int picture = index / _bandsPerPicture * _picturesPerChunk;
        int row = index % _bandsPerPicture * _rowsPerChunk;
        int rows = Math.Min(_rowsPerChunk, _gridHeight - row);
        return new PlaneChunk(picture, Math.Min(_picturesPerChunk, _pictures - picture), row, rows);
    }

    /// <summary>Numbers of one channel of one picture in the copy of a chunk.</summary>
    public int PlaneSize(int rows) => (((rows - 1) * _stepY) + _spanY + 1) * LineLength;

    /// <summary>Where the copy holds what the first place of a row of the result sees through the first tap.</summary>
    public int RowOffset(int row) => row * _stepY * LineLength;

    /// <summary>How much further a tap with these shifts sees.</summary>
    public int TapOffset(int shiftY, int shiftX)
    {
        int x = shiftX - _firstX;
        return ((shiftY - _firstY) * LineLength) + (x % _stepX * Pitch) + (x / _stepX);
    }

    /// <summary>Asks for what a row of the result sees in the picture after <paramref name="picture"/>: a new page, which the processor doesn't guess.</summary>
    public void PrefetchNext(int picture, int row) => Prefetch.Row(_source + ((picture + 1) * _pictureStride) + (row * _stepY * _width), _width);

    /// <summary>Copies a chunk: picture after picture, channel after channel.</summary>
    public void Copy(in PlaneChunk chunk, float* to)
    {
        int lines = ((chunk.Rows - 1) * _stepY) + _spanY + 1;
        int firstLine = _firstY + (chunk.Row * _stepY);
        for (int picture = 0; picture < chunk.Pictures; picture++)
        {
            nint at = (chunk.Picture + picture) * _pictureStride;
            for (int channel = 0; channel < Channels; channel++)
            {
                CopyChannel(at, firstLine, lines, to);
                to += (nint)lines * LineLength;
                at += _height * _width;
            }
        }
    }

    private static bool IsThree(ConvAxis axis) => axis is { Step: 1, Span: 2, Taps.Length: 3 };

    private void CopyChannel(nint at, int firstLine, int lines, float* to)
    {
        int start = Math.Clamp(-firstLine, 0, lines);
        int end = Math.Clamp(_height - firstLine, start, lines);
        new Span<float>(to, start * LineLength).Clear();
        new Span<float>(to + (end * LineLength), (lines - end) * LineLength).Clear();
        if (_stepX == 1 && _firstX == 0 && Pitch == _width)
        {
            // Lines follow one another in the copy as in the source.
            CopyNumbers(at + ((firstLine + start) * _width), to + (start * _width), (end - start) * _width);
            return;
        }

        for (int line = start; line < end; line++)
        {
            CopyLine(at + ((firstLine + line) * _width), to + (line * LineLength));
        }
    }

    private void CopyLine(nint at, float* to)
    {
        if (_stepX > 1)
        {
            CopyLineByRemainders(at, to);
            return;
        }

        int start = Math.Max(0, _firstX);
        int before = start - _firstX;
        int count = Math.Max(0, Math.Min(_width - start, Pitch - before));
        for (int i = 0; i < before && i < Pitch; i++)
        {
            to[i] = 0;
        }

        CopyNumbers(at + start, to + before, count);
        for (int i = before + count; i < Pitch; i++)
        {
            to[i] = 0;
        }
    }

    private void CopyLineByRemainders(nint at, float* to)
    {
        for (int remainder = 0; remainder < _stepX; remainder++)
        {
            for (int i = 0; i < Pitch; i++)
            {
                int x = _firstX + remainder + (i * _stepX);
                *to++ = x >= 0 && x < _width && (_mask == null || _mask[at + x] > 0) ? _source[at + x] : 0;
            }
        }
    }

    private void CopyNumbers(nint at, float* to, int count)
    {
        if (_mask == null)
        {
            MaskedCopy.Copy(_source + at, to, count);
        }
        else
        {
            MaskedCopy.Copy(_source + at, _mask + at, to, count);
        }
    }
}

/// <summary>Rows of the result from <paramref name="Row"/> on, of the pictures from <paramref name="Picture"/> on.</summary>
internal readonly record struct PlaneChunk(int Picture, int Pictures, int Row, int Rows);
