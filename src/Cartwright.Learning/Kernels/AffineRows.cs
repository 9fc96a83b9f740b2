using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>What goes with the products of an affine map f(x · Wᵀ + b), for a few rows on the calling thread.</summary>
internal static unsafe class AffineRows
{
    /// <summary>Rows of a chain of multiply-adds for the gradient of the weights: as many as a chunk of the product's depth.</summary>
    public const int MostRows = 256;

    /// <summary>Rows whose gradient of the bias is summed in registers. More would lie in too few sets of the first cache.</summary>
    private const int RowsOfBias = 4;

    /// <summary>y = f(y + bias + added).</summary>
    /// <param name="y">[rows, n]: the products.</param>
    /// <param name="bias">[n]</param>
    /// <param name="added">[rows, n], or null for nothing.</param>
    /// <param name="slopes">[rows, n]: is given the slopes of the function; null where nobody asks for them.</param>
    public static void Finish<TActivation>(float* y, float* bias, float* added, float* slopes, int rows, int n)
        where TActivation : struct, IActivation
    {
        if (WideLanes.AreSupported)
        {
            Finish<TActivation, WideLanes>(y, bias, added, slopes, rows, n);
        }
        else
        {
            Finish<TActivation, UsualLanes>(y, bias, added, slopes, rows, n);
        }
    }

    /// <summary>gradSums = gradY · f′, whose columns are added to gradBias. Of the identity there is but the second.</summary>
    /// <param name="gradY">[rows, n]; may be the same memory as <paramref name="gradSums"/>.</param>
    /// <param name="slopes">[rows, n]: the slopes that the end of the forward gave, or y where the function has its slope of that.</param>
    public static void GradientOfSums<TActivation>(float* gradY, float* slopes, float* gradSums, float* gradBias, int rows, int n)
        where TActivation : struct, IActivation
    {
        // A few rows at a time, or every row would wait for the sums of the one before.
        for (int done = 0; done < rows; done += RowsOfBias)
        {
            nint at = (nint)done * n;
            int size = Math.Min(RowsOfBias, rows - done) * n;
            if (WideLanes.AreSupported)
            {
                GradientOfFewSums<TActivation, WideLanes>(gradY + at, slopes + at, gradSums + at, gradBias, size, n);
            }
            else
            {
                GradientOfFewSums<TActivation, UsualLanes>(gradY + at, slopes + at, gradSums + at, gradBias, size, n);
            }
        }
    }

    /// <summary>gradWeight [n, k] = gradSumsᵀ · x, or that added to it; of at most <see cref="MostRows"/> rows.</summary>
    public static void GradientOfWeight(float* gradSums, float* x, float* gradWeight, int rows, int n, int k, bool accumulate) =>
        GemmBlock.Multiply(new MatrixView(gradSums, 1, n), new MatrixView(x, k, 1), null, 0, 0, gradWeight, k, n, k, rows, accumulate);

    // A method of its own, as below: in a larger one the compiler no longer inlines what the function is made of.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Finish<TActivation, TLanes>(float* y, float* bias, float* added, float* slopes, int rows, int n)
        where TActivation : struct, IActivation
        where TLanes : struct, ILanes<TLanes>
    {
        for (; rows > 0; rows--)
        {
            int j = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; j <= n - TLanes.Count; j += TLanes.Count)
                {
                    TLanes sum = TLanes.Load(y + j) + TLanes.Load(bias + j);
                    sum = added == null ? sum : sum + TLanes.Load(added + j);
                    if (slopes == null)
                    {
                        TActivation.Of(sum).Store(y + j);
                    }
                    else
                    {
                        TActivation.Of(sum, out TLanes slope).Store(y + j);
                        slope.Store(slopes + j);
                    }
                }
            }

            for (; j < n; j++)
            {
                float sum = y[j] + bias[j];
                sum = added == null ? sum : sum + added[j];
                y[j] = TActivation.Of(sum);
                if (slopes != null)
                {
                    slopes[j] = TActivation.Slope(sum);
                }
            }

            y += n;
            added = added == null ? null : added + n;
            slopes = slopes == null ? null : slopes + n;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GradientOfFewSums<TActivation, TLanes>(float* gradY, float* slopes, float* gradSums, float* gradBias, int size, int n)
        where TActivation : struct, IActivation
        where TLanes : struct, ILanes<TLanes>
    {
        int j = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; j <= n - TLanes.Count; j += TLanes.Count)
            {
                TLanes sum = TLanes.Load(gradBias + j);
                for (int i = j; i < size; i += n)
                {
                    TLanes gradient = TLanes.Load(gradY + i);
                    if (!TActivation.IsIdentity)
                    {
                        TLanes slope = TLanes.Load(slopes + i);
                        gradient *= TActivation.HasSlopeOfValue ? TActivation.Slope(slope) : slope;
                        gradient.Store(gradSums + i);
                    }

                    sum += gradient;
                }

                sum.Store(gradBias + j);
            }
        }

        for (; j < n; j++)
        {
            for (int i = j; i < size; i += n)
            {
                float gradient = gradY[i];
                if (!TActivation.IsIdentity)
                {
                    gradient *= TActivation.HasSlopeOfValue ? TActivation.Slope(slopes[i]) : slopes[i];
                    gradSums[i] = gradient;
                }

                gradBias[j] += gradient;
            }
        }
    }
}
