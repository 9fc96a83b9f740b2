using System.Text.Json;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Runs;

public sealed class VersionFoldersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("versions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_lists_versions_while_they_come_and_go_sees_whole_ones_or_none()
    {
        VersionFolders versions = new(_folder, "vision");
        using CancellationTokenSource ended = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task reading = Task.Run(() =>
        {
            begun.SetResult();
            while (!ended.IsCancellationRequested)
            {
                Assert.All(new VersionFolders(_folder, "vision").Status().Versions, version => Assert.Null(version.Problem));
                _ = versions.Outdated;
            }
        });
        await begun.Task;

        for (int i = 0; i < 300 && !reading.IsCompleted; i++)
        {
            string version = Save(versions, i);
            versions.Settle(version, isActive: true);
            versions.Outdate([version]);
            versions.DropOutdated();
        }

        await ended.CancelAsync();
        await reading;
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_a_deletion_left_that_was_stopped_half_way_goes_with_the_next()
    {
        VersionFolders versions = new(_folder, "vision");
        string version = Save(versions, 0);
        versions.Activate(version);
        versions.Outdate([version]);
        Directory.Move(Path.Combine(_folder, version), Path.Combine(_folder, version + ".gone.tmp"));

        Assert.Empty(versions.All);
        versions.DropOutdated();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    private static string Save(VersionFolders versions, int second)
    {
        ModelCard card = new()
        {
            Model = "small", TrainedAt = DateTimeOffset.UnixEpoch.AddSeconds(second), Seed = 1, Options = JsonDocument.Parse("{}").RootElement,
            Metrics = new Dictionary<string, double>(), DataHash = "", TrainSeconds = 0, ParameterCount = 0,
        };
        return versions.Save(card, folder => File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), new byte[2_000]));
    }
}
