namespace Cartwright.Commerce.Catalog;

/// <summary>A picture in memory: red, green and blue of each place, row by row from the top, a byte each.</summary>
internal sealed class Picture
{
    /// <summary>Bytes of one place.</summary>
    public const int Channels = 3;

    /// <param name="rgb">[height, width, 3]; kept, not copied.</param>
    /// <exception cref="ArgumentException">There are more or fewer bytes than places.</exception>
    public Picture(byte[] rgb, int height, int width)
    {
        if (height < 1 || width < 1 || rgb.Length != (long)height * width * Channels)
        {
            throw new ArgumentException($"A picture of {width} by {height} has {(long)height * width * Channels} bytes; there are {rgb.Length}.", nameof(rgb));
        }

        (Rgb, Height, Width) = (rgb, height, width);
    }

    public byte[] Rgb { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The picture as its maker held the camera.</summary>
    /// <param name="orientation">As EXIF counts: 1 as it lies, 2 mirrored, 3 upside down, 4 mirrored and upside down, 5 to 8 with rows and columns exchanged. Others count as 1.</param>
    public Picture Turned(int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return this;
        }

        // Place (y, x) of the result comes from the start, plus a step for each row and for each column.
        const int Right = Channels;
        int down = Width * Channels;
        int last = Rgb.Length - Channels;
        (int start, int stepDown, int stepRight) = orientation switch
        {
            2 => (down - Right, down, -Right),
            3 => (last, -down, -Right),
            4 => (last - down + Right, -down, Right),
            5 => (0, Right, down),
            6 => (last - down + Right, Right, -down),
            7 => (last, -Right, -down),
            _ => (down - Right, -Right, down),
        };
        (int height, int width) = orientation < 5 ? (Height, Width) : (Width, Height);
        byte[] turned = new byte[Rgb.Length];
        int to = 0;
        for (int y = 0; y < height; y++)
        {
            int from = start + (y * stepDown);
            for (int x = 0; x < width; x++)
            {
                turned[to] = Rgb[from];
                turned[to + 1] = Rgb[from + 1];
                turned[to + 2] = Rgb[from + 2];
                (to, from) = (to + Channels, from + stepRight);
            }
        }

        return new Picture(turned, height, width);
    }
}
