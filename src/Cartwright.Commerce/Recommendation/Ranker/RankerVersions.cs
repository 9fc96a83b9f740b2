using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The versions of a shop's ranker on disk. A pipeline names the one that it uses.</summary>
internal sealed class RankerVersions(string folder)
{
    private const int KeptCount = 5;
    private const string ShareKey = "share";

    public VersionFolders Folders { get; } = new(folder, "recommendation");

    /// <returns>The version's id: "20261126-142000-ranker".</returns>
    public string Save(ClickModel ranker, double share, ModelCard card) => Folders.Save(
        card with { Notes = new Dictionary<string, string>(StringComparer.Ordinal) { [ShareKey] = share.ToString(System.Globalization.CultureInfo.InvariantCulture) } }, ranker.Save);

    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ModelFormatException">One of its files is missing or damaged.</exception>
    public KeptRanker Load(string version)
    {
        Require(version);
        string path = Folders.FolderOf(version);
        ModelCard card = ModelFolder.LoadCard(path);
        return new KeptRanker(version, ClickModel.Load(path), card.Notes?.GetValueOrDefault(ShareKey) is { } share ? double.Parse(share, System.Globalization.CultureInfo.InvariantCulture) : 1);
    }

    /// <exception cref="NotFoundException">There is no such version.</exception>
    public void Require(string version)
    {
        IReadOnlyList<string> all = Folders.All;
        if (!all.Contains(version, StringComparer.Ordinal))
        {
            throw new NotFoundException($"There is no ranker '{version}'. "
                + (all.Count == 0 ? "None is trained yet: run 'cartwright recommendation train-ranker'." : $"Kept are: {string.Join(", ", all)}."));
        }
    }

    /// <summary>All versions; the one that the pipeline in service has is the active one.</summary>
    public KeptVersions Status(string? inPipeline)
    {
        KeptVersions kept = Folders.Status();
        return new KeptVersions(inPipeline, [.. kept.Versions.Select(version => version with { IsActive = version.Version == inPipeline })]);
    }

    /// <summary>Deletes all but the newest and those that a kept pipeline names.</summary>
    public void Settle(IReadOnlyCollection<string> needed)
    {
        foreach (string old in Folders.All.Where(version => !needed.Contains(version, StringComparer.Ordinal)).Skip(KeptCount))
        {
            Directory.Delete(Folders.FolderOf(old), recursive: true);
        }
    }
}

/// <param name="Share">How much its word counts beside the generators'.</param>
internal sealed record KeptRanker(string Version, ClickModel Ranker, double Share);
