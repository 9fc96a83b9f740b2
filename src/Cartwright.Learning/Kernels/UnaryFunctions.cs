using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>The elementary functions of one number, and their slopes.</summary>
internal static class UnaryFunctions
{
    internal readonly struct Exp : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => VectorExp.Of(x);

        public static float Of(float x) => MathF.Exp(x);
    }

    /// <summary>The value itself: the slope of e^x by what came out.</summary>
    internal readonly struct Same : IFunction
    {
        public static Vector<float> Of(Vector<float> y) => y;

        public static float Of(float y) => y;
    }

    internal readonly struct Log : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.Log(x);

        public static float Of(float x) => MathF.Log(x);
    }

    internal readonly struct Reciprocal : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector<float>.One / x;

        public static float Of(float x) => 1 / x;
    }

    internal readonly struct Sqrt : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.SquareRoot(x);

        public static float Of(float x) => MathF.Sqrt(x);
    }

    /// <summary>1 / (2 y): the slope of the root y by what went in.</summary>
    internal readonly struct SqrtSlope : IFunction
    {
        public static Vector<float> Of(Vector<float> y) => new Vector<float>(0.5f) / y;

        public static float Of(float y) => 0.5f / y;
    }

    internal readonly struct Abs : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.Abs(x);

        public static float Of(float x) => MathF.Abs(x);
    }

    /// <summary>−1, 0 or 1.</summary>
    internal readonly struct Sign : IFunction
    {
        public static Vector<float> Of(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), Vector<float>.Zero, Vector.CopySign(Vector<float>.One, x));

        public static float Of(float x) => x == 0 ? 0 : MathF.CopySign(1, x);
    }

    internal readonly struct Negative : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => -x;

        public static float Of(float x) => -x;
    }

    internal readonly struct MinusOne : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => new(-1f);

        public static float Of(float x) => -1;
    }

    internal readonly struct Sin : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.Sin(x);

        public static float Of(float x) => MathF.Sin(x);
    }

    internal readonly struct Cos : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.Cos(x);

        public static float Of(float x) => MathF.Cos(x);
    }

    internal readonly struct MinusSin : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => -Vector.Sin(x);

        public static float Of(float x) => -MathF.Sin(x);
    }

    /// <summary>2/√π ∫ e^(−t²) dt from 0 to x.</summary>
    /// <remarks>
    /// Below 1/2 the series around 0, which keeps its relative precision, elsewhere 2 Φ(√2 x) − 1 with the tail of
    /// <see cref="GeluKernel"/>.
    /// </remarks>
    internal readonly struct Erf : IFunction
    {
        private const float Sqrt2 = 1.41421356f;
        private const float TwoOverSqrtPi = 1.12837917f;

        // (−1)^n / (n! (2n + 1)) from n = 1 on.
        private const float C1 = -1 / 3f;
        private const float C2 = 1 / 10f;
        private const float C3 = -1 / 42f;
        private const float C4 = 1 / 216f;
        private const float C5 = -1 / 1320f;
        private const float C6 = 1 / 9360f;

        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> s = x * x;
            Vector<float> p = Vector.MultiplyAddEstimate(new Vector<float>(C6), s, new Vector<float>(C5));
            p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(C4));
            p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(C3));
            p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(C2));
            p = Vector.MultiplyAddEstimate(p, s, new Vector<float>(C1));
            p = Vector.MultiplyAddEstimate(p, s, Vector<float>.One);
            Vector<float> far = (2 * GeluKernel.Distribution(new UsualLanes(x * Sqrt2), out _).Lanes) - Vector<float>.One;
            return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), new Vector<float>(0.5f)), p * x * TwoOverSqrtPi, far);
        }

        public static float Of(float x)
        {
            float s = x * x;
            return MathF.Abs(x) < 0.5f
                ? ((((((((((((C6 * s) + C5) * s) + C4) * s) + C3) * s) + C2) * s) + C1) * s) + 1) * x * TwoOverSqrtPi
                : (2 * GeluKernel.Distribution(x * Sqrt2, out _)) - 1;
        }
    }

    /// <summary>2/√π e^(−x²).</summary>
    internal readonly struct ErfSlope : IFunction
    {
        private const float TwoOverSqrtPi = 1.12837917f;

        public static Vector<float> Of(Vector<float> x) => VectorExp.OfNonPositive(-(x * x)) * TwoOverSqrtPi;

        public static float Of(float x) => MathF.Exp(-(x * x)) * TwoOverSqrtPi;
    }
}
