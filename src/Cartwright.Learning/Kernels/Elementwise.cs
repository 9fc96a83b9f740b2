using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A function of one number, for whole vectors and for the numbers that fill none.</summary>
internal interface IFunction
{
    static abstract Vector<float> Of(Vector<float> x);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    static abstract float Of(float x);
}

/// <summary>The loops that kernels share which treat every number alone.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Writes y[i] = f(x[i]); x and y may be the same memory.</summary>
    public static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IFunction
    {
        ShapeException.ThrowUnlessEqual(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new MapBlock<TFunction>(blocks, px, py));
        }
    }

    /// <summary>Adds gradY[i] * f(v[i]) to gradX[i], where f is the derivative as a function of v.</summary>
    /// <param name="isFresh">True where gradX holds nothing yet and is written.</param>
    public static void AddGradient<TDerivative>(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> v, Span<float> gradX, bool isFresh = false)
        where TDerivative : struct, IFunction
    {
        ShapeException.ThrowUnlessEqual(v.Length, gradY.Length);
        ShapeException.ThrowUnlessEqual(gradX.Length, gradY.Length);
        fixed (float* pg = gradY, pv = v, px = gradX)
        {
            var blocks = new RowBlocks(v.Length, 1);
            if (isFresh)
            {
                ParallelWork.For(blocks.Count, new FreshGradientBlock<TDerivative>(blocks, pg, pv, px));
            }
            else
            {
                ParallelWork.For(blocks.Count, new GradientBlock<TDerivative>(blocks, pg, pv, px));
            }
        }
    }

    private readonly struct MapBlock<TFunction>(RowBlocks blocks, float* x, float* y) : IWorkItem
        where TFunction : struct, IFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    TFunction.Of(Vector.Load(x + i)).Store(y + i);
                }
            }

            for (; i < end; i++)
            {
                y[i] = TFunction.Of(x[i]);
            }
        }
    }

    private readonly struct GradientBlock<TDerivative>(RowBlocks blocks, float* gradY, float* v, float* gradX) : IWorkItem
        where TDerivative : struct, IFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> slope = TDerivative.Of(Vector.Load(v + i));
                    (Vector.Load(gradX + i) + (Vector.Load(gradY + i) * slope)).Store(gradX + i);
                }
            }

            for (; i < end; i++)
            {
                gradX[i] += gradY[i] * TDerivative.Of(v[i]);
            }
        }
    }

    private readonly struct FreshGradientBlock<TDerivative>(RowBlocks blocks, float* gradY, float* v, float* gradX) : IWorkItem
        where TDerivative : struct, IFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    (Vector.Load(gradY + i) * TDerivative.Of(Vector.Load(v + i))).Store(gradX + i);
                }
            }

            for (; i < end; i++)
            {
                gradX[i] = gradY[i] * TDerivative.Of(v[i]);
            }
        }
    }
}
