using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

public sealed class ConversationReplayTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("replay-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_written_conversations_reach_their_goals_and_nothing_is_invented()
    {
        string sample = Path.Combine(_root, "sample");
        await SampleShop.WriteAsync(new SampleRequest { Folder = sample, Products = 1000, Shoppers = 300, Days = 30 });
        Directory.Delete(Path.Combine(sample, "images"), recursive: true);
        await using Shop shop = await Shop.OpenAsync(Path.Combine(_root, "shop"));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = sample });
        await shop.AssistantLanguage.TrainAsync(new TrainRequest { Epochs = 6 });
        ShopCounts before = await shop.Store.CountAsync();

        ReplayResponse replayed = await shop.Assistant.ReplayAsync(new ReplayRequest { Conversations = File("docs/examples/conversations.json"), Rounds = 1 });

        Assert.Empty(replayed.Conversations.SelectMany(one => one.Invented));
        Assert.True(replayed.Facts > 100);
        Assert.True(replayed.GoalShare.Value >= 0.85, string.Join('\n', replayed.Conversations.Where(one => !one.IsReached).Select(one => $"{one.Name}: {one.Missed}")));
        Assert.Equal(before, await shop.Store.CountAsync());
        Assert.Empty((await shop.Assistant.HandOversAsync(new HandOversRequest { All = true })).HandOvers);
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused_with_what_it_should_be()
    {
        string file = Path.Combine(_root, "wrong.json");
        await System.IO.File.WriteAllTextAsync(file, """{ "conversations": [] }""");
        await using Shop shop = await Shop.OpenAsync(Path.Combine(_root, "shop"));

        ImportFormatException refused = await Assert.ThrowsAsync<ImportFormatException>(() => shop.Assistant.ReplayAsync(new ReplayRequest { Conversations = file }));

        Assert.Contains("\"says\"", refused.Message);
    }

    private static string File(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, path)))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder!, path);
    }
}
