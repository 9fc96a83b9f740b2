using System.Numerics.Tensors;
using Cartwright.Learning;

namespace Cartwright.Commerce.Search;

/// <summary>A direction for each stem, so that words of products that are alike point the same way: "sofa" and "couch".</summary>
/// <remarks>
/// Latent semantic analysis (Deerwester et al., "Indexing by Latent Semantic Analysis", 1990): the leading right singular vectors of the products'
/// tf-idf rows, by subspace iteration from random directions (Halko, Martinsson and Tropp, "Finding Structure with Randomness", 2011, algorithm 4.4).
/// Titles, brands and categories are read; descriptions and attributes say much about few products.
/// </remarks>
internal sealed class WordVectors
{
    public const int Size = 48;

    private const int Passes = 3;

    private readonly float[] _vectors;
    private readonly float[] _idf;

    public WordVectors(RankCatalog catalog, int seed, CancellationToken cancellation)
    {
        _idf = [.. Enumerable.Range(0, catalog.StemCount).Select(stem => (float)catalog.Idf(stem))];
        (int Stem, float Weight)[][] rows = [.. Enumerable.Range(0, catalog.Products.Count).Select(product => Row(catalog[product]))];
        Random random = Seeds.Random((ulong)seed, 31);
        _vectors = new float[catalog.StemCount * Size];
        for (int i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = (random.NextSingle() * 2) - 1;
        }

        for (int pass = 0; pass < Passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            Multiply(rows);
            Orthonormalize();
        }

        for (int stem = 0; stem < catalog.StemCount; stem++)
        {
            Span<float> vector = _vectors.AsSpan(stem * Size, Size);
            float length = TensorPrimitives.Norm<float>(vector);
            if (length > 0)
            {
                TensorPrimitives.Divide(vector, length, vector);
            }
        }
    }

    private WordVectors(WordVectors before, RankCatalog catalog)
    {
        int known = before._idf.Length;
        _idf = [.. before._idf, .. Enumerable.Range(known, catalog.StemCount - known).Select(stem => (float)catalog.Idf(stem))];
        _vectors = [.. before._vectors, .. new float[(catalog.StemCount - known) * Size]];
    }

    /// <summary>The same directions; none for the stems that a changed catalog has besides.</summary>
    public WordVectors With(RankCatalog catalog) => new(this, catalog);

    /// <summary>[stems, <see cref="Size"/>], each of length 1, or all 0 for a stem that stands in no title.</summary>
    public ReadOnlySpan<float> Of(int stem) => _vectors.AsSpan(stem * Size, Size);

    public float Cosine(int a, int b) => a < 0 || b < 0 ? 0 : TensorPrimitives.Dot(Of(a), Of(b));

    /// <summary>The direction of several words together, rare ones more.</summary>
    public float[] Sum(IEnumerable<int> stems)
    {
        float[] sum = new float[Size];
        foreach (int stem in stems.Where(stem => stem >= 0))
        {
            TensorPrimitives.MultiplyAdd(Of(stem), _idf[stem], sum, sum);
        }

        float length = TensorPrimitives.Norm<float>(sum);
        if (length > 0)
        {
            TensorPrimitives.Divide(sum, length, sum);
        }

        return sum;
    }

    private (int Stem, float Weight)[] Row(ProductWords words)
    {
        (int Stem, float Weight)[] row = [.. new[] { RankCatalog.Title, RankCatalog.Brand, RankCatalog.Category }.SelectMany(field => words.Fields[field]).Distinct()
            .Select(stem => (stem, _idf[stem]))];
        float length = MathF.Sqrt(row.Sum(entry => entry.Weight * entry.Weight));
        return length > 0 ? Array.ConvertAll(row, entry => (entry.Stem, entry.Weight / length)) : row;
    }

    /// <summary>V becomes R^T R V, one product's row after the other.</summary>
    private void Multiply((int Stem, float Weight)[][] rows)
    {
        float[] next = new float[_vectors.Length];
        Span<float> inner = stackalloc float[Size];
        foreach ((int Stem, float Weight)[] row in rows)
        {
            inner.Clear();
            foreach ((int stem, float weight) in row)
            {
                TensorPrimitives.MultiplyAdd(Of(stem), weight, inner, inner);
            }

            foreach ((int stem, float weight) in row)
            {
                Span<float> vector = next.AsSpan(stem * Size, Size);
                TensorPrimitives.MultiplyAdd(inner, weight, vector, vector);
            }
        }

        next.CopyTo(_vectors, 0);
    }

    /// <summary>Gram-Schmidt on the columns.</summary>
    private void Orthonormalize()
    {
        int stems = _vectors.Length / Size;
        float[][] columns = [.. Enumerable.Range(0, Size).Select(c => Enumerable.Range(0, stems).Select(stem => _vectors[(stem * Size) + c]).ToArray())];
        for (int c = 0; c < Size; c++)
        {
            for (int before = 0; before < c; before++)
            {
                TensorPrimitives.MultiplyAdd(columns[before], -TensorPrimitives.Dot<float>(columns[before], columns[c]), columns[c], columns[c]);
            }

            float length = TensorPrimitives.Norm<float>(columns[c]);
            if (length > 1e-6f)
            {
                TensorPrimitives.Divide(columns[c], length, columns[c]);
            }
            else
            {
                Array.Clear(columns[c]);
            }

            for (int stem = 0; stem < stems; stem++)
            {
                _vectors[(stem * Size) + c] = columns[c][stem];
            }
        }
    }
}
