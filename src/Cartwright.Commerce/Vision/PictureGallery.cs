using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Vision;

/// <summary>The verbs of vision that compare a picture with the catalog's: what looks like it, how it would be listed, whether it belongs there; and one that draws new ones.</summary>
/// <param name="catalog">The shop whose products' pictures are compared.</param>
/// <param name="modelFolder">Where the versions of the model that looks are kept: <c>models/vision</c> of the shop; what it saw is kept beside it.</param>
public sealed class PictureGallery(ShopCatalog catalog, string modelFolder, TimeProvider clock) : IDisposable
{
    private const int ShownAlike = 5;
    private const int ShownTags = 4;

    private readonly ServedVersion<PictureModel> _served = new(new VersionFolders(modelFolder, "vision"), PictureModelFile.Load, "No model of pictures is trained yet. Run 'cartwright vision train'.");
    private readonly GalleryKeeper _keeper = new(catalog, Path.Combine($"{modelFolder}-gallery", "gallery.bin"));
    private volatile Drafting? _drafting;

    /// <summary>Finds the products whose pictures look like one.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">There is no such product, or it has no picture.</exception>
    /// <exception cref="ValidationException">The request names no picture, or several.</exception>
    /// <exception cref="ImportFormatException">The picture can't be read.</exception>
    public async Task<MatchResponse> MatchAsync(MatchRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (PictureModel model, string version) = _served.Get();
        AskedPicture picture = await AskedPicture.FindAsync(request.Asked, request.Path, catalog, cancellationToken);
        Gallery gallery = await _keeper.GetAsync(model, version, cancellationToken);
        return await Task.Run(() =>
        {
            float[] similarities = gallery.Rows.Similarities(model.Embed([picture.Read(model.Enough)]));
            var allowed = new AllowedProducts(gallery.Shop, request);
            LookAlike[] found = [.. Alike(gallery, similarities, index => allowed.Allows(index) && gallery.Shop.Products[index].Id != request.ProductId).Take(request.Count)];
            if (found.Length == 0)
            {
                allowed.RequireKnown();
            }

            return new MatchResponse(found, gallery.Rows.Count, gallery.LookedAt, gallery.Unreadable, version);
        }, cancellationToken);
    }

    /// <summary>Drafts a listing from a picture.</summary>
    /// <inheritdoc cref="MatchAsync" path="/exception"/>
    public async Task<DescribeResponse> DescribeAsync(DescribeRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (PictureModel model, string version) = _served.Get();
        AskedPicture asked = await AskedPicture.FindAsync(request, request.Path, catalog, cancellationToken);
        Gallery gallery = await _keeper.GetAsync(model, version, cancellationToken);
        return await Task.Run(() =>
        {
            Picture picture = asked.Read(model.Enough);
            Drafting drafting = DraftingOf(gallery, model.Drafts.Titles);
            float[] embedding = model.Embed([picture]), similarities = gallery.Rows.Similarities(embedding);
            if (request.ProductId is { } id)
            {
                // A listing that is drafted again is not its own look-alike.
                for (int row = 0; row < similarities.Length; row++)
                {
                    similarities[row] = gallery.Rows.Entries[row].ProductId == id ? -1 : similarities[row];
                }
            }

            int[] voters = [.. LookAlikeVotes.Voters(similarities).Where(row => drafting.Products[row] is not null)];
            IReadOnlyList<PictureTag> tags = PictureTagging.Best(model, model.Chances([picture]), ShownTags);
            IReadOnlyList<DraftColor> colors = DominantColors.Of(picture);
            IReadOnlyList<DraftValue> attributes = drafting.Votes.Guess(similarities, voters, model.Drafts.Heads, embedding);
            DraftTitle? title = drafting.Titles?.Write(tags[0], attributes, colors, [.. voters.Select(row => (drafting.Products[row]!, LookAlikeVotes.Weight(similarities[row])))]);
            return new DescribeResponse(tags[0], [.. tags.Skip(1)], colors, attributes, title,
                [.. Alike(gallery, similarities, index => gallery.Shop.Products[index].Id != request.ProductId).Take(ShownAlike)], version);
        }, cancellationToken);
    }

    /// <summary>Finds the pictures that are least like the catalog's.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">No product was ever in the category that is asked for.</exception>
    /// <exception cref="ValidationException">The catalog has too few pictures to tell what is usual.</exception>
    /// <exception cref="ImportFormatException">There is no such file or folder, or no picture in it.</exception>
    public async Task<OddResponse> OddAsync(OddRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Path is { } path)
        {
            _ = OddSearch.FilesOf(path);                     // refused before anything is learned
        }

        (PictureModel model, string version) = _served.Get();
        progress?.Report(new RunProgress("looking at the catalog's pictures", 0, 0, "pictures"));
        Gallery gallery = await _keeper.GetAsync(model, version, cancellationToken);
        return await Task.Run(() => new OddSearch(model, version, clock).Run(request, gallery, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Learns to draw what the pictures of a label show, where that was not learned from the same pictures already, and draws.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet, so that drawings can't be compared with pictures.</exception>
    /// <exception cref="NotFoundException">No picture has the label.</exception>
    /// <exception cref="ValidationException">There are too few pictures of the label.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<DrawResponse> DrawAsync(DrawRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (PictureModel model, string version) = _served.Get();
        PictureSet set = await OpenAsync(request.Folder, cancellationToken);
        return await Task.Run(() => new DrawingRun(model, version, new GeneratorVersions($"{modelFolder}-drawing", clock), clock).Run(request, set, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Measures look-alikes and odd pictures of a folder.</summary>
    /// <exception cref="ValidationException">There are too few labeled pictures, or none to test.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateGalleryAsync(EvaluateGalleryRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        PictureSet set = await PictureSet.OpenAsync(request.Data, cancellationToken);
        PictureSet? strangers = request.Strangers is { } folder ? await PictureSet.OpenAsync(folder, cancellationToken) : null;
        return await Task.Run(() => new GalleryEvaluation(clock).Run(request, set, strangers, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Every product with a picture, and what the model in service sees in it: a vector of length 1.</summary>
    /// <returns>Null where nothing is trained yet.</returns>
    internal async Task<IEnumerable<(string ProductId, ReadOnlyMemory<float> Seen)>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_served.Find() is not var (model, version))
        {
            return null;
        }

        GalleryRows rows = (await _keeper.GetAsync(model, version, cancellationToken)).Rows;
        return Enumerable.Range(0, rows.Count).Select(row => (rows.Entries[row].ProductId, rows.Row(row)));
    }

    public void Dispose() => _keeper.Dispose();

    private async Task<PictureSet> OpenAsync(string? folder, CancellationToken cancellation) => folder is not null
        ? await PictureSet.OpenAsync(folder, cancellation)
        : PictureSet.OfShop(await catalog.ReadAsync(null, cancellation), catalog.Pictures);

    private static IEnumerable<LookAlike> Alike(Gallery gallery, float[] similarities, Func<int, bool> allows) =>
        from row in Enumerable.Range(0, similarities.Length).OrderByDescending(row => similarities[row]).ThenBy(row => row)
        let index = gallery.Shop.ProductIndex(gallery.Rows.Entries[row].ProductId)
        where index != Snapshot.None && allows(index)
        let product = gallery.Shop.Products[index]
        select new LookAlike(product.Id, product.Title, product.Price, gallery.Shop.Snapshot.Info.Currency, Math.Round(similarities[row], 4), gallery.Rows.Entries[row].Image);

    /// <summary>What drafts are made of, until the gallery changes.</summary>
    private Drafting DraftingOf(Gallery gallery, TitleWriter? titles)
    {
        if (_drafting is { } ready && ready.Rows == gallery.Rows && ready.Writer == titles)
        {
            return ready;
        }

        Product?[] products = [.. gallery.Rows.Entries.Select(entry => gallery.Shop.ProductIndex(entry.ProductId) is var index and not Snapshot.None ? gallery.Shop.Products[index] : null)];
        Product[] listed = [.. Enumerable.Range(0, gallery.Shop.Products.Count).Where(gallery.Shop.IsListed).Select(index => gallery.Shop.Products[index])];
        return _drafting = new Drafting(gallery.Rows, titles, products, new LookAlikeVotes(gallery.Rows, products), titles is null ? null : new TitleDraft(titles, listed));
    }

    private sealed record Drafting(GalleryRows Rows, TitleWriter? Writer, Product?[] Products, LookAlikeVotes Votes, TitleDraft? Titles);
}
