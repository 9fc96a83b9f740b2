using System.Buffers;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Metrics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Neighbors;

/// <summary>Finds the vectors with the largest inner product with a query, exactly: a copy in 8 bits rules most of them out.</summary>
/// <remarks>
/// A look at every vector takes as long as reading it from memory, and 8 bits are read in a quarter of the time. Rounding
/// moves a product by at most (step of the vector / 2) · Σ|query| + (step of the query / 2) · Σ|rounded vector|, so every
/// vector whose rounded product lies no further than twice that below the last one wanted is looked at again in float.
/// Few remain where products differ by more than that; where all are alike all are looked at, which takes a little longer
/// than without the copy. Memory: 5 bytes a number and 8 a vector, and 4 a vector for each question that is asked at the same time.
/// </remarks>
public sealed class FlatIndex
{
    /// <summary>Half the distance of 1 from the next float: what each step of an inner product may be off, and a few of the scales.</summary>
    private const float RoundingOfFloats = 6e-8f;
    private const int FewMore = 64;

    private readonly float[] _vectors;
    private readonly int _size;
    private readonly Int8Matrix _rounded;
    private readonly float _halfStep;
    private readonly float _halfSum;
    private readonly float _longest;

    private FlatIndex(float[] vectors, int size)
    {
        (_vectors, _size) = (vectors, size);
        _rounded = new Int8Matrix(vectors, vectors.Length / size, size);
        for (int i = 0; i < Count; i++)
        {
            float step = _rounded.Scales[i];
            _halfStep = Math.Max(_halfStep, step / 2);

            // Of the rounded vector, whose numbers lie no more than half a step from these.
            _halfSum = Math.Max(_halfSum, (TensorPrimitives.SumOfMagnitudes<float>(VectorAt(i)) + (size * step / 2)) / 2);
            _longest = Math.Max(_longest, TensorPrimitives.Norm(VectorAt(i)));
        }
    }

    /// <summary>Vectors that are in it.</summary>
    public int Count => _rounded.Rows;

    /// <param name="vectors">[count, size]; copied.</param>
    /// <param name="size">Numbers of a vector, 1 to 131,072.</param>
    /// <exception cref="ShapeException">The numbers don't fill vectors, or these are too long.</exception>
    /// <exception cref="ArgumentException">One of them has a length that is no finite number.</exception>
    public static FlatIndex Build(ReadOnlySpan<float> vectors, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ShapeException.Require(vectors.Length % size == 0, $"{vectors.Length} numbers are not vectors of {size} numbers each.");

        for (int i = 0; i < vectors.Length / size; i++)
        {
            if (!float.IsFinite(TensorPrimitives.SumOfSquares(vectors.Slice(i * size, size))))
            {
                throw new ArgumentException($"Vector {i} has a length that is no finite number: it holds NaN, infinity or numbers that are too large. Leave it out.", nameof(vectors));
            }
        }

        return new FlatIndex(vectors.ToArray(), size);
    }

    /// <summary>The vectors with the largest inner products, largest first; of equal ones the lower index. Safe to ask from several threads.</summary>
    /// <param name="query">[size]</param>
    /// <param name="indexes">Filled; as many as are wanted.</param>
    /// <param name="products">Filled: the inner products. As long as <paramref name="indexes"/>.</param>
    /// <returns>How many were found: all that are wanted, or all that there are.</returns>
    /// <exception cref="ShapeException">A span has another length.</exception>
    /// <exception cref="ArgumentException">The query has a length that is no finite number.</exception>
    public int Search(ReadOnlySpan<float> query, Span<int> indexes, Span<float> products)
    {
        ShapeException.Require(query.Length == _size, $"A query of this index has {_size} numbers, as its vectors; found {query.Length}.");
        ShapeException.Require(
            indexes.Length == products.Length,
            $"There is room for {indexes.Length} indexes and {products.Length} similarities; it has to be the same.");
        float length = TensorPrimitives.Norm(query);
        if (!float.IsFinite(length))
        {
            throw new ArgumentException("The query has a length that is no finite number.", nameof(query));
        }

        float[] rounded = ArrayPool<float>.Shared.Rent(Count);
        try
        {
            Span<float> near = rounded.AsSpan(0, Count);
            Int8Product.Multiply(query, xScale: 0, _rounded, [], near, 1);
            int found = Ranking.Top(near, [], indexes);
            if (found > 0)
            {
                LookAgain(query, near[indexes[found - 1]] - (2 * MostOff(query, length)), near);
                _ = Ranking.Top(near, [], indexes);
            }

            for (int i = 0; i < found; i++)
            {
                products[i] = near[indexes[i]];
            }

            return found;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rounded);
        }
    }

    private ReadOnlySpan<float> VectorAt(int index) => _vectors.AsSpan(index * _size, _size);

    /// <summary>How far a rounded product may be from what floats give, whose own rounding adds a little.</summary>
    private float MostOff(ReadOnlySpan<float> query, float length)
    {
        float step = MathF.Abs(TensorPrimitives.MaxMagnitude(query)) / Int8Matrix.Largest;
        float byRounding = (_halfStep * TensorPrimitives.SumOfMagnitudes(query)) + (_halfSum * step);
        return byRounding + ((_size + FewMore) * RoundingOfFloats * length * _longest);
    }

    /// <summary>Puts the product in floats in the place of every rounded one that is at least so much; the others stay below the best.</summary>
    private void LookAgain(ReadOnlySpan<float> query, float least, Span<float> near)
    {
        float below = float.BitDecrement(least);
        for (int i = Ranking.FirstAbove(near, 0, below); i < near.Length; i = Ranking.FirstAbove(near, i + 1, below))
        {
            near[i] = TensorPrimitives.Dot(query, VectorAt(i));
        }
    }
}
