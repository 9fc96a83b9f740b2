using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Convolution in which every channel sees itself alone: no product to pack for, but a sum of shifted rows.</summary>
/// <remarks>Howard et al., "MobileNets", 2017. Weights are [channels, 1, kernel height, kernel width].</remarks>
internal static unsafe class DepthwiseKernel
{
    /// <param name="bias">[channels], or nothing.</param>
    /// <param name="rectifies">Writes max(0, y).</param>
    public static void Forward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool rectifies)
    {
        shape.ThrowUnlessFit(x, weights, y);
        MultiplyAdds.Count(shape.MultiplyAdds);
        var vertical = ConvAxis.Forward(shape.Vertical);
        var horizontal = ConvAxis.Forward(shape.Horizontal);
        fixed (float* px = x, pw = weights, pb = bias, py = y)
        {
            var planes = PlanesOf(px, null, shape.Batch * shape.InChannels, shape.Vertical.In, shape.Horizontal.In, vertical, horizontal);
            var taps = new TapOffsets(planes, vertical, horizontal, shape.Horizontal.Kernel);
            fixed (int* places = taps.Places, offsets = taps.Offsets)
            {
                var rows = new OutRows(py, shape.OutSize, shape.Horizontal.Out, vertical, horizontal, rectifies, accumulates: false);
                ParallelWork.For(y.IsEmpty ? 0 : planes.ChunkCount, new Chunk(
                    planes, offsets, places, taps.Count, pw, pb, shape.InChannels, shape.KernelSize, rows));
            }
        }
    }

    /// <param name="mask">Nothing, or as gradY: numbers count as 0 where it is not above 0.</param>
    public static void BackwardInput(
        in ConvShape shape, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, ReadOnlySpan<float> weights, Span<float> gradX, bool accumulates)
    {
        shape.ThrowUnlessFit(gradX, weights, gradY);
        List<ConvAxis> verticals = ConvAxis.Backward(shape.Vertical);
        List<ConvAxis> horizontals = ConvAxis.Backward(shape.Horizontal);
        if (!accumulates && (verticals.Sum(axis => axis.Count) < shape.Vertical.In || horizontals.Sum(axis => axis.Count) < shape.Horizontal.In))
        {
            // With a stride longer than the kernel some of the input is seen by nobody.
            gradX.Clear();
        }

        fixed (float* pg = gradY, pm = mask, pw = weights, px = gradX)
        {
            foreach (ConvAxis vertical in verticals)
            {
                foreach (ConvAxis horizontal in horizontals)
                {
                    var planes = PlanesOf(
                        pg, pm, shape.Batch * shape.InChannels, shape.Vertical.Out, shape.Horizontal.Out, vertical, horizontal);
                    var taps = new TapOffsets(planes, vertical, horizontal, shape.Horizontal.Kernel);
                    fixed (int* places = taps.Places, offsets = taps.Offsets)
                    {
                        var rows = new OutRows(px, shape.InSize, shape.Horizontal.In, vertical, horizontal, rectifies: false, accumulates);
                        ParallelWork.For(gradX.IsEmpty ? 0 : planes.ChunkCount, new Chunk(
                            planes, offsets, places, taps.Count, pw, null, shape.InChannels, shape.KernelSize, rows));
                    }
                }
            }
        }
    }

    /// <summary>Every channel of every picture as a picture of one channel.</summary>
    private static PaddedPlanes PlanesOf(float* source, float* mask, int count, int height, int width, ConvAxis vertical, ConvAxis horizontal) =>
        new(source, mask, count, 1, height, width, (nint)height * width, vertical, horizontal);

    /// <summary>Where rows of the result go.</summary>
    private readonly struct OutRows(
        float* to, int planeSize, int width, ConvAxis vertical, ConvAxis horizontal, bool rectifies, bool accumulates)
    {
        private readonly nint _start = ((nint)vertical.OutStart * width) + horizontal.OutStart;
        private readonly nint _rowStride = (nint)vertical.OutStep * width;
        private readonly nint _columnStride = horizontal.OutStep;

        public bool Rectifies => rectifies;

        public void PrefetchNext(int plane, int row) => Prefetch.Row(to + ((nint)(plane + 1) * planeSize) + _start + (row * _rowStride), width);

        public void Write(int plane, int row, float* line, int count)
        {
            float* at = to + ((nint)plane * planeSize) + _start + (row * _rowStride);
            if (_columnStride == 1 && accumulates)
            {
                Reduce.Add(line, at, count);
            }
            else if (_columnStride == 1)
            {
                MaskedCopy.Copy(line, at, count);
            }
            else
            {
                for (int i = 0; i < count; i++)
                {
                    at[i * _columnStride] = accumulates ? at[i * _columnStride] + line[i] : line[i];
                }
            }
        }
    }

    private readonly struct Chunk(
        PaddedPlanes planes, int* offsets, int* places, int tapCount, float* weights, float* bias, int channels, int kernelSize, OutRows rows) : IWorkItem
    {
        public void Run(int index)
        {
            PlaneChunk chunk = planes.Chunk(index);
            int pitch = (planes.GridWidth + PaddedPlanes.Slack) / ThreeByThreeSums.WholeColumns * ThreeByThreeSums.WholeColumns;
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            float* sums = Scratch.Take(Scratch.Use.ConvSums, (nint)chunk.Rows * pitch);
            planes.Copy(chunk, copy);
            for (int i = 0; i < chunk.Pictures; i++)
            {
                int plane = chunk.Picture + i;
                int channel = plane % channels;
                Sum(copy + ((nint)i * planes.PlaneSize(chunk.Rows)), weights + ((nint)channel * kernelSize), bias == null ? 0 : bias[channel], chunk.Rows, sums, pitch);
                for (int row = 0; row < chunk.Rows; row++)
                {
                    rows.Write(plane, chunk.Row + row, sums + (row * pitch), planes.GridWidth);
                    planes.PrefetchNext(plane, chunk.Row + row);
                    rows.PrefetchNext(plane, chunk.Row + row);
                }
            }
        }

        private void Sum(float* from, float* weightsOfChannel, float start, int rowCount, float* sums, int pitch)
        {
            if (planes.IsThreeByThree && Vector.IsHardwareAccelerated)
            {
                float* ordered = stackalloc float[tapCount];
                for (int tap = 0; tap < tapCount; tap++)
                {
                    (int y, int x) = Math.DivRem(offsets[tap], planes.Pitch);
                    ordered[(3 * y) + x] = weightsOfChannel[places[tap]];
                }

                ThreeByThreeSums.Write(from, planes.Pitch, ordered, start, rows.Rectifies, rowCount, planes.GridWidth, sums, pitch);
                return;
            }

            for (int row = 0; row < rowCount; row++)
            {
                SumOfShifts(from + planes.RowOffset(row), weightsOfChannel, start, sums + (row * pitch), planes.GridWidth);
            }
        }

        // Whole vectors only: the copy may be read and the line written behind their ends.
        private void SumOfShifts(float* from, float* weightsOfChannel, float start, float* line, int count)
        {
            if (!Vector.IsHardwareAccelerated)
            {
                for (int i = 0; i < count; i++)
                {
                    float sum = start;
                    for (int tap = 0; tap < tapCount; tap++)
                    {
                        sum += weightsOfChannel[places[tap]] * from[offsets[tap] + i];
                    }

                    line[i] = rows.Rectifies && sum < 0 ? 0 : sum;
                }

                return;
            }

            int width = Vector<float>.Count;
            for (int i = 0; i < count; i += 4 * width)
            {
                Vector<float> sum0, sum1, sum2, sum3;
                sum0 = sum1 = sum2 = sum3 = new Vector<float>(start);
                for (int tap = 0; tap < tapCount; tap++)
                {
                    var weight = new Vector<float>(weightsOfChannel[places[tap]]);
                    float* at = from + offsets[tap] + i;
                    sum0 = Vector.MultiplyAddEstimate(weight, Vector.Load(at), sum0);
                    sum1 = Vector.MultiplyAddEstimate(weight, Vector.Load(at + width), sum1);
                    sum2 = Vector.MultiplyAddEstimate(weight, Vector.Load(at + (2 * width)), sum2);
                    sum3 = Vector.MultiplyAddEstimate(weight, Vector.Load(at + (3 * width)), sum3);
                }

                Store(sum0, line + i);
                Store(sum1, line + i + width);
                Store(sum2, line + i + (2 * width));
                Store(sum3, line + i + (3 * width));
            }
        }

        private void Store(Vector<float> sum, float* to) =>
            (rows.Rectifies ? Vector.ConditionalSelect(Vector.LessThan(sum, Vector<float>.Zero), Vector<float>.Zero, sum) : sum).Store(to);
    }
}
