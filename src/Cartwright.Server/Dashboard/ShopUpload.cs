using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Resources;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cartwright.Server.Dashboard;

/// <summary>Takes a zipped shop folder from the data page's form, as it streams in.</summary>
/// <remarks>The form's token comes before its file, so a forged form is refused before any of the file is kept.</remarks>
internal static class ShopUpload
{
    private const string TokenHeader = "RequestVerificationToken";
    private const int MaxTokenLength = 4096;

    private static Verb ImportVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(ImportRequest));

    public static async Task<IResult> TakeAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out MediaTypeHeaderValue? type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return NoFile(http);
        }

        ShopFolderEndpoints.AllowUpload(http);
        var form = new MultipartReader(boundary, http.Request.Body);
        MultipartSection? token = await form.ReadNextSectionAsync(http.RequestAborted);
        http.Request.Headers[TokenHeader] = token is null ? "" : await ReadShortAsync(token.Body, http.RequestAborted);
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return FormFilter.Refused();
        }

        MultipartSection? file = await form.ReadNextSectionAsync(http.RequestAborted);
        if (file?.GetContentDispositionHeader() is not { } disposition || string.IsNullOrEmpty(disposition.FileName.Value))
        {
            return NoFile(http);
        }

        try
        {
            Run run = await ShopFolderEndpoints.StartImportAsync(http, ImportVerb, new ImportRequest { Folder = "" }.MaxRejectShare,
                _ => Task.FromResult(file.Body));
            return Results.LocalRedirect(Links.Run(run.Id));
        }
        catch (ImportFormatException exception)
        {
            return new Message("bad", exception.Message).Then(http, Room.Data.Path);
        }
    }

    private static IResult NoFile(HttpContext http) =>
        new Message("warn", "No file was chosen. Choose a zip of a shop folder.").Then(http, Room.Data.Path);

    private static async Task<string> ReadShortAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxTokenLength];
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        string text = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        return text.AsSpan().ContainsAny('\r', '\n') ? "" : text;
    }
}
