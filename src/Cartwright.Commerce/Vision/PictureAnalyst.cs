using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Vision;

/// <summary>The verbs of vision that tell what a picture shows.</summary>
/// <param name="catalog">The shop whose products' pictures are looked at.</param>
/// <param name="corrections">Where a merchant's corrections are kept.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/vision</c> of the shop.</param>
public sealed class PictureAnalyst(ShopCatalog catalog, IPictureCorrectionStore corrections, string modelFolder, TimeProvider clock)
{
    private readonly VersionFolders _versions = new(modelFolder, "vision");
    private readonly ServedVersion<PictureModel> _served = new(new VersionFolders(modelFolder, "vision"), PictureModelFile.Load, "No model of pictures is trained yet. Run 'cartwright vision train'.");

    /// <summary>Learns to tell what pictures show, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">There are too few labeled pictures, or all show the same.</exception>
    /// <exception cref="ImportFormatException">The folder can't be read.</exception>
    public async Task<TrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading pictures", 0, 0, "pictures"));
        request = request.Backbone is null ? request : request with { Model = BackboneNetwork.Name };
        Backbone? backbone = request.Model == BackboneNetwork.Name ? await Task.Run(() => BackboneFor(request), cancellationToken) : null;
        PictureSet set = await OpenAsync(request.Folder, cancellationToken);
        IReadOnlyList<Product> titled = (await catalog.ReadAsync(null, cancellationToken)).Products is { Count: > 0 } products ? products : set.Products;
        IReadOnlyList<PictureCorrection> corrected = await corrections.ListPictureCorrectionsAsync(cancellationToken);
        return await Task.Run(() => new PictureTraining(_versions, clock).Run(request, set, corrected, backbone, titled, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Tells what a picture, or each picture of a folder, shows.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">There is no such product, or it has no picture.</exception>
    /// <exception cref="ValidationException">The request names no picture, or several.</exception>
    /// <exception cref="ImportFormatException">The picture can't be read, or the folder has none.</exception>
    public async Task<TagResponse> TagAsync(TagRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (PictureModel model, string version) = _served.Get();
        var tagging = new PictureTagging(model, clock);
        if (request is { Path: { } path, ProductId: null, Picture: null })
        {
            return await Task.Run(() => tagging.Tag(path, request.Count, version, cancellationToken), cancellationToken);
        }

        AskedPicture picture = await AskedPicture.FindAsync(request, request.Path, catalog, cancellationToken);
        return await Task.Run(() => tagging.Tag(picture, request.Count, version), cancellationToken);
    }

    /// <summary>Shows where in a picture its label is seen.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">There is no such product, or it has no picture.</exception>
    /// <exception cref="ValidationException">The request names no picture, several, or a label that the model can't tell.</exception>
    /// <exception cref="ImportFormatException">The picture can't be read.</exception>
    public async Task<ExplainResponse> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        (PictureModel model, string version) = _served.Get();
        AskedPicture picture = await AskedPicture.FindAsync(request, request.Path, catalog, cancellationToken);
        return await Task.Run(() => Explain(model, version, picture.Read(model.Enough), request.Label), cancellationToken);
    }

    /// <summary>Keeps what a picture really shows, for every later training.</summary>
    /// <exception cref="NotFoundException">There is no such product, it has no picture, or there is no correction to take back.</exception>
    /// <exception cref="ValidationException">The request names no picture, or several.</exception>
    /// <exception cref="ImportFormatException">The picture can't be read.</exception>
    public async Task<CorrectResponse> CorrectAsync(CorrectRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        AskedPicture picture = await AskedPicture.FindAsync(request, request.Path, catalog, cancellationToken);
        _ = await Task.Run(() => picture.Read(), cancellationToken);
        string? label = CategoryPath.Normalize(request.Label ?? "");
        PictureCorrection correction = Corrections.Of(picture, request.ProductId, label ?? "", clock.GetUtcNow());
        if (label is not null)
        {
            await corrections.PutPictureCorrectionAsync(correction, cancellationToken);
        }
        else if (!await corrections.DeletePictureCorrectionAsync(correction.Id, cancellationToken))
        {
            throw new NotFoundException("This picture was not corrected, so there is nothing to take back. To correct it, give the label of what it shows.");
        }

        int count = (await corrections.ListPictureCorrectionsAsync(cancellationToken)).Count;
        return new CorrectResponse(request.ProductId ?? correction.Id, label, count,
            label is not null && _served.Find() is { } served && !served.Model.Classes.Contains(label, StringComparer.Ordinal));
    }

    /// <summary>Measures models of pictures, baselines beside them. The shop stays as it is.</summary>
    /// <exception cref="ValidationException">There are too few labeled pictures, or none to test.</exception>
    /// <exception cref="ImportFormatException">A folder can't be read.</exception>
    public async Task<EvaluationReport> EvaluateAsync(EvaluateRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        PictureSet set = await OpenAsync(request.Data, cancellationToken);
        PictureSet? test = request.Test is null ? null : await PictureSet.OpenAsync(request.Test, cancellationToken);
        return await Task.Run(() => new PictureEvaluation(clock).Run(request, set, test, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Which model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run(_versions.Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return _versions.ActivateAsync(request.Version, folder => _ = PictureModelFile.Load(folder), cancellationToken);
    }

    private Backbone BackboneFor(TrainRequest request) => request.Backbone is { } path
        ? Backbone.Load(path, request.BackboneCuts)
        : _versions.All.Select(version => PictureModelFile.BackboneOf(_versions.FolderOf(version))).FirstOrDefault(backbone => backbone is not null)
            ?? throw new ValidationException("No version stands on a pretrained network yet. Name one by --backbone, an .onnx or .tflite file; scripts/setup.sh puts one at artifacts/backbone/mobilenet-v2.tflite.");

    private static ExplainResponse Explain(PictureModel model, string version, Picture picture, string? label)
    {
        const int ShownTags = 3;
        IReadOnlyList<PictureTag> tags = PictureTagging.Best(model, model.Chances([picture]), model.Classes.Count);
        int of = model.Classes.ToList().IndexOf(label ?? tags[0].Label);
        if (of < 0)
        {
            throw new ValidationException(NearMiss.Refusal("label", label!, [.. model.Classes]));
        }

        HeatMapOfPicture map = HeatMap.Draw(model, picture, of);
        return new ExplainResponse(model.Classes[of], map.Chance, [.. map.Lost.Chunk(HeatMap.Side).Select(row => (IReadOnlyList<double>)[.. row.Select(lost => Math.Round(lost, 4))])],
            new PictureCell(map.Hottest / HeatMap.Side, map.Hottest % HeatMap.Side), map.ChanceWithout, [.. tags.Take(ShownTags)], version);
    }

    private async Task<PictureSet> OpenAsync(string? folder, CancellationToken cancellation) => folder is not null
        ? await PictureSet.OpenAsync(folder, cancellation)
        : PictureSet.OfShop(await catalog.ReadAsync(null, cancellation), catalog.Pictures);
}
