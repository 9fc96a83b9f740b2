using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Gradients of the weights and the bias of <see cref="DepthwiseKernel"/>: for each tap, the dot product of the output's gradient with what it saw.</summary>
internal static unsafe class DepthwiseWeights
{
    /// <param name="gradWeights">[channels, 1, kernel height, kernel width]: is added to.</param>
    /// <param name="gradBias">[channels], is added to; or nothing.</param>
    public static void Backward(
        in ConvShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gradY, ReadOnlySpan<float> mask, Span<float> gradWeights, Span<float> gradBias)
    {
        shape.ThrowUnlessFit(x, gradWeights, gradY);
        if (gradY.IsEmpty)
        {
            return;
        }

        fixed (float* px = x, pg = gradY, pm = mask, pw = gradWeights, pb = gradBias)
        {
            ParallelWork.For(shape.InChannels, new OfChannel(
                shape, ConvAxis.Forward(shape.Vertical), ConvAxis.Forward(shape.Horizontal), px, pg, pm, pw, pb));
        }
    }

    private readonly struct OfChannel(
        ConvShape shape, ConvAxis vertical, ConvAxis horizontal, float* x, float* gradY, float* mask, float* gradWeights, float* gradBias) : IWorkItem
    {
        public void Run(int index)
        {
            var planes = new PaddedPlanes(
                x + ((nint)index * shape.InSize), null, shape.Batch, 1, shape.Vertical.In, shape.Horizontal.In,
                (nint)shape.InChannels * shape.InSize, vertical, horizontal);
            float* copy = Scratch.Take(Scratch.Use.ConvPlanes, planes.MostNumbers);
            float* gradients = Scratch.Take(Scratch.Use.ConvGradients, planes.MostNumbers);

            // Where the copy's lines are as far apart as the rows of places, a whole picture is one run.
            bool isOneRun = planes.RowOffset(1) == planes.Pitch;
            for (int i = 0; i < planes.ChunkCount; i++)
            {
                PlaneChunk chunk = planes.Chunk(i);
                planes.Copy(chunk, copy);
                for (int picture = 0; picture < chunk.Pictures; picture++)
                {
                    nint at = (((nint)(chunk.Picture + picture) * shape.InChannels) + index) * shape.OutSize;
                    float* from = copy + ((nint)picture * planes.PlaneSize(chunk.Rows));
                    CopyGradients(at + ((nint)chunk.Row * planes.GridWidth), chunk.Rows, planes, gradients);
                    for (int row = 0; row < chunk.Rows; row++)
                    {
                        planes.PrefetchNext(chunk.Picture + picture, chunk.Row + row);
                    }

                    if (isOneRun)
                    {
                        AddRun(planes, from, gradients, ((chunk.Rows - 1) * planes.Pitch) + planes.GridWidth, index);
                        continue;
                    }

                    for (int row = 0; row < chunk.Rows; row++)
                    {
                        AddRun(planes, from + planes.RowOffset(row), gradients + (row * planes.Pitch), planes.GridWidth, index);
                    }
                }
            }
        }

        // As far apart as lines of the copy, zeros between them. The same of the next picture is asked for ahead of its turn.
        private void CopyGradients(nint start, int rows, in PaddedPlanes planes, float* to)
        {
            int width = planes.GridWidth;
            nint next = (nint)shape.InChannels * shape.OutSize;
            for (int row = 0; row < rows; row++, start += width, to += planes.Pitch)
            {
                Prefetch.Row(gradY + start + next, width);
                if (mask == null)
                {
                    MaskedCopy.Copy(gradY + start, to, width);
                }
                else
                {
                    MaskedCopy.Copy(gradY + start, mask + start, to, width);
                    Prefetch.Row(mask + start + next, width);
                }

                for (int i = width; i < planes.Pitch; i++)
                {
                    to[i] = 0;
                }
            }
        }

        private void AddRun(in PaddedPlanes planes, float* from, float* gradients, int count, int channel)
        {
            float* sums = gradWeights + ((nint)channel * shape.KernelSize);
            foreach (int shiftY in vertical.Shifts)
            {
                int tap = 0;
                for (; tap <= horizontal.Shifts.Length - 3; tap += 3, sums += 3)
                {
                    AddThreeDots(
                        gradients,
                        from + planes.TapOffset(shiftY, horizontal.Shifts[tap]),
                        from + planes.TapOffset(shiftY, horizontal.Shifts[tap + 1]),
                        from + planes.TapOffset(shiftY, horizontal.Shifts[tap + 2]),
                        count,
                        sums);
                }

                for (; tap < horizontal.Shifts.Length; tap++)
                {
                    *sums++ += Reduce.Dot(gradients, from + planes.TapOffset(shiftY, horizontal.Shifts[tap]), count);
                }
            }

            if (gradBias != null)
            {
                gradBias[channel] += Reduce.Sum(gradients, count);
            }
        }

        // Three taps, which are most kernels' width, read the gradient once and keep six sums going.
        private static void AddThreeDots(float* gradients, float* x0, float* x1, float* x2, int count, float* sums)
        {
            int width = Vector<float>.Count;
            int i = 0;
            Vector<float> even0, even1, even2, odd0, odd1, odd2;
            even0 = even1 = even2 = odd0 = odd1 = odd2 = Vector<float>.Zero;
            for (; Vector.IsHardwareAccelerated && i <= count - (2 * width); i += 2 * width)
            {
                Vector<float> gradient = Vector.Load(gradients + i);
                even0 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x0 + i), even0);
                even1 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x1 + i), even1);
                even2 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x2 + i), even2);
                gradient = Vector.Load(gradients + i + width);
                odd0 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x0 + i + width), odd0);
                odd1 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x1 + i + width), odd1);
                odd2 = Vector.MultiplyAddEstimate(gradient, Vector.Load(x2 + i + width), odd2);
            }

            sums[0] += Vector.Sum(even0 + odd0) + Reduce.Dot(gradients + i, x0 + i, count - i);
            sums[1] += Vector.Sum(even1 + odd1) + Reduce.Dot(gradients + i, x1 + i, count - i);
            sums[2] += Vector.Sum(even2 + odd2) + Reduce.Dot(gradients + i, x2 + i, count - i);
        }
    }
}
