using System.Numerics.Tensors;

namespace Cartwright.Learning.Kernels;

/// <summary>Convolution in 8 bits: pictures become whole numbers with their channels side by side, and patches of them rows of a product.</summary>
/// <remarks>Sums are exact and what follows has one order, so the bits are the same on every processor.</remarks>
internal static unsafe class Int8Convolution
{
    /// <summary>Places of the output that are computed at a time.</summary>
    private const int Band = 96;

    /// <summary>Bytes of whole numbers that are made at a time.</summary>
    private const int MostQuantized = 1 << 23;

    /// <summary>A kernel in the order in which patches lie: each place of it with its channels side by side, these filled up to 4.</summary>
    /// <param name="weights">[outChannels, inChannels, kernel height, kernel width]</param>
    public static Int8Matrix Pack(ReadOnlySpan<float> weights, int outChannels, int inChannels, int kernelSize) =>
        new(InPatchOrder(weights, outChannels, inChannels, kernelSize), outChannels, kernelSize * Padded(inChannels));

    /// <summary>The same from the whole numbers and scales of such a kernel.</summary>
    /// <param name="wholes">As <see cref="Wholes"/> gives them.</param>
    /// <param name="scales">[outChannels]</param>
    public static Int8Matrix PackWholes(ReadOnlySpan<float> wholes, ReadOnlySpan<float> scales, int inChannels, int kernelSize) =>
        new(InPatchOrder(wholes, scales.Length, inChannels, kernelSize), scales, kernelSize * Padded(inChannels));

    /// <summary>The whole numbers of a packed kernel, [outChannels, inChannels, kernel height, kernel width].</summary>
    public static float[] Wholes(Int8Matrix packed, int inChannels, int kernelSize)
    {
        float[] inPatchOrder = packed.Wholes();
        int channels = Padded(inChannels);
        float[] wholes = new float[packed.Rows * inChannels * kernelSize];
        for (int o = 0; o < packed.Rows; o++)
        {
            for (int c = 0; c < inChannels; c++)
            {
                for (int place = 0; place < kernelSize; place++)
                {
                    wholes[(((o * inChannels) + c) * kernelSize) + place] = inPatchOrder[(((o * kernelSize) + place) * channels) + c];
                }
            }
        }

        return wholes;
    }

    private static float[] InPatchOrder(ReadOnlySpan<float> weights, int outChannels, int inChannels, int kernelSize)
    {
        ShapeException.ThrowUnlessLength(weights.Length, (long)outChannels * inChannels * kernelSize);
        int channels = Padded(inChannels);
        float[] packed = new float[outChannels * kernelSize * channels];
        for (int o = 0; o < outChannels; o++)
        {
            for (int c = 0; c < inChannels; c++)
            {
                for (int place = 0; place < kernelSize; place++)
                {
                    packed[(((o * kernelSize) + place) * channels) + c] = weights[(((o * inChannels) + c) * kernelSize) + place];
                }
            }
        }

        return packed;
    }

    /// <param name="shape">Of a convolution with one group.</param>
    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <param name="xScale">What 1 stands for in x, found beforehand; 0 finds one for each picture.</param>
    /// <param name="weights">As <see cref="Pack"/> makes them.</param>
    /// <param name="bias">[outChannels], or empty for none.</param>
    /// <param name="y">[batch, outChannels, out height, out width]</param>
    /// <param name="rectifies">Goes on to max(0, y).</param>
    public static void Forward(
        in ConvShape shape, ReadOnlySpan<float> x, float xScale, Int8Matrix weights, ReadOnlySpan<float> bias, Span<float> y, bool rectifies) =>
        Forward(shape, x, xScale, weights, bias, y, rectifies, Int8Winograd.Suits(shape), Int8Tile.Layout);

    /// <summary>The same by a given way, for tests.</summary>
    /// <param name="isTransformed">As <see cref="Int8Winograd"/> does; <paramref name="layout"/> has no say then.</param>
    internal static void Forward(in ConvShape shape, ReadOnlySpan<float> x, float xScale, Int8Matrix weights, ReadOnlySpan<float> bias,
        Span<float> y, bool rectifies, bool isTransformed, Int8Layout layout)
    {
        ShapeException.Require(shape.Groups == 1, $"A convolution of 8 bits has no groups; {shape.Groups} were asked for.");
        ShapeException.ThrowUnlessLength(x.Length, (long)shape.Batch * shape.InChannels * shape.InSize);
        ShapeException.ThrowUnlessLength(y.Length, (long)shape.Batch * shape.OutChannels * shape.OutSize);
        ShapeException.Require(weights.Rows == shape.OutChannels, $"The weights of 8 bits are for {weights.Rows} channels of output, not {shape.OutChannels}.");
        ShapeException.Require(
            weights.Columns == shape.KernelSize * Padded(shape.InChannels),
            $"The weights of 8 bits have {weights.Columns} numbers for each channel of output; this kernel needs {shape.KernelSize * Padded(shape.InChannels)}.");
        ShapeException.ThrowUnlessLength(bias.Length, bias.IsEmpty ? 0 : shape.OutChannels);
        MultiplyAdds.Count(shape.MultiplyAdds);
        if (isTransformed)
        {
            layout = Int8Layout.Shorts;
        }

        (int height, int width) = isTransformed ? Int8Winograd.Seen(shape) : (Extent(shape.Vertical), Extent(shape.Horizontal));
        long size = (long)height * width * Padded(shape.InChannels) * Int8Rows.NumberSize(layout);
        int chunk = (int)Math.Clamp(MostQuantized / Math.Max(1, size), 1, Math.Max(1, shape.Batch));
        fixed (float* px = x, pb = bias, py = y)
        {
            var pictures = new Int8Pictures(
                Padded(shape.InChannels), height, width, layout,
                (byte*)Scratch.Take(Scratch.Use.Quantized, checked((nint)((chunk * size) + sizeof(float) - 1) / sizeof(float))),
                Scratch.Take(Scratch.Use.Scales, chunk));
            short* transformed = isTransformed ? Int8WinogradWeights.Transform(weights) : null;
            for (int first = 0; first < shape.Batch; first += chunk)
            {
                ConvShape part = shape with { Batch = Math.Min(chunk, shape.Batch - first) };
                pictures.Quantize(part, px + ((nint)first * shape.InChannels * shape.InSize), xScale);
                float* ofPart = py + ((nint)first * shape.OutChannels * shape.OutSize);
                if (isTransformed)
                {
                    Int8Winograd.Forward(part, pictures, transformed, weights, pb, ofPart, rectifies);
                }
                else
                {
                    var bands = new Bands(part, pictures, weights, pb, ofPart, rectifies);
                    ParallelWork.For(part.Batch * bands.PerPicture, bands);
                }
            }
        }
    }

    private static int Padded(int channels) =>
        (channels + Int8Matrix.ColumnsInStep - 1) / Int8Matrix.ColumnsInStep * Int8Matrix.ColumnsInStep;

    // Up to the last place that is seen, which may leave some of the picture out.
    private static int Extent(in ConvAxisSizes axis) => ((axis.Out - 1) * axis.Stride) + ((axis.Kernel - 1) * axis.Dilation) + 1;

    /// <summary>Bands of places of a picture, for all channels of the output.</summary>
    private readonly struct Bands(
        ConvShape shape, Int8Pictures pictures, Int8Matrix weights, float* bias, float* y, bool rectifies) : IWorkItem
    {
        public int PerPicture => (shape.OutSize + Band - 1) / Band;

        public void Run(int index)
        {
            (int picture, int first) = (index / PerPicture, index % PerPicture * Band);
            int count = Math.Min(Band, shape.OutSize - first);
            nint rowSize = Int8Rows.RowSize(weights.Steps, pictures.Layout);
            byte* patches = (byte*)Scratch.Take(Scratch.Use.Patches, ((Band * rowSize) + sizeof(float) - 1) / sizeof(float));
            for (int i = 0; i < count; i++)
            {
                CopyPatch(pictures.Picture(picture), first + i, patches + (i * rowSize));
            }

            int* sums = stackalloc int[Int8Tile.Rows * Int8Tile.Columns];
            float* values = stackalloc float[Band * Int8Tile.Columns];
            var ofBand = new Span<float>(values, count * Int8Tile.Columns);
            float* of = y + ((nint)picture * shape.OutChannels * shape.OutSize) + first;
            for (int panel = 0; panel < weights.Panels; panel++)
            {
                int channel = panel * Int8Tile.Columns;
                int width = Math.Min(Int8Tile.Columns, shape.OutChannels - channel);
                for (int i = 0; i < count; i += Int8Tile.Rows)
                {
                    int rows = Math.Min(Int8Tile.Rows, count - i);
                    Int8Tile.Multiply(pictures.Layout, weights.Steps, patches + (i * rowSize), rowSize, rows, weights.Panel(panel), sums);
                    for (int r = 0; r < rows; r++)
                    {
                        Int8Product.Finish(sums + (r * Int8Tile.Columns), weights, channel, width, pictures.Layout, pictures.Scales[picture], bias,
                            values + ((i + r) * Int8Tile.Columns));
                    }
                }

                if (rectifies)
                {
                    TensorPrimitives.Max(ofBand, 0, ofBand);
                }

                Transposition.Copy(values, Int8Tile.Columns, count, width, of + ((nint)channel * shape.OutSize), shape.OutSize);
            }
        }

        private void CopyPatch(byte* picture, int place, byte* to)
        {
            (int top, int left) = (place / shape.Horizontal.Out * shape.Vertical.Stride, place % shape.Horizontal.Out * shape.Horizontal.Stride);

            // Neighbors lie side by side, unless places between them are left out.
            int together = shape.Horizontal.Dilation == 1 ? shape.Horizontal.Kernel : 1;
            uint size = (uint)(together * pictures.PlaceSize);
            for (int i = 0; i < shape.Vertical.Kernel; i++)
            {
                byte* row = picture + (((((nint)top + (i * shape.Vertical.Dilation)) * pictures.Width) + left) * pictures.PlaceSize);
                for (int j = 0; j < shape.Horizontal.Kernel; j += together)
                {
                    new ReadOnlySpan<byte>(row + (j * shape.Horizontal.Dilation * pictures.PlaceSize), (int)size).CopyTo(new Span<byte>(to, (int)size));
                    to += size;
                }
            }
        }
    }
}
