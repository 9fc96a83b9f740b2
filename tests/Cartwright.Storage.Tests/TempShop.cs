using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests;

/// <summary>A folder that is gone after the test, with a shop folder to import and a shop to import it into.</summary>
public sealed class TempShop : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cartwright-").FullName;

    public string ShopPath => Path.Combine(Root, "shop");

    /// <summary>The shop folder that <see cref="Write"/> fills.</summary>
    public string Source => Path.Combine(Root, "source");

    public Task<Shop> OpenAsync() => Shop.OpenAsync(ShopPath);

    public TempShop Write(string file, string content)
    {
        string path = Path.Combine(Source, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    /// <summary>A small shop with every kind of file, and fields that need quotes.</summary>
    public TempShop WriteSample() => this
        .Write("shop.json", """{ "name": "Corner", "currency": "EUR", "language": "de", "timeZone": "Europe/Berlin", "times": "real" }""")
        .Write("products.csv", """"
            id,title,description,category,brand,price,cost,stock,created_at,image,tags,attributes,color
            p1,"Pan, cast iron","He said ""hot"".
            Second line.",Kitchen > Pans,Acme,39.95,12.5,7,2023-05-01,images/p1.jpg,new|black,"{""weight"":""2 kg"",""induction"":true}",black
            p2,Kettle,,Kitchen,,19.00,,0,,,,,
            p3,Teller,,,,,,,,,,,weiß
            """")
        .Write("images/p1.jpg", "a pan")
        .Write("shoppers.csv", "id,created_at,city\na,2023-01-02T03:04:05Z,Köln\nb,,\n")
        .Write("interactions.csv", """
            id,at,shopper,session,kind,product,quantity,price,query,position,value
            i1,2024-01-01T10:00:00Z,a,s1,view,p1,,,,,
            i2,1704103260.25,a,s1,purchase,p1,2,39.95,,,
            ,2024-01-01T10:02:00Z,a,,rating,p2,,,,,4.5
            ,2024-01-01T10:03:00Z,,s2,search,,,,"pans, big",,
            ,2024-01-01T10:04:00Z,,s2,impression,p9,,,,3,
            ,2024-01-01T10:04:00Z,,s2,impression,p9,,,,3,
            i7,2024-01-01T09:00:00Z,c,,click,p2,,,,,
            """ + "\n")
        .Write("sales.csv", "date,product,store,units,price,promoted,known_deal\n2024-01-01,p1,,3,39.95,1,2\n2024-01-02,p1,north,2.5,,,\n")
        .Write("reviews.csv", "id,at,shopper,product,rating,title,text,extra\nr1,,a,p1,5,Good,\"Very, very good\",x\n,2024-02-01,b,p2,2,,,\n")
        .Write("competitor_prices.csv", "at,product,competitor,price\n2024-01-01,p1,Other,41.5\n")
        .Write("searches.csv", "id,at,session,shopper,query,shown,clicked\nq1,2024-01-01,s1,,pan,p1 p2 p3,1 3\n,,s2,b,pot,p2,\n")
        .Write("judgments.csv", "query,product,grade\npan,p1,3\npan,p99,0.5\n")
        .Write("utterances.csv", "text,intent,slots,split\nred pan please,buy,B-color O O,train\nhi,hello,,test\nhi,hello,,test\n")
        .Write("texts.csv", "id,topic,title,text\nreturns,returns,Returns,\"Within 30 days, unused.\"\nhours,,Hours,From 9:00.\n")
        .Write("orders.csv", """
            id,at,shopper,status,expected_at,carrier,tracking,postcode,products
            o1,2024-01-01T10:01:00Z,a,shipped,2024-01-04,Northpost,N1,50667,p1|p1|p2
            o2,,,packed,,,,,
            """ + "\n");

    public async Task<ImportReport> ImportAsync(Shop shop, double maxRejectShare = 0.05)
        => await shop.Catalog.ImportAsync(new ImportRequest { Folder = Source, MaxRejectShare = maxRejectShare });

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
