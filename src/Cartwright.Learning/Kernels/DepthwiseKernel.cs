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
        if (!accumulates)
        {
            gradX.Clear();
        }

        fixed (float* pg = gradY, pm = mask, pw = weights, px = gradX)
        {
            foreach (ConvAxis vertical in ConvAxis.Backward(shape.Vertical))
            {
                foreach (ConvAxis horizontal in ConvAxis.Backward(shape.Horizontal))
                {
                    var planes = PlanesOf(
                        pg, pm, shape.Batch * shape.InChannels, shape.Vertical.Out, shape.Horizontal.Out, vertical, horizontal);
                    var taps = new TapOffsets(planes, vertical, horizontal, shape.Horizontal.Kernel);
                    fixed (int* places = taps.Places, offsets = taps.Offsets)
                    {
                        var rows = new OutRows(px, shape.InSize, shape.Horizontal.In, vertical, horizontal, rectifies: false, accumulates: true);
                        ParallelWork.For(gradX.IsEmpty ? 0 : planes.ChunkCount, new Chunk(
                            planes, offsets, places, taps.Count, pw, null, shape.InChannels, shape.KernelSize, rows));
                    }
                }
            }
        }
    }

    /// <param name="gradWeights">[channels, 1, kernel height, kernel width]: is added to.</param>
    /// <param name="gradBias">[channels], is added to; or nothing.</param>
    public static void BackwardWeights(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, Span<float> gradWeights, Span<float> gradBias)
    {
        shape.ThrowUnlessFit(x, gradWeights, gradY);
        if (gradY.IsEmpty)
        {
            return;
        }

        fixed (float* px = x, pg = gradY, pm = mask, pw = gradWeights, pb = gradBias)
        {
            ParallelWork.For(shape.InChannels, new WeightsOfChannel(
                shape, ConvAxis.Forward(shape.Vertical), ConvAxis.Forward(shape.Horizontal), px, pg, pm, pw, pb));
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

        public void Write(int plane, int row, float* line, int count, float bias)
        {
            float* at = to + ((nint)plane * planeSize) + _start + (row * _rowStride);
            for (int i = 0; i < count; i++)
            {
                float sum = line[i] + bias;
                sum = rectifies && sum < 0 ? 0 : sum;
                at[i * _columnStride] = accumulates ? at[i * _columnStride] + sum : sum;
            }
        }
    }

    private readonly struct Chunk(
        PaddedPlanes planes, int* offsets, int* places, int tapCount, float* weights, float* bias, int channels, int kernelSize, OutRows rows) : IWorkItem
    {
        public void Run(int index)
        {
            PlaneChunk chunk = planes.Chunk(index);
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            float* line = Scratch.Take(Scratch.Use.ConvSums, planes.GridWidth + PaddedPlanes.Slack);
            planes.Copy(chunk, copy);
            for (int i = 0; i < chunk.Pictures; i++)
            {
                int plane = chunk.Picture + i;
                int channel = plane % channels;
                float* from = copy + ((nint)i * planes.PlaneSize(chunk.Rows));
                for (int row = 0; row < chunk.Rows; row++)
                {
                    SumOfShifts(from + planes.RowOffset(row), weights + ((nint)channel * kernelSize), line, planes.GridWidth);
                    rows.Write(plane, chunk.Row + row, line, planes.GridWidth, bias == null ? 0 : bias[channel]);
                }
            }
        }

        // Whole vectors only: the copy may be read and the line written behind their ends.
        private void SumOfShifts(float* from, float* weightsOfChannel, float* line, int count)
        {
            if (!Vector.IsHardwareAccelerated)
            {
                for (int i = 0; i < count; i++)
                {
                    float sum = 0;
                    for (int tap = 0; tap < tapCount; tap++)
                    {
                        sum += weightsOfChannel[places[tap]] * from[offsets[tap] + i];
                    }

                    line[i] = sum;
                }

                return;
            }

            int width = Vector<float>.Count;
            for (int i = 0; i < count; i += 2 * width)
            {
                Vector<float> left = Vector<float>.Zero;
                Vector<float> right = Vector<float>.Zero;
                for (int tap = 0; tap < tapCount; tap++)
                {
                    var weight = new Vector<float>(weightsOfChannel[places[tap]]);
                    float* at = from + offsets[tap] + i;
                    left = Vector.MultiplyAddEstimate(weight, Vector.Load(at), left);
                    right = Vector.MultiplyAddEstimate(weight, Vector.Load(at + width), right);
                }

                left.Store(line + i);
                right.Store(line + i + width);
            }
        }
    }

    private readonly struct WeightsOfChannel(
        ConvShape shape, ConvAxis vertical, ConvAxis horizontal, float* x, float* gradY, float* mask, float* gradWeights, float* gradBias) : IWorkItem
    {
        public void Run(int index)
        {
            var planes = new PaddedPlanes(
                x + ((nint)index * shape.InSize), null, shape.Batch, 1, shape.Vertical.In, shape.Horizontal.In,
                (nint)shape.InChannels * shape.InSize, vertical, horizontal);
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            float* masked = Scratch.Take(Scratch.Use.ConvGradients, planes.GridWidth);
            for (int i = 0; i < planes.ChunkCount; i++)
            {
                PlaneChunk chunk = planes.Chunk(i);
                planes.Copy(chunk, copy);
                for (int picture = 0; picture < chunk.Pictures; picture++)
                {
                    nint at = (((nint)(chunk.Picture + picture) * shape.InChannels) + index) * shape.OutSize;
                    float* from = copy + ((nint)picture * planes.PlaneSize(chunk.Rows));
                    for (int row = 0; row < chunk.Rows; row++)
                    {
                        nint start = at + ((nint)(chunk.Row + row) * planes.GridWidth);
                        AddRow(planes, from + planes.RowOffset(row), Masked(start, masked, planes.GridWidth), index);
                    }
                }
            }
        }

        private float* Masked(nint start, float* masked, int count)
        {
            if (mask == null)
            {
                return gradY + start;
            }

            MaskedCopy.Copy(gradY + start, mask + start, masked, count);
            return masked;
        }

        private void AddRow(in PaddedPlanes planes, float* from, float* gradient, int channel)
        {
            float* sums = gradWeights + ((nint)channel * shape.KernelSize);
            foreach (int shiftY in vertical.Shifts)
            {
                foreach (int shiftX in horizontal.Shifts)
                {
                    *sums++ += Reduce.Dot(gradient, from + planes.TapOffset(shiftY, shiftX), planes.GridWidth);
                }
            }

            if (gradBias != null)
            {
                gradBias[channel] += Reduce.Sum(gradient, planes.GridWidth);
            }
        }
    }
}
