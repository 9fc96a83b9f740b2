using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Vision;

/// <summary>The gallery of the shop as it is now.</summary>
/// <param name="Rows">Products with a picture that can be read.</param>
/// <param name="LookedAt">Pictures that were looked at for this answer, since they were new or another model is in service.</param>
/// <param name="Unreadable">Products whose picture is missing or damaged.</param>
internal sealed record Gallery(GalleryRows Rows, LiveShop Shop, int LookedAt, int Unreadable);

/// <summary>Keeps a gallery of the catalog's pictures up with the catalog, in memory and in a file.</summary>
/// <param name="file">Where it is kept.</param>
internal sealed class GalleryKeeper(ShopCatalog catalog, string file) : IDisposable
{
    private const int BatchSize = 64;

    private readonly SemaphoreSlim _updating = new(1, 1);
    private volatile Kept? _kept;

    /// <summary>The gallery, after a look at the pictures that are new. Products that are put or removed count at once.</summary>
    public async Task<Gallery> GetAsync(PictureModel model, string version, CancellationToken cancellation)
    {
        LiveShop shop = await catalog.LiveAsync(cancellation);
        if (_kept is { } ready && IsUpToDate(ready, version, shop))
        {
            return ready.Gallery with { LookedAt = 0 };
        }

        await _updating.WaitAsync(cancellation);
        try
        {
            if (_kept is not { } kept || !IsUpToDate(kept, version, shop))
            {
                _kept = kept = await Task.Run(() => Update(model, version, shop, cancellation), cancellation);
            }

            return kept.Gallery;
        }
        finally
        {
            _updating.Release();
        }
    }

    public void Dispose() => _updating.Dispose();

    private Kept Update(PictureModel model, string version, LiveShop shop, CancellationToken cancellation)
    {
        Product[] products = [.. shop.Products];
        SavedGallery? saved = Saved(version);
        int width = model.Network.EmbeddingSize;
        var known = new Dictionary<GalleryEntry, int>();
        for (int i = 0; i < (saved?.Entries.Count ?? 0); i++)
        {
            known[saved!.Entries[i]] = i;
        }

        GalleryEntry?[] entries = new GalleryEntry?[products.Length];
        Parallel.For(0, products.Length, i => entries[i] = EntryOf(products[i]));
        var embeddings = new Dictionary<GalleryEntry, float[]>();
        var rows = new List<GalleryEntry>();
        GalleryEntry[] missing = [.. entries.OfType<GalleryEntry>().Where(entry => !known.ContainsKey(entry)).Distinct()];
        for (int start = 0; start < missing.Length; start += BatchSize)
        {
            if (cancellation.IsCancellationRequested)
            {
                Keep();                                      // the next request goes on from here
                cancellation.ThrowIfCancellationRequested();
            }

            Look(missing[start..Math.Min(missing.Length, start + BatchSize)]);
        }

        float[] numbers = Keep();

        int unreadable = products.Count(product => !string.IsNullOrEmpty(product.Image)) - rows.Count;
        return new Kept(version, products, entries, new Gallery(new GalleryRows(rows, numbers, width), shop, embeddings.Count, unreadable));

        float[] Keep()
        {
            rows.AddRange(entries.OfType<GalleryEntry>().Where(entry => known.ContainsKey(entry) || embeddings.ContainsKey(entry)));
            float[] seen = new float[rows.Count * width];
            for (int i = 0; i < rows.Count; i++)
            {
                (embeddings.TryGetValue(rows[i], out float[]? fresh) ? fresh : saved!.Embeddings.AsSpan(known[rows[i]] * width, width)).CopyTo(seen.AsSpan(i * width));
            }

            if (missing.Length > 0 || rows.Count != known.Count)
            {
                GalleryFile.Save(file, new SavedGallery(version, rows, seen, width));
            }

            return seen;
        }

        void Look(GalleryEntry[] batch)
        {
            var pictures = new Picture?[batch.Length];
            Parallel.For(0, batch.Length, i =>
            {
                try
                {
                    pictures[i] = catalog.Pictures.FileOf(new Product { Id = batch[i].ProductId, Title = "", Image = batch[i].Image }) is { } path
                        ? PictureScaling.ShrinkTo(PictureReader.Read(path, model.Enough), model.Enough) : null;
                }
                catch (ImportFormatException)
                {
                    pictures[i] = null;                      // counted among the unreadable
                }
            });
            int[] good = [.. Enumerable.Range(0, batch.Length).Where(i => pictures[i] is not null)];
            float[] seen = model.Embed([.. good.Select(i => pictures[i]!)]);
            for (int i = 0; i < good.Length; i++)
            {
                embeddings[batch[good[i]]] = seen[(i * width)..((i + 1) * width)];
            }
        }
    }

    private GalleryEntry? EntryOf(Product product)
    {
        if (catalog.Pictures.FileOf(product) is not { } path)
        {
            return null;
        }

        var there = new FileInfo(path);
        return new GalleryEntry(product.Id, product.Image!, there.Length, there.LastWriteTimeUtc.Ticks);
    }

    /// <summary>What the same model saw before; nothing where the file is damaged: pictures can be looked at again.</summary>
    private SavedGallery? Saved(string version)
    {
        try
        {
            return GalleryFile.Load(file) is { } saved && saved.Version == version ? saved : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    /// <summary>Only products that were put since are looked at: their picture may be another one under the same name.</summary>
    private bool IsUpToDate(Kept kept, string version, LiveShop shop)
    {
        if (version != kept.Version || shop != kept.Gallery.Shop || shop.Products.Count != kept.Products.Length)
        {
            return false;
        }

        for (int i = 0; i < kept.Products.Length; i++)
        {
            Product product = shop.Products[i];
            if (!ReferenceEquals(kept.Products[i], product))
            {
                if (EntryOf(product) != kept.Entries[i])
                {
                    return false;
                }

                kept.Products[i] = product;                  // a new price: not to be looked up again
            }
        }

        return true;
    }

    /// <param name="Products">As they were when their pictures were looked up.</param>
    /// <param name="Entries">The picture of each; null where there is none.</param>
    private sealed record Kept(string Version, Product[] Products, GalleryEntry?[] Entries, Gallery Gallery);
}
