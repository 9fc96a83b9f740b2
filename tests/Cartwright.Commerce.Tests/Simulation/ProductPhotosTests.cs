using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Simulation;

public sealed class ProductPhotosTests
{
    private static readonly ShopWorld World = new(seed: 3, productCount: 200, shopperCount: 5, days: 30);

    [Fact]
    public void Same_seed_draws_the_same_and_another_seed_another_picture()
    {
        byte[] first = new ProductPhotos(1).Draw(World.Products[0]).Rgb;

        Assert.Equal(first, new ProductPhotos(1).Draw(World.Products[0]).Rgb);
        Assert.NotEqual(first, new ProductPhotos(2).Draw(World.Products[0]).Rgb);
    }

    [Fact]
    public void Every_category_has_forms_that_lie_in_the_picture()
    {
        for (int leaf = 0; leaf < ShopWords.Leaves.Length; leaf++)
        {
            int covered = Enumerable.Range(0, 32 * 32).Count(i => ThingShapes.Of(leaf).Any(form => form.Holds((i % 32 + 0.5) / 32, (i / 32 + 0.5) / 32)));

            Assert.InRange(covered / 1024.0, 0.04, 0.85);
        }
    }

    [Fact]
    public void Products_of_a_category_look_more_alike_than_products_of_two()
    {
        float[][] pictures = [.. World.Products.Select(product => Edges(new ProductPhotos(1).Draw(product)))];

        int hits = 0;
        for (int p = 0; p < pictures.Length; p++)
        {
            int nearest = Enumerable.Range(0, pictures.Length).Where(other => other != p).MinBy(other => Distance(pictures[p], pictures[other]));
            hits += World.Products[nearest].Leaf == World.Products[p].Leaf ? 1 : 0;
        }

        Assert.True(hits > pictures.Length / 4, $"{hits} of {pictures.Length}; by chance it would be about {pictures.Length / 48}");
    }

    /// <summary>Where something is, whatever its color: 12 by 12 cells.</summary>
    private static float[] Edges(Picture picture)
    {
        float[] cells = new float[144];
        byte ground = picture.Rgb[0];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int at = ((y * picture.Width) + x) * Picture.Channels;
                cells[(y * 12 / picture.Height * 12) + (x * 12 / picture.Width)] += Math.Abs(picture.Rgb[at] - ground) > 30 || Math.Abs(picture.Rgb[at + 2] - ground) > 30 ? 1 : 0;
            }
        }

        return cells;
    }

    private static float Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}
