using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>A function of one number, for whole vectors and for the numbers that fill none.</summary>
internal interface IFunction
{
    static abstract Vector<float> Of(Vector<float> x);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    static abstract float Of(float x);
}

/// <summary>The loops that kernels share which treat every number alone.</summary>
/// <remarks>They leave what they write in the caches, where the next layer reads it; TensorPrimitives writes arrays of more than 256 kB past them.</remarks>
internal static unsafe class Elementwise
{
    /// <summary>Writes y[i] = f(x[i]); x and y may be the same memory.</summary>
    public static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IFunction
    {
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new MapBlock<TFunction>(blocks, px, py));
        }
    }

    /// <summary>The same of a function that computes much: in 512 bits where there are that many.</summary>
    public static void MapWide<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IWideFunction
    {
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new WideBlock<TFunction>(blocks, px, py));
        }
    }

    /// <summary>Adds gradY[i] * f(v[i]) to gradX[i], where f is the derivative as a function of v.</summary>
    /// <param name="isFresh">True where gradX holds nothing yet and is written.</param>
    public static void AddGradient<TDerivative>(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> v, Span<float> gradX, bool isFresh = false)
        where TDerivative : struct, IFunction
    {
        ShapeException.ThrowUnlessLength(v.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, gradY.Length);
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

    /// <summary>Writes z[i] = f(x[i], y[i]); the three may be the same memory.</summary>
    public static void Combine<TFunction>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IBinaryFunction
    {
        ShapeException.ThrowUnlessLength(x.Length, z.Length);
        ShapeException.ThrowUnlessLength(y.Length, z.Length);
        fixed (float* px = x, py = y, pz = z)
        {
            var blocks = new RowBlocks(z.Length, 1);
            ParallelWork.For(blocks.Count, new CombineBlock<TFunction>(blocks, px, py, pz));
        }
    }

    /// <summary>Adds x[i] · factor to sum[i].</summary>
    /// <param name="isFresh">True where sum holds nothing yet and is written.</param>
    public static void AddScaled(ReadOnlySpan<float> x, float factor, Span<float> sum, bool isFresh)
    {
        ShapeException.ThrowUnlessLength(x.Length, sum.Length);
        fixed (float* px = x, ps = sum)
        {
            var blocks = new RowBlocks(sum.Length, 1);
            ParallelWork.For(blocks.Count, new ScaledBlock(blocks, px, factor, ps, isFresh));
        }
    }

    private readonly struct CombineBlock<TFunction>(RowBlocks blocks, float* x, float* y, float* z) : IWorkItem
        where TFunction : struct, IBinaryFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    TFunction.Of(Vector.Load(x + i), Vector.Load(y + i)).Store(z + i);
                }
            }

            for (; i < end; i++)
            {
                z[i] = TFunction.Of(x[i], y[i]);
            }
        }
    }

    private readonly struct ScaledBlock(RowBlocks blocks, float* x, float factor, float* sum, bool isFresh) : IWorkItem
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                var factors = new Vector<float>(factor);
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> scaled = Vector.Load(x + i) * factors;
                    (isFresh ? scaled : Vector.Load(sum + i) + scaled).Store(sum + i);
                }
            }

            for (; i < end; i++)
            {
                sum[i] = isFresh ? x[i] * factor : sum[i] + (x[i] * factor);
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

    private readonly struct WideBlock<TFunction>(RowBlocks blocks, float* x, float* y) : IWorkItem
        where TFunction : struct, IWideFunction
    {
        public void Run(int index)
        {
            int start = blocks.Start(index);
            int count = blocks.End(index) - start;
            if (WideLanes.AreSupported)
            {
                Run<WideLanes>(x + start, y + start, count);
            }
            else
            {
                Run<UsualLanes>(x + start, y + start, count);
            }
        }

        // A method of its own: in a larger one the compiler no longer inlines what the function is made of.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Run<TLanes>(float* x, float* y, int count)
            where TLanes : struct, ILanes<TLanes>
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= count - TLanes.Count; i += TLanes.Count)
                {
                    TFunction.Of(TLanes.Load(x + i)).Store(y + i);
                }
            }

            for (; i < count; i++)
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
