using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Row by row, temperature² Σ q (ln q - ln p), p and q the softmax of both logits divided by the temperature.</summary>
internal static unsafe class DistillationKernel
{
    /// <param name="student">[rows, columns]</param>
    /// <param name="teacher">[rows, columns]</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">[rows, columns], written: temperature (p - q).</param>
    /// <returns>The sum of the losses.</returns>
    public static double Invoke(
        ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, float temperature, float scale, Span<float> gradient, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(student.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(teacher.Length, student.Length);
        ShapeException.ThrowUnlessLength(gradient.Length, student.Length);
        var blocks = new RowBlocks(rows, columns);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* s = student, t = teacher, g = gradient)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, s, t, temperature, scale, g, sums, columns));
        }

        return sums.Total();
    }

    private readonly struct Block(
        RowBlocks blocks, float* student, float* teacher, float temperature, float scale, float* gradient, BlockSums sums, int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            float* scratch = Scratch.Take(Scratch.Use.LossRows, 3 * (nint)columns);
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                sum += Row(student + at, teacher + at, gradient + at, scratch);
            }

            sums[index] = sum * temperature * temperature;
        }

        private double Row(float* s, float* t, float* g, float* scratch)
        {
            float* ours = scratch;
            float* theirs = scratch + columns;
            float* q = theirs + columns;
            WriteTempered(s, ours);
            WriteTempered(t, theirs);
            float sum = Exponentials.Write(ours, 0, g, columns);
            float teacherSum = Exponentials.Write(theirs, 0, q, columns);
            float difference = Reduce.Dot(q, theirs, columns) - Reduce.Dot(q, ours, columns);

            float factor = scale * temperature;
            Exponentials.Scale(g, factor / sum, columns);
            Reduce.AddScaled(q, -factor / teacherSum, g, columns);
            return (difference / teacherSum) + MathF.Log(sum) - MathF.Log(teacherSum);
        }

        /// <summary>Writes (x - max) / temperature, of which the largest is 0.</summary>
        private void WriteTempered(float* x, float* y)
        {
            float max = Reduce.Max(x, columns);
            float factor = 1 / temperature;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    ((Vector.Load(x + i) - new Vector<float>(max)) * factor).Store(y + i);
                }
            }

            for (; i < columns; i++)
            {
                y[i] = (x[i] - max) * factor;
            }
        }
    }
}
