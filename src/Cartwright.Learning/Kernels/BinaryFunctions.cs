using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>The functions of two numbers that tensors know, and their slopes by the first and the second.</summary>
internal static class BinaryFunctions
{
    internal readonly struct Sum : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x + y;

        public static float Of(float x, float y) => x + y;
    }

    internal readonly struct Difference : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x - y;

        public static float Of(float x, float y) => x - y;
    }

    internal readonly struct One : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector<float>.One;

        public static float Of(float x, float y) => 1;
    }

    internal readonly struct MinusOne : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => new(-1f);

        public static float Of(float x, float y) => -1;
    }

    internal readonly struct Product : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x * y;

        public static float Of(float x, float y) => x * y;
    }

    internal readonly struct First : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x;

        public static float Of(float x, float y) => x;
    }

    internal readonly struct Second : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => y;

        public static float Of(float x, float y) => y;
    }

    internal readonly struct Quotient : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x / y;

        public static float Of(float x, float y) => x / y;
    }

    internal readonly struct QuotientByFirst : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector<float>.One / y;

        public static float Of(float x, float y) => 1 / y;
    }

    internal readonly struct QuotientBySecond : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => -x / (y * y);

        public static float Of(float x, float y) => -x / (y * y);
    }

    internal readonly struct Larger : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector.Max(x, y);

        public static float Of(float x, float y) => MathF.Max(x, y);
    }

    internal readonly struct Smaller : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector.Min(x, y);

        public static float Of(float x, float y) => MathF.Min(x, y);
    }

    /// <summary>1 where x is above y, a half where they are equal: the slope of the larger by the first, of the smaller by the second.</summary>
    internal readonly struct IsAbove : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, y), Vector<float>.One,
                Vector.ConditionalSelect(Vector.Equals(x, y), new Vector<float>(0.5f), Vector<float>.Zero));

        public static float Of(float x, float y) => x > y ? 1 : x == y ? 0.5f : 0;
    }

    /// <summary>1 where x is below y, a half where they are equal.</summary>
    internal readonly struct IsBelow : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => IsAbove.Of(y, x);

        public static float Of(float x, float y) => IsAbove.Of(y, x);
    }

    /// <summary>1 where both are equal.</summary>
    internal readonly struct IsEqual : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) =>
            Vector.ConditionalSelect(Vector.Equals(x, y), Vector<float>.One, Vector<float>.Zero);

        public static float Of(float x, float y) => x == y ? 1 : 0;
    }

    /// <summary>x^y. Number by number: e^(y ln x) would lose digits, and negative x with them.</summary>
    internal readonly struct Power : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => EachLane<Power>(x, y);

        public static float Of(float x, float y) => MathF.Pow(x, y);
    }

    /// <summary>y · x^(y − 1), which is 0 for y = 0 whatever x is.</summary>
    internal readonly struct PowerByFirst : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => EachLane<PowerByFirst>(x, y);

        public static float Of(float x, float y) => y == 0 ? 0 : y * MathF.Pow(x, y - 1);
    }

    /// <summary>x^y · ln x, which is 0 for x = 0 where y is not negative.</summary>
    internal readonly struct PowerBySecond : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> y) => EachLane<PowerBySecond>(x, y);

        public static float Of(float x, float y) => x == 0 && y >= 0 ? 0 : MathF.Pow(x, y) * MathF.Log(x);
    }

    /// <summary>The slope of a length by a number in it: x / length, 0 in the vector of zeros.</summary>
    internal readonly struct LengthByNumber : IBinaryFunction
    {
        public static Vector<float> Of(Vector<float> x, Vector<float> length) =>
            Vector.ConditionalSelect(Vector.Equals(length, Vector<float>.Zero), Vector<float>.Zero, x / length);

        public static float Of(float x, float length) => length == 0 ? 0 : x / length;
    }

    private static unsafe Vector<float> EachLane<TFunction>(Vector<float> x, Vector<float> y)
        where TFunction : struct, IBinaryFunction
    {
        float* lanes = stackalloc float[Vector<float>.Count];
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            lanes[i] = TFunction.Of(x[i], y[i]);
        }

        return Vector.Load(lanes);
    }
}
