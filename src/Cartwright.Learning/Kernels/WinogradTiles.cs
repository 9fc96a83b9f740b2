namespace Cartwright.Learning.Kernels;

/// <summary>Pictures cut into tiles, 2 by 2 places of the output that see 4 by 4 of the input, and the way of pictures to and from them.</summary>
/// <remarks>
/// A chunk is some rows of tiles of one picture, or some whole small pictures: about 64 tiles, whose transforms and
/// products stay in the second cache. On the way all channels of a place lie side by side.
/// </remarks>
internal readonly unsafe struct WinogradTiles
{
    private const int TilesPerChunk = 64;

    private readonly int _pictures;
    private readonly int _bandsPerPicture;
    private readonly int _rowsPerChunk;
    private readonly int _picturesPerChunk;

    public WinogradTiles(in ConvShape shape)
    {
        _pictures = shape.Batch;
        Down = (shape.Vertical.Out + 1) / 2;
        Across = (shape.Horizontal.Out + 1) / 2;
        _bandsPerPicture = Math.Max(1, Down / Math.Max(1, TilesPerChunk / Across));
        _rowsPerChunk = (Down + _bandsPerPicture - 1) / _bandsPerPicture;
        _bandsPerPicture = (Down + _rowsPerChunk - 1) / _rowsPerChunk;
        _picturesPerChunk = Math.Max(1, TilesPerChunk / (Down * Across));
    }

    /// <summary>Rows of tiles in a picture.</summary>
    public int Down { get; }

    /// <summary>Tiles in a row.</summary>
    public int Across { get; }

    public int ChunkCount => (_pictures + _picturesPerChunk - 1) / _picturesPerChunk * _bandsPerPicture;

    /// <summary>Rows of tiles, of pictures, that are one piece of work.</summary>
    public PlaneChunk Chunk(int index)
    {
        int picture = index / _bandsPerPicture * _picturesPerChunk;
        int row = index % _bandsPerPicture * _rowsPerChunk;
        return new PlaneChunk(picture, Math.Min(_picturesPerChunk, _pictures - picture), row, Math.Min(_rowsPerChunk, Down - row));
    }

    public int TilesIn(in PlaneChunk chunk) => chunk.Pictures * chunk.Rows * Across;

    /// <summary>Numbers from one position of a chunk's tiles to the next: not a power of two, which would put all into the same lines of the cache.</summary>
    public nint PositionSize(in PlaneChunk chunk, int channels) => ((nint)TilesIn(chunk) * channels) + 16;
}

/// <summary>Pictures of a batch [channels, height, width], and the same with the channels of a place side by side.</summary>
internal readonly unsafe struct ChannelPictures(float* data, int channels, int height, int width)
{
    public int Channels => channels;

    public int Height => height;

    public int Width => width;

    /// <summary>Writes the lines from <paramref name="firstLine"/> on; what lies outside of the picture is 0.</summary>
    /// <param name="mask">Null, or as the pictures: numbers count as 0 where it is not above 0.</param>
    /// <param name="before">Zeros before each line.</param>
    /// <param name="pitch">Places of a line that is written.</param>
    public void Read(int picture, float* mask, int firstLine, int lines, int before, int pitch, float* to)
    {
        int start = Math.Clamp(-firstLine, 0, lines);
        int end = Math.Clamp(height - firstLine, start, lines);
        nint lineSize = (nint)pitch * channels;
        Zeros.Write(new Span<float>(to, (int)(start * lineSize)));
        Zeros.Write(new Span<float>(to + (end * lineSize), (int)((lines - end) * lineSize)));
        if (end == start)
        {
            return;
        }

        float* from = PlanesFrom(picture, firstLine + start, end - start, mask, out nint planeSize);
        to += start * lineSize;
        for (int line = start; line < end; line++)
        {
            Zeros.Write(new Span<float>(to, before * channels));
            Transposition.Copy(from, planeSize, channels, width, to + ((nint)before * channels), channels);
            Zeros.Write(new Span<float>(to + ((nint)(before + width) * channels), (pitch - before - width) * channels));
            from += width;
            to += lineSize;
        }
    }

    /// <summary>Writes, or adds to, some lines of a picture.</summary>
    /// <param name="from">Their places one after the other, with nothing around them.</param>
    public void Write(int picture, int line, float* from, int lines, bool accumulates)
    {
        float* to = data + ((nint)picture * channels * height * width) + ((nint)line * width);
        int count = lines * width;
        nint stride = (nint)height * width;
        if (!accumulates)
        {
            Transposition.Copy(from, channels, count, channels, to, stride);
            return;
        }

        float* planes = Scratch.Take(Scratch.Use.ConvPlanes, (nint)channels * count);
        Transposition.Copy(from, channels, count, channels, planes, count);
        for (int channel = 0; channel < channels; channel++)
        {
            Reduce.Add(planes + ((nint)channel * count), to + (channel * stride), count);
        }
    }

    // Some lines of all channels: where they lie, or a copy of them behind the mask.
    private float* PlanesFrom(int picture, int line, int lines, float* mask, out nint planeSize)
    {
        nint at = ((nint)picture * channels * height * width) + ((nint)line * width);
        planeSize = (nint)height * width;
        if (mask == null)
        {
            return data + at;
        }

        int count = lines * width;
        float* planes = Scratch.Take(Scratch.Use.ConvPlanes, (nint)channels * count);
        for (int channel = 0; channel < channels; channel++)
        {
            MaskedCopy.Copy(data + at, mask + at, planes + ((nint)channel * count), count);
            at += planeSize;
        }

        planeSize = count;
        return planes;
    }
}
