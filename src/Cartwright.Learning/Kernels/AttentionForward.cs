using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>The forward of <see cref="AttentionKernel"/>, one head of a few sequences at a time.</summary>
internal readonly unsafe struct AttentionForward(
    AttentionGeometry geometry, float* queries, float* keys, float* values, float* output, float* logSumExp) : IWorkItem
{
    public void Run(int index)
    {
        int head = geometry.HeadOf(index);
        for (int s = geometry.FirstSequence(index); s < geometry.EndSequence(index); s++)
        {
            Attend(head, s);
        }
    }

    public void Attend(int head, int sequence)
    {
        int length = geometry.Length(sequence);
        int atOnce = geometry.QueriesAtOnce(length);
        for (int first = 0; first < length; first += atOnce)
        {
            Attend(head, sequence, first, Math.Min(atOnce, length - first));
        }
    }

    private void Attend(int head, int sequence, int first, int count)
    {
        int depth = geometry.Depth;
        int start = geometry.Start(sequence);
        int keyStart = geometry.KeyStart(sequence);
        int keyCount = geometry.KeyCount(first + count, sequence);
        int stride = AttentionGeometry.WholeVectors(count);
        float* scores = Scratch.Take(Scratch.Use.Scores, (nint)(keyCount + 2) * stride);
        float* largest = scores + ((nint)keyCount * stride);
        float* sums = largest + stride;
        MatrixView q = geometry.Input(queries, start + first, head);
        MatrixView k = geometry.Input(keys, keyStart, head);
        MatrixView v = geometry.Input(values, keyStart, head);
        Product.Multiply(k, q.Transposed, scores, stride, keyCount, count, depth, beta: 0);
        geometry.HideLaterKeys(scores, stride, first, count, float.NegativeInfinity);

        if (WideLanes.AreSupported)
        {
            Softmax<WideLanes>(scores, stride, keyCount, count, geometry.Scale, largest, sums);
        }
        else
        {
            Softmax<UsualLanes>(scores, stride, keyCount, count, geometry.Scale, largest, sums);
        }

        for (int i = 0; i < count; i++)
        {
            logSumExp[((nint)(start + first + i) * geometry.Heads) + head] = (geometry.Scale * largest[i]) + MathF.Log(sums[i]);
        }

        for (int j = 0; geometry.HasDropout && j < keyCount; j++)
        {
            geometry.HashOf(head, keyStart + j).Apply((uint)first, scores + ((nint)j * stride), count);
        }

        MatrixView o = geometry.Output(output, start + first, head);
        Product.Multiply(new MatrixView(scores, 1, stride), v, o.Data, o.RowStride, count, depth, keyCount, beta: 0);
    }

    // Column by column, p = e^(scale (p - largest)) / sum. A method of its own: in a larger one the compiler no longer
    // inlines the exponential, which then takes twice as long.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Softmax<TLanes>(float* scores, int stride, int rows, int columns, float scale, float* largest, float* sums)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            // What lies between the last column and the stride may hold anything: lanes don't mix.
            for (; i < columns; i += TLanes.Count)
            {
                SoftmaxOfVector<TLanes>(scores + i, stride, rows, scale, largest + i, sums + i);
            }
        }

        for (; i < columns; i++)
        {
            float* p = scores + i;
            float max = float.NegativeInfinity;
            for (int j = 0; j < rows; j++)
            {
                max = MathF.Max(max, p[(nint)j * stride]);
            }

            float sum = 0;
            for (int j = 0; j < rows; j++)
            {
                float e = MathF.Exp((p[(nint)j * stride] - max) * scale);
                p[(nint)j * stride] = e;
                sum += e;
            }

            for (int j = 0; j < rows; j++)
            {
                p[(nint)j * stride] /= sum;
            }

            largest[i] = max;
            sums[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SoftmaxOfVector<TLanes>(float* p, int stride, int rows, float scale, float* largest, float* sums)
        where TLanes : struct, ILanes<TLanes>
    {
        // A NaN may get lost here, and comes back with the exponential.
        float* end = p + ((nint)rows * stride);
        TLanes max = TLanes.Repeat(float.NegativeInfinity);
        for (float* x = p; x < end; x += stride)
        {
            max = TLanes.Largest(TLanes.Load(x), max);
        }

        TLanes factor = TLanes.Repeat(scale);
        TLanes sum = TLanes.Repeat(0);
        for (float* x = p; x < end; x += stride)
        {
            TLanes e = VectorExp.OfNonPositive((TLanes.Load(x) - max) * factor);
            e.Store(x);
            sum += e;
        }

        TLanes inverse = TLanes.Repeat(1) / sum;
        for (float* x = p; x < end; x += stride)
        {
            (TLanes.Load(x) * inverse).Store(x);
        }

        max.Store(largest);
        sum.Store(sums);
    }
}
