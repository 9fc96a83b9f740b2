using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A function of one number with settings of its own, for whole vectors and for the numbers that fill none.</summary>
internal interface IParametricFunction
{
    Vector<float> Of(Vector<float> x);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    float Of(float x);
}

/// <summary>The loops of <see cref="Elementwise"/> for functions with settings.</summary>
internal static unsafe class Parametric
{
    /// <summary>Writes y[i] = f(x[i]); x and y may be the same memory.</summary>
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IParametricFunction
    {
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new MapBlock<TFunction>(blocks, function, px, py));
        }
    }

    /// <summary>Adds gradY[i] * f(v[i]) to gradX[i], where f is the derivative as a function of v.</summary>
    public static void AddGradient<TDerivative>(
        TDerivative derivative, ReadOnlySpan<float> gradY, ReadOnlySpan<float> v, Span<float> gradX)
        where TDerivative : struct, IParametricFunction
    {
        ShapeException.ThrowUnlessLength(v.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, gradY.Length);
        fixed (float* pg = gradY, pv = v, px = gradX)
        {
            var blocks = new RowBlocks(v.Length, 1);
            ParallelWork.For(blocks.Count, new GradientBlock<TDerivative>(blocks, derivative, pg, pv, px));
        }
    }

    private readonly struct MapBlock<TFunction>(RowBlocks blocks, TFunction function, float* x, float* y) : IWorkItem
        where TFunction : struct, IParametricFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    function.Of(Vector.Load(x + i)).Store(y + i);
                }
            }

            for (; i < end; i++)
            {
                y[i] = function.Of(x[i]);
            }
        }
    }

    private readonly struct GradientBlock<TDerivative>(
        RowBlocks blocks, TDerivative derivative, float* gradY, float* v, float* gradX) : IWorkItem
        where TDerivative : struct, IParametricFunction
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> slope = derivative.Of(Vector.Load(v + i));
                    (Vector.Load(gradX + i) + (Vector.Load(gradY + i) * slope)).Store(gradX + i);
                }
            }

            for (; i < end; i++)
            {
                gradX[i] += gradY[i] * derivative.Of(v[i]);
            }
        }
    }
}
