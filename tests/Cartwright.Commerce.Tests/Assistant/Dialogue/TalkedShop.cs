using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

/// <summary>A small shop with texts and orders, and an assistant that understands each sentence as the test says: what is tried is the dialogue.</summary>
internal sealed class TalkedShop : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("talked-").FullName;
    private readonly Dictionary<string, Understanding> _understood = new(StringComparer.Ordinal);

    private TalkedShop()
    {
    }

    public Shop Shop { get; private set; } = null!;

    public ShopAssistant Assistant { get; private set; } = null!;

    public StoppedClock Clock { get; } = new();

    public static async Task<TalkedShop> OpenAsync()
    {
        var talked = new TalkedShop();
        string source = Path.Combine(talked._root, "source");
        Directory.CreateDirectory(source);
        await File.WriteAllTextAsync(Path.Combine(source, "shop.json"), """{ "currency": "EUR", "language": "en" }""");
        await File.WriteAllTextAsync(Path.Combine(source, "products.csv"), """
            id,title,description,category,brand,price,cost,stock,color,lead_time_days
            p1,Steel Kettle,A kettle of steel. Boils 2 l.,Kitchen,Ferro,39.95,11,5,silver,7
            p2,Glass Kettle,,Kitchen,Klar,29.50,9,0,clear,7
            p3,Copper Kettle,,Kitchen,Ferro,89.00,40,2,red,7
            """);
        await File.WriteAllTextAsync(Path.Combine(source, "texts.csv"), """
            id,topic,title,text
            returns,returns,Sending something back,"You can return it within 30 days. <b>Free</b> of charge."
            delivery,delivery,How long delivery takes,Delivery takes 2 days.
            """);
        await File.WriteAllTextAsync(Path.Combine(source, "orders.csv"), """
            id,at,shopper,status,expected_at,carrier,tracking,postcode,products
            A1001,2026-01-02,anna,shipped,2026-01-05,Northpost,N77,1010,p1|p1
            A1002,2026-01-03,bert,packed,,,,8020,p3
            A1003,2026-01-03,,packed,,,,,p3
            """);
        talked.Shop = await Shop.OpenAsync(Path.Combine(talked._root, "shop"), talked.Clock);
        await talked.Shop.Catalog.ImportAsync(new ImportRequest { Folder = source });
        talked.Assistant = new ShopAssistant(talked.Shop.Catalog, talked.Store, new SearchedProducts(talked.Shop.Search),
            (request, _) => Task.FromResult(new UnderstandResponse(request.Text, talked._understood.GetValueOrDefault(request.Text) ?? Of(ShopIntents.OutOfScope, []), "test")), talked.Clock);
        return talked;
    }

    /// <summary>Adds something that the merchant says to everybody.</summary>
    public async Task SayOfTheShopAsync(string id, string title, string text)
    {
        string source = Directory.CreateDirectory(Path.Combine(_root, id)).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "texts.csv"), $"id,topic,title,text\n{id},{id},{title},{text}\n");
        await Shop.Catalog.ImportAsync(new ImportRequest { Folder = source });
    }

    public IAssistantStore Store => (IAssistantStore)Shop.Store;

    /// <summary>Says a sentence that is understood so.</summary>
    /// <param name="slots">Name and value, where the value stands in the text.</param>
    public Task<ReplyResponse> SayAsync(string text, string intent, (string Name, string Value)[]? slots = null, ReplyResponse? after = null, string? shopper = null, double confidence = 0.99)
    {
        _understood[text] = Of(intent, [.. (slots ?? []).Select(slot => new SlotValue
        {
            Name = slot.Name, Value = slot.Value, Confidence = 1, Start = text.IndexOf(slot.Value, StringComparison.Ordinal), Length = slot.Value.Length,
        })], confidence);
        return Assistant.ReplyAsync(new ReplyRequest { Text = text, ConversationId = after?.ConversationId, ShopperId = shopper });
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static Understanding Of(string intent, SlotValue[] slots, double confidence = 0.99) => new() { Intent = intent, Confidence = confidence, InScope = intent != ShopIntents.OutOfScope, Slots = slots };
}

/// <summary>A clock that the test moves.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 4, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
