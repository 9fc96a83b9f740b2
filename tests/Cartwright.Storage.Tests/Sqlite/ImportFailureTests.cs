using System.IO.Compression;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class ImportFailureTests
{
    private const string Header = "id,at,shopper,session,kind,product,quantity,price,query,position,value\n";

    [Fact]
    public async Task A_csv_cut_anywhere_is_stored_up_to_a_row_end_or_not_at_all()
    {
        string whole = Header + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i},\"sh\"\"op,{i}\",,view,p{i},,1.5,,,0.125\n"));
        byte[] bytes = Encoding.UTF8.GetBytes(whole);
        var random = new Random(5);
        foreach (int length in Enumerable.Range(0, 40).Select(_ => random.Next(bytes.Length)).Append(0))
        {
            using var temp = new TempShop();
            Directory.CreateDirectory(temp.Source);
            await File.WriteAllBytesAsync(Path.Combine(temp.Source, "interactions.csv"), bytes[..length]);
            await using Shop shop = await temp.OpenAsync();

            ImportReport report = await ImportOrReport(temp, shop);

            long stored = (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions;
            string text = whole[..length];
            long wholeRows = text.Length < Header.Length ? 0 : text[Header.Length..].Count(c => c == '\n');
            Assert.Equal(report.IsStored ? report.Files.Sum(file => file.Stored) : 0, stored);
            bool endsInRow = length > Header.Length && text[^1] != '\n';
            bool hasAllFields = endsInRow && text[(text.LastIndexOf('\n') + 1)..].Count(c => c == ',') == 11;
            Assert.Equal(length >= Header.Length ? !endsInRow || hasAllFields : report.IsStored, report.IsStored);
            Assert.Equal(report.IsStored ? wholeRows + (hasAllFields ? 1 : 0) : 0, stored);
        }
    }

    [Fact]
    public async Task A_gzip_file_cut_anywhere_is_not_stored()
    {
        var random = new Random(6);
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},{i},u{random.Next(99)},,view,p{i},,,,,\n"))));
        }

        byte[] bytes = zipped.ToArray();
        int[] lengths = [0, 1, 5, 10, 11, .. Enumerable.Range(1, 9).Select(i => bytes.Length - i), .. Enumerable.Range(0, 30).Select(_ => random.Next(bytes.Length))];
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.Source);
        await using Shop shop = await temp.OpenAsync();
        foreach (int length in lengths)
        {
            await File.WriteAllBytesAsync(Path.Combine(temp.Source, "interactions.csv.gz"), bytes[..length]);

            ImportReport report = await ImportOrReport(temp, shop);

            Assert.False(report.IsStored, $"Cut at {length} of {bytes.Length}.");
        }

        Assert.Equal(new ShopCounts(0, 0, 0), (await shop.Catalog.StatusAsync(new StatusRequest())).Counts);
        await File.WriteAllBytesAsync(Path.Combine(temp.Source, "interactions.csv.gz"), bytes);
        Assert.Equal(500, Assert.Single((await temp.ImportAsync(shop)).Files).Stored);
    }

    [Fact]
    public async Task A_flipped_byte_in_a_gzip_file_is_noticed()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("id\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"product-{i * 7919}\n"))));
        }

        byte[] bytes = zipped.ToArray();
        bytes[bytes.Length / 2] ^= 0x10;
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.Source);
        await File.WriteAllBytesAsync(Path.Combine(temp.Source, "products.csv.gz"), bytes);
        await using Shop shop = await temp.OpenAsync();

        Assert.False((await ImportOrReport(temp, shop)).IsStored);
    }

    [Theory]
    [InlineData("who,what\na,b\n", "interactions.csv:1: the header has no column at, kind, product. Found: who, what;")]
    [InlineData("", "interactions.csv:1: the file is empty;")]
    [InlineData("at,kind,product,AT\n", "interactions.csv:1: the header has the column at twice.")]
    [InlineData("at,kind,product,\n", "interactions.csv:1: the header has a column without a name.")]
    public async Task A_wrong_header_stops_the_import_and_says_what_was_found(string content, string expected)
    {
        using TempShop temp = new TempShop().WriteSample().Write("interactions.csv", content);
        await using Shop shop = await temp.OpenAsync();

        var refused = await Assert.ThrowsAsync<ImportFormatException>(() => temp.ImportAsync(shop));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, refused.Report!.Failure);
        Assert.Equal(new ShopCounts(0, 0, 0), (await shop.Catalog.StatusAsync(new StatusRequest())).Counts);
        Assert.False(Assert.Single(await shop.Catalog.ListImportReportsAsync(10)).IsStored);
    }

    [Theory]
    [InlineData("id,title,price\np1,Pan,5\np2,,6\np3,\"  \",7\np4,Pot,8\n", "3 p2, 4 p3", "p1 p4")]
    [InlineData("id,title,price\np1,,5\np2,Pot,6\n", "2 p1", "p2")]
    [InlineData("id,title,price\np1,,5\np2,,6\n", "", "p1 p2")]
    [InlineData("id,price\np1,5\np2,6\n", "", "p1 p2")]
    public async Task A_product_without_a_title_is_a_bad_row_unless_the_file_has_none(string products, string rejected, string stored)
    {
        using TempShop temp = new TempShop().Write("products.csv", products);
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop, maxRejectShare: 0.5);

        Assert.Equal(rejected.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(line => (long.Parse(line.Split(' ')[0]), $"title is empty; say what the product '{line.Split(' ')[1]}' is called")),
            report.Rejects.Select(reject => (reject.Line, reject.Reason)));
        Assert.Equal(stored.Split(' '), (await shop.Catalog.LiveAsync()).ListedProducts.Select(product => product.Id));
    }

    [Fact]
    public async Task Bad_rows_are_reported_with_line_and_reason_and_the_others_stored()
    {
        using var temp = new TempShop();
        temp.Write("interactions.csv", Header
            + "1,2024-01-01,a,,view,p,,,\"two\nlines\",,\n"
            + "2,yesterday,a,,view,p,,,,,\n"
            + "3,2024-01-01,a,,view,p,,12€,,,\n"
            + "4,2024-01-01,a,,stare,p,,,,,\n"
            + "5,2024-01-01,,,view,p,,,,,\n"
            + "6,2024-01-01,a,,view,,,,,,\n"
            + "7,2024-01-01,a,,view,p\n"
            + "8,2024-01-01,a,,view,p,-1,,,,\n"
            + "9,2024-01-01,a,,view,p,,,,0,\n"
            + "10,2024-01-01,a,,rating,p,,,,,\n"
            + "11,2024-01-01,a\"b,,view,p,,,,,\n"
            + $"12,2024-01-01,{new string('u', 201)},,view,p,,,,,\n"
            + "\n"
            + "13,2024-01-01,a,,search,,,,pan,,\n");
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await shop.Catalog.ImportAsync(new ImportRequest { Folder = temp.Source, MaxRejectShare = 1 });

        Assert.Equal(
            [
                (4, "at is 'yesterday'; it should be a time such as 2024-03-01T12:00:00Z, or Unix seconds"),
                (5, "price is '12€'; it should be an amount such as 12.50"),
                (6, "kind is 'stare'; it should be impression, view, click, search, cart, uncart, purchase, return, rating, block, unblock"),
                (7, "shopper and session are both empty; one says whose it is"),
                (8, "product is empty; only a search may have none"),
                (9, "has 6 fields where the header has 11"),
                (10, "quantity is -1; it lies from 0 to 1000000000"),
                (11, "position is 0; it lies from 1 to 1000000"),
                (12, "value is empty; a rating needs its grade there"),
                (13, "has a quote where none may stand; put the whole field in quotes and double those inside"),
                (14, "shopper is 201 characters long; at most 200 are allowed"),
            ],
            report.Rejects.Select(reject => ((int)reject.Line, reject.Reason)));
        Assert.Equal(new FileCounts("interactions.csv", 13, 2, 0, 11), Assert.Single(report.Files));
    }

    [Fact]
    public async Task Too_many_bad_rows_give_the_import_up()
    {
        using var temp = new TempShop();
        temp.Write("products.csv", "id,price\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"p{i},{(i < 6 ? "much" : "1")}\n")));
        await using Shop shop = await temp.OpenAsync();

        var refused = await Assert.ThrowsAsync<ImportFormatException>(() => temp.ImportAsync(shop));

        Assert.Equal((6, 6), (refused.Report!.Rejects.Count, (int)refused.Report.Files[0].Rejected));
        Assert.Equal(0, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Products);
        Assert.True((await shop.Catalog.ImportAsync(new ImportRequest { Folder = temp.Source, MaxRejectShare = 0.06 })).IsStored);
    }

    [Fact]
    public async Task Rows_that_are_not_UTF8_are_rejected_and_the_rest_is_read()
    {
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.Source);
        byte[] latin = Encoding.Latin1.GetBytes("id,title\n1,Käse\n2,Brot\n");
        await File.WriteAllBytesAsync(Path.Combine(temp.Source, "products.csv"), latin);
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        Assert.Equal(new Reject("products.csv", 2, "has bytes that are not UTF-8; save the file as UTF-8"), Assert.Single(report.Rejects));
        Assert.Equal("Brot", (await shop.Catalog.FindProductAsync("2")).Title);
    }

    [Theory]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-8", true)]
    public async Task A_byte_order_mark_of_UTF8_is_fine_and_UTF16_is_refused(string encoding, bool isFine)
    {
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.Source);
        await File.WriteAllTextAsync(Path.Combine(temp.Source, "products.csv"), "id,title\n1,Käse\n", Encoding.GetEncoding(encoding));
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await ImportOrReport(temp, shop);

        Assert.Equal(isFine, report.IsStored);
        Assert.Equal(isFine ? null : "products.csv:1: the file is UTF-16 text; save it as UTF-8.", report.Failure);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_is_noticed()
    {
        using TempShop temp = new TempShop().Write("products.csv", "id,title\n1,\"Pan\n2,Pot\n3,Lid\n");
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await ImportOrReport(temp, shop);

        Assert.Equal("products.csv:2: the file is cut off: it ends inside the quoted field that begins here.", report.Failure);
    }

    [Theory]
    [InlineData("../secret.png")]
    [InlineData("images/../../secret.png")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\secret.png")]
    [InlineData("C:\\secret.png")]
    public async Task A_picture_outside_the_folder_is_rejected(string image)
    {
        using TempShop temp = new TempShop().Write("products.csv", $"id,image\n1,{image}\n2,images/a..b.png\n");
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        Assert.Contains("leads out of the shop folder", Assert.Single(report.Rejects).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_stands_twice_in_products_is_rejected_the_second_time()
    {
        using TempShop temp = new TempShop().Write("products.csv", "id,title\n1,Pan\n1,Pot\n");
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        Assert.Equal(new Reject("products.csv", 3, "'1' stands in a row above already"), Assert.Single(report.Rejects));
        Assert.Equal("Pan", (await shop.Catalog.FindProductAsync("1")).Title);
    }

    [Fact]
    public async Task A_canceled_import_leaves_nothing()
    {
        using var temp = new TempShop();
        temp.Write("interactions.csv", "at,shopper,kind,product\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},u,view,p\n")));
        await using Shop shop = await temp.OpenAsync();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Catalog.ImportAsync(
            new ImportRequest { Folder = temp.Source }, new CancelAt(50_000, stop), stop.Token));

        Assert.Equal(new ShopCounts(0, 0, 0), (await shop.Catalog.StatusAsync(new StatusRequest())).Counts);
        Assert.Equal(200_000, (await temp.ImportAsync(shop)).Files[0].Stored);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_or_empty_is_refused()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();

        await Assert.ThrowsAsync<ImportFormatException>(() => temp.ImportAsync(shop));
        Directory.CreateDirectory(temp.Source);
        await Assert.ThrowsAsync<ImportFormatException>(() => temp.ImportAsync(shop));
    }

    [Fact]
    public async Task Unknown_columns_are_attributes_of_products_and_a_note_elsewhere()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        Product pan = await shop.Catalog.FindProductAsync("p1");
        Assert.Equal(("black", "2 kg", "true"), (pan.Attributes["color"], pan.Attributes["weight"], pan.Attributes["induction"]));
        Assert.Equal("reviews.csv: left out the columns extra.", Assert.Single(report.Notes));
    }

    private static async Task<ImportReport> ImportOrReport(TempShop temp, Shop shop)
    {
        try
        {
            return await temp.ImportAsync(shop);
        }
        catch (ImportFormatException refused)
        {
            return refused.Report!;
        }
    }

    private sealed class CancelAt(int rows, CancellationTokenSource stop) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Done >= rows)
            {
                stop.Cancel();
            }
        }
    }
}
