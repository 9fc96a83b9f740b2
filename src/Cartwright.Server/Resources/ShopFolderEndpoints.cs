using System.Globalization;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Http;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cartwright.Server.Resources;

/// <summary>The doors of import and export: a path means nothing over HTTP, so the shop folder itself travels, as a zip.</summary>
internal static class ShopFolderEndpoints
{
    public static IEndpointConventionBuilder MapImport(IEndpointRouteBuilder app, Verb verb)
    {
        RequestDelegate door = ImportAsync;
        return app.MapPost(verb.Path, door)
            .DisableRequestTimeout()
            .WithMetadata(door.Method, verb, new AcceptsMetadata(["application/zip", "multipart/form-data"], typeof(byte[])),
                new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(RunStarted), ["application/json"]))
            .Describe(verb.Slice, $"{verb.Slice}.{verb.Name}", VerbDocumentation.Summary(verb.RequestType)
                + " Send the folder as a zip: as the body, or as a file of a form. ?maxRejectShare=0.05 sets the share of bad rows above which it is given up.", verb.Role);
    }

    public static IEndpointConventionBuilder MapExport(IEndpointRouteBuilder app, Verb verb)
    {
        RequestDelegate door = ExportAsync;
        app.MapGet("/v1/runs/{id}/files", DownloadAsync)
            .Produces(StatusCodes.Status200OK, contentType: "application/zip")
            .DisableRequestTimeout()
            .Describe("runs", "runs.files", "The files that a run made, as one zip: the shop folder, after an export.", ApiRoles.Admin);
        return app.MapPost(verb.Path, door)
            .WithMetadata(door.Method, verb, new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(RunStarted), ["application/json"]))
            .Describe(verb.Slice, $"{verb.Slice}.{verb.Name}", VerbDocumentation.Summary(verb.RequestType)
                + " Once the run has succeeded, GET /v1/runs/{runId}/files downloads the folder as a zip.", verb.Role);
    }

    /// <summary>The folder in which a run leaves files for download.</summary>
    public static string FilesOf(string runFolder) => Path.Combine(runFolder, "files");

    /// <summary>Allows a request the body that an upload may have; to be called before the body is read.</summary>
    internal static void AllowUpload(HttpContext context) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize =
        context.RequestServices.GetRequiredService<ServeOptions>().MaxUploadBytes;

    /// <summary>Keeps and unpacks an uploaded zip and queues its import.</summary>
    /// <exception cref="ImportFormatException">It is no zip of a shop folder.</exception>
    internal static async Task<Run> StartImportAsync(HttpContext context, Verb verb, double maxRejectShare, Func<HttpContext, Task<Stream>> zipOf)
    {
        var options = context.RequestServices.GetRequiredService<ServeOptions>();
        var runs = context.RequestServices.GetRequiredService<RunService>();
        Shop shop = context.RequestServices.GetRequiredService<Shop>();
        string upload = Path.Combine(UploadsOf(shop), Guid.NewGuid().ToString("n"));
        RunLock held = RunLock.TryTake(upload)!;
        try
        {
            string zip = Path.Combine(upload, "upload.zip");
            await using (var file = new FileStream(zip, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await using Stream body = await zipOf(context);
                await body.CopyToAsync(file, context.RequestAborted);
            }

            string folder = await ShopFolderZip.UnpackAsync(zip, Path.Combine(upload, "uploaded"), options.MaxUnpackedBytes, context.RequestAborted);
            File.Delete(zip);
            return await runs.StartAsync(verb, new ImportRequest { Folder = folder, MaxRejectShare = maxRejectShare },
                afterwards: Remove, context.RequestAborted);
        }
        catch
        {
            Remove();
            throw;
        }

        void Remove()
        {
            held.Dispose();
            if (Directory.Exists(upload))
            {
                Directory.Delete(upload, recursive: true);
            }
        }
    }

    /// <summary>Removes uploads of processes that died before their import ended.</summary>
    public static void RemoveAbandonedUploads(Shop shop)
    {
        string uploads = UploadsOf(shop);
        foreach (string upload in Directory.Exists(uploads) ? Directory.GetDirectories(uploads) : [])
        {
            using (RunLock? held = RunLock.TryTake(upload))
            {
                if (held is null)
                {
                    continue;
                }
            }

            Directory.Delete(upload, recursive: true);
        }
    }

    private static string UploadsOf(Shop shop) => Path.Combine(shop.Folder, "uploads");

    private static async Task ImportAsync(HttpContext context)
    {
        double maxRejectShare = MaxRejectShare(context.Request.Query["maxRejectShare"]);
        Verb verb = context.GetEndpoint()!.Metadata.GetMetadata<Verb>()!;
        AllowUpload(context);
        await VerbEndpoint.AcceptAsync(context, await StartImportAsync(context, verb, maxRejectShare, ZipOfAsync));
    }

    private static async Task ExportAsync(HttpContext context)
    {
        var runs = context.RequestServices.GetRequiredService<RunService>();
        Verb verb = context.GetEndpoint()!.Metadata.GetMetadata<Verb>()!;
        Run run = await runs.StartAsync(verb, folder => new ExportRequest { Folder = FilesOf(folder) }, cancellationToken: context.RequestAborted);
        await VerbEndpoint.AcceptAsync(context, run);
    }

    private static async Task DownloadAsync(string id, HttpContext context, RunService runs, RunRecorder recorder)
    {
        Run run = await RunEndpoints.FindAsync(runs, id, context.RequestAborted);
        string folder = FilesOf(recorder.FolderOf(run.Id));
        if (run.Status is RunStatus.Queued or RunStatus.Running)
        {
            throw new NotFoundException($"Run '{id}' is not done yet; its files come with its end.");
        }

        if (run.Status != RunStatus.Succeeded || !Directory.Exists(folder))
        {
            throw new NotFoundException($"Run '{id}' has no files. An export that succeeded has.");
        }

        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"shop-{run.Id}.zip\"";
        await ShopFolderZip.PackAsync(folder, context.Response.BodyWriter.AsStream(), context.RequestAborted);
    }

    /// <summary>The zip in the body: the body itself, or the first file of a form.</summary>
    private static async Task<Stream> ZipOfAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 200 } boundary)
        {
            var form = new MultipartReader(boundary, request.Body);
            while (await form.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (section.GetContentDispositionHeader()?.IsFileDisposition() == true)
                {
                    return section.Body;
                }
            }

            throw new InvalidRequestException("file", "The form has no file in it; add the zipped shop folder as one.");
        }

        return type?.MediaType.Value is "application/zip" or "application/x-zip-compressed" or "application/octet-stream"
            ? request.Body
            : throw new BadHttpRequestException($"The body is '{request.ContentType}'; send the shop folder as 'application/zip', "
                + "or as a file of a 'multipart/form-data' form.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <exception cref="InvalidRequestException">It is no number, or beyond its range.</exception>
    private static double MaxRejectShare(string? text)
    {
        var request = new ImportRequest { Folder = "(upload)" };
        if (text is not null)
        {
            request = request with
            {
                MaxRejectShare = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
                    ? share
                    : throw new InvalidRequestException("maxRejectShare", $"The field maxRejectShare was '{text}'; it is a number."),
            };
        }

        RequestValidation.Validate(request);
        return request.MaxRejectShare;
    }
}
