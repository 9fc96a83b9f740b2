using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Says what the pictures of products show, where the shop has a model that looks at them.</summary>
public interface IProductPictures
{
    /// <returns>Products and what is seen in their pictures, a vector of one length for all, alike where the angle between two is small; null where nothing looks at pictures yet.</returns>
    Task<IEnumerable<(string ProductId, ReadOnlyMemory<float> Seen)>?> ReadAsync(CancellationToken cancellationToken = default);
}

/// <summary>What pictures of products show, in few numbers.</summary>
/// <remarks>
/// A network sees a thousand numbers and more, which for all products would be more than a model of recommendation has itself. They are taken along <see cref="Size"/>
/// directions drawn at random, which keeps the angles between them nearly: Johnson and Lindenstrauss, "Extensions of Lipschitz Mappings into a Hilbert Space",
/// 1984. 26 MB for 100,000 products.
/// </remarks>
public sealed class PictureVectors
{
    /// <summary>Numbers of a vector.</summary>
    public const int Size = 64;

    private const ulong Seed = 64;

    private readonly float[] _rows;

    private PictureVectors(float[] rows) => _rows = rows;

    /// <param name="seen">What <see cref="IProductPictures"/> tells.</param>
    /// <returns>Null where no product of the shop has a picture that was looked at.</returns>
    public static PictureVectors? Of(Snapshot shop, IEnumerable<(string ProductId, ReadOnlyMemory<float> Seen)> seen)
    {
        float[]? rows = null;
        float[] directions = [];
        foreach ((string id, ReadOnlyMemory<float> vector) in seen)
        {
            if (shop.ProductIndex(id) is var product && product == Snapshot.None)
            {
                continue;
            }

            rows ??= new float[shop.Products.Count * Size];
            directions = directions.Length > 0 ? directions : Directions(vector.Length);
            for (int i = 0; i < Size; i++)
            {
                rows[(product * Size) + i] = TensorPrimitives.Dot(vector.Span, directions.AsSpan(i * vector.Length, vector.Length));
            }
        }

        return rows is null ? null : new PictureVectors(rows);
    }

    /// <returns>Zeros for a product without a picture.</returns>
    public ReadOnlySpan<float> Of(int product) => _rows.AsSpan(product * Size, Size);

    private static float[] Directions(int width)
    {
        Random random = Seeds.Random(Seed, (ulong)width);
        float[] directions = new float[Size * width];
        for (int i = 0; i < directions.Length; i++)
        {
            directions[i] = (float)(MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1) / Math.Sqrt(Size));
        }

        return directions;
    }
}
