using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Cartwright.Server.Dashboard;

/// <summary>The dashboard's files, embedded in the assembly: its own, and those of npm where they were installed at build time.</summary>
/// <remarks>An address carries a hash of the content, so a browser keeps a file for ever and never sees an old one.</remarks>
internal sealed class WebAssets
{
    private const string Prefix = "wwwroot/";
    private const string Root = "/assets/";

    private readonly FrozenDictionary<string, WebAsset> _assets;

    public WebAssets()
    {
        Assembly assembly = typeof(WebAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => WebAsset.Read(assembly, name, name[Prefix.Length..]))
            .ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);
    }

    /// <returns>The address of a file, or null where the build did not have it.</returns>
    public string? Url(string path) => _assets.TryGetValue(path, out WebAsset? asset) ? $"{Root}{path}?v={asset.Hash}" : null;

    public IResult Serve(string path, HttpRequest request)
    {
        if (!_assets.TryGetValue(path, out WebAsset? asset))
        {
            return Results.NotFound();
        }

        HttpResponse response = request.HttpContext.Response;
        response.Headers.CacheControl = request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        bool isCompressed = request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (isCompressed)
        {
            response.Headers.ContentEncoding = "br";
        }

        return Results.Bytes(isCompressed ? asset.Compressed.Value : asset.Content, asset.ContentType,
            entityTag: new EntityTagHeaderValue($"\"{asset.Hash}{(isCompressed ? "-br" : "")}\""));
    }

    private sealed record WebAsset(string Path, string ContentType, string Hash, byte[] Content, Lazy<byte[]> Compressed)
    {
        private static readonly FileExtensionContentTypeProvider ContentTypes = new();

        public static WebAsset Read(Assembly assembly, string resource, string path)
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string type = ContentTypes.TryGetContentType(path, out string? found) ? found : "application/octet-stream";
            string hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
            return new WebAsset(path, type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type,
                hash, content, new Lazy<byte[]>(() => Compress(content)));
        }

        private static byte[] Compress(byte[] content)
        {
            using var packed = new MemoryStream();
            using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            {
                brotli.Write(content);
            }

            return packed.ToArray();
        }
    }
}
