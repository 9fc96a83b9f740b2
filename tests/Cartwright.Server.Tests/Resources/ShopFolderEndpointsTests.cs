using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cartwright.Server.Tests.Resources;

public sealed class ShopFolderEndpointsTests : IAsyncLifetime
{
    private const string Import = "/v1/catalog/import";

    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", false)]
    [InlineData("my-shop/", false)]
    [InlineData("", true)]
    public async Task A_zipped_shop_folder_is_imported(string inFolder, bool asForm)
    {
        byte[] zip = Zip((inFolder + "products.csv", "id,title,price\np1,Pan,39.90\np2,Pot,20\n"),
            (inFolder + "interactions.csv", "id,at,shopper,kind,product\ni1,2026-01-01T00:00:00Z,anna,purchase,p1\n"));

        JsonNode run = await EndAsync(await UploadAsync(zip, asForm: asForm));
        JsonNode status = await TestServer.JsonAsync(await TestServer.PostAsync(_server.Query, "/v1/catalog/status", new { }));

        Assert.Equal("succeeded", (string?)run["status"]);
        Assert.Null(run["request"]!["folder"]);
        Assert.Equal(2, (int?)status["counts"]!["products"]);
        Assert.Equal(1, (int?)status["counts"]!["interactions"]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_server.Folder, "uploads")));
    }

    [Fact]
    public async Task What_was_exported_and_downloaded_can_be_imported_again()
    {
        await EndAsync(await UploadAsync(Zip(("products.csv", "id,title,price\np1,Pan,39.90\n"), ("interactions.csv", "id,at,shopper,kind,product\ni1,2026-01-01T00:00:00Z,anna,purchase,p1\n"))));

        JsonNode run = await EndAsync(await TestServer.PostAsync(_server.Admin, "/v1/catalog/export", new { }));
        HttpResponseMessage download = await _server.Admin.GetAsync($"/v1/runs/{run["id"]}/files");
        JsonNode again = await EndAsync(await UploadAsync(await download.Content.ReadAsByteArrayAsync()));

        Assert.Equal("application/zip", download.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(_server.Folder, run.ToJsonString(), StringComparison.Ordinal);
        Assert.All(again["result"]!["files"]!.AsArray(), file => Assert.Equal(0, (int?)file!["stored"]));
    }

    [Theory]
    [InlineData("../escape.csv")]
    [InlineData("a/../../escape.csv")]
    [InlineData("/tmp/escape.csv")]
    [InlineData("..\\escape.csv")]
    public async Task A_zip_that_leads_out_of_its_folder_is_refused(string entry)
    {
        HttpResponseMessage answer = await UploadAsync(Zip((entry, "id\n1\n")));

        await TestServer.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "unreadable-file");
        Assert.False(File.Exists(Path.Combine(_server.Folder, "uploads", "escape.csv")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_server.Folder, "uploads")));
    }

    [Fact]
    public async Task A_zip_that_unpacks_to_too_much_is_refused()
    {
        await using TestServer small = await TestServer.StartAsync(options => options with { MaxUnpackedBytes = 100_000 });

        HttpResponseMessage answer = await UploadAsync(Zip(("products.csv", new string('0', 1_000_000))), to: small);

        await TestServer.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "unreadable-file");
        Assert.Empty(Directory.GetDirectories(Path.Combine(small.Folder, "uploads")));
    }

    [Fact]
    public async Task An_upload_without_end_is_refused()
    {
        await using TestServer small = await TestServer.StartAsync(options => options with { MaxUploadBytes = 10_000 });
        byte[] noise = new byte[50_000];
        new Random(1).NextBytes(noise);

        HttpResponseMessage answer = await UploadAsync(noise, to: small);

        await TestServer.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task An_upload_whose_process_died_is_removed_at_the_next_start()
    {
        string upload = Path.Combine(_server.Folder, "uploads", "abandoned");
        Directory.CreateDirectory(upload);
        await File.WriteAllTextAsync(Path.Combine(upload, "upload.zip"), "half");

        await _server.RestartAsync();

        Assert.False(Directory.Exists(upload));
    }

    [Fact]
    public async Task Something_else_than_a_zip_is_refused()
    {
        await TestServer.ProblemAsync(await UploadAsync("hello"u8.ToArray()), HttpStatusCode.UnprocessableEntity, "unreadable-file");
        await TestServer.ProblemAsync(await TestServer.PostAsync(_server.Admin, Import, new { folder = "/etc" }), HttpStatusCode.UnsupportedMediaType, "wrong-media-type");
    }

    private async Task<JsonNode> EndAsync(HttpResponseMessage started)
    {
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        string id = (string)(await TestServer.JsonAsync(started))["runId"]!;
        Assert.Equal($"/v1/runs/{id}", started.Headers.Location?.ToString());
        return await _server.EndOfAsync(id);
    }

    private Task<HttpResponseMessage> UploadAsync(byte[] zip, bool asForm = false, TestServer? to = null)
    {
        var file = new ByteArrayContent(zip);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        HttpContent body = asForm ? new MultipartFormDataContent { { file, "file", "shop.zip" } } : file;
        return (to ?? _server).Admin.PostAsync(Import, body);
    }

    private static byte[] Zip(params (string Name, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }
}
