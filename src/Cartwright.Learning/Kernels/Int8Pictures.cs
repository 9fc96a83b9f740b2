namespace Cartwright.Learning.Kernels;

/// <summary>Pictures of whole numbers, [height, width, channels] with their padding around them, and what 1 stands for in each.</summary>
/// <param name="height">With the padding; lines of the picture beyond it are left out.</param>
/// <param name="numbers">Room for all of them, <see cref="Size"/> bytes each.</param>
/// <param name="scales">Room for a scale of each.</param>
internal readonly unsafe struct Int8Pictures(int channels, int height, int width, Int8Layout layout, byte* numbers, float* scales)
{
    public Int8Layout Layout => layout;

    public int Width => width;

    public float* Scales => scales;

    /// <summary>Bytes from one place to the next.</summary>
    public int PlaceSize { get; } = channels * Int8Rows.NumberSize(layout);

    /// <summary>Bytes of a picture.</summary>
    public nint Size => (nint)height * width * PlaceSize;

    public byte* Picture(int index) => numbers + (index * Size);

    /// <summary>Makes whole numbers of pictures.</summary>
    /// <param name="x">[batch, inChannels, height, width] of <paramref name="shape"/>.</param>
    /// <param name="xScale">What 1 stands for, found beforehand; 0 finds one for each picture.</param>
    public void Quantize(in ConvShape shape, float* x, float xScale) => ParallelWork.For(shape.Batch, new Quantizing(this, shape, x, xScale));

    private void Quantize(in ConvShape shape, float* picture, float xScale, int index)
    {
        float scale = xScale > 0 ? xScale : Int8Rows.LargestMagnitude(picture, shape.InChannels * shape.InSize) / Int8Matrix.Largest;
        scales[index] = scale;

        byte* to = Picture(index);
        new Span<byte>(to, checked((int)Size)).Fill(layout == Int8Layout.OffsetBytes ? (byte)Int8Rows.Offset : (byte)0);
        (int top, int left) = (shape.Vertical.Before, shape.Horizontal.Before);
        int rows = Math.Min(shape.Vertical.In, height - top);
        int columns = Math.Min(shape.Horizontal.In, width - left);
        for (int c = 0; c < shape.InChannels; c += Int8Matrix.ColumnsInStep)
        {
            int together = Math.Min(Int8Matrix.ColumnsInStep, shape.InChannels - c);
            for (int i = 0; i < rows; i++)
            {
                Int8Rows.QuantizeSideBySide(
                    picture + ((nint)c * shape.InSize) + (i * shape.Horizontal.In), shape.InSize, together, columns, scale, layout,
                    to + (((((nint)i + top) * width) + left) * PlaceSize) + (c * Int8Rows.NumberSize(layout)), PlaceSize);
            }
        }
    }

    private readonly struct Quantizing(Int8Pictures pictures, ConvShape shape, float* x, float xScale) : IWorkItem
    {
        public void Run(int index) => pictures.Quantize(shape, x + ((nint)index * shape.InChannels * shape.InSize), xScale, index);
    }
}
