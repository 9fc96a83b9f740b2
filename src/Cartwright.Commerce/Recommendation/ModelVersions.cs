using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The versions of a shop's recommendation model on disk: one folder each, and <c>active.json</c>, which names the one in service.</summary>
/// <remarks>
/// A version never changes once it is there. It holds <c>model.safetensors</c>, <c>card.json</c>, <c>products.json</c> (product ids by the
/// model's numbers), the item-knn model of the same day under <c>item-knn/</c>, and <c>SHA256SUMS</c> over all of it. Several processes
/// may share the folder: a version appears by a rename and so does <c>active.json</c>.
/// </remarks>
internal sealed class ModelVersions(string folder)
{
    private const string ActiveFile = "active.json";
    private const string ProductsFile = "products.json";

    /// <summary>Versions kept, the active one among them.</summary>
    private const int KeptCount = 5;

    public string? Active
    {
        get
        {
            string path = Path.Combine(folder, ActiveFile);
            try
            {
                return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RecommendationJson.Default.ActiveVersion)?.Version : null;
            }
            catch (JsonException e)
            {
                throw new ModelFormatException(path, "The file does not name a version. Activate one again: 'cartwright recommendation activate --version <version>'.", e);
            }
        }
    }

    /// <summary>Changes whenever another version is activated, in this process or another.</summary>
    public DateTime ActivatedAt => File.GetLastWriteTimeUtc(Path.Combine(folder, ActiveFile));

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> All => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path))
        .Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))
        .OrderDescending(StringComparer.Ordinal)];

    /// <exception cref="NotFoundException">There is no such version.</exception>
    public string FolderOf(string version) => All.Contains(version, StringComparer.Ordinal)
        ? Path.Combine(folder, version)
        : throw new NotFoundException($"There is no model version '{version}'. "
            + (All.Count == 0 ? "None is trained yet: run 'cartwright recommendation train'." : $"Kept are: {string.Join(", ", All)}."));

    /// <returns>The version's id: "20261122-141530-sasrec", and "-2" behind it where that one is taken.</returns>
    public string Save(IRecommendationModel model, ItemKnn? beside, IReadOnlyList<string> productIds, ModelCard card)
    {
        Directory.CreateDirectory(folder);
        string first = $"{card.TrainedAt.UtcDateTime:yyyyMMdd-HHmmss}-{model.Name}";
        for (int attempt = 1; ; attempt++)
        {
            string version = attempt == 1 ? first : $"{first}-{attempt}";
            if (Directory.Exists(Path.Combine(folder, version)))
            {
                continue;
            }

            ModelFolder.Save(Path.Combine(folder, version), card, temporary =>
            {
                model.Save(temporary);
                File.WriteAllBytes(Path.Combine(temporary, ProductsFile), JsonSerializer.SerializeToUtf8Bytes([.. productIds], RecommendationJson.Default.StringArray));
                beside?.Save(Directory.CreateDirectory(Path.Combine(temporary, beside.Name)).FullName);
            });
            return version;
        }
    }

    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ModelFormatException">One of its files is missing or damaged.</exception>
    public LoadedVersion Load(string version)
    {
        string path = FolderOf(version);
        ModelCard card = ModelFolder.LoadCard(path);
        string[] productIds = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, ProductsFile)), RecommendationJson.Default.StringArray)!;
        string beside = Path.Combine(path, "item-knn");
        return new LoadedVersion(version, RecommendationModels.Named(card.Model).Load(path), Directory.Exists(beside) ? ItemKnn.Load(beside) : null, productIds);
    }

    /// <exception cref="ModelFormatException">One of its files is missing or damaged.</exception>
    public ModelCard Card(string version) => ModelFolder.LoadCard(FolderOf(version));

    /// <summary>Names the version that is in service from now on.</summary>
    public void Activate(string version)
    {
        _ = FolderOf(version);
        string temporary = Path.Combine(folder, $"{ActiveFile}.{Environment.ProcessId}.tmp");
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(new ActiveVersion(version), RecommendationJson.Default.ActiveVersion));
        File.Move(temporary, Path.Combine(folder, ActiveFile), overwrite: true);
    }

    /// <summary>Deletes all but the newest and the active one.</summary>
    public void Prune()
    {
        string? active = Active;
        foreach (string version in All.Where(version => version != active).Skip(KeptCount - (active is null ? 0 : 1)))
        {
            Directory.Delete(Path.Combine(folder, version), recursive: true);
        }
    }

    internal sealed record ActiveVersion(string Version);
}

/// <param name="Beside">The item-knn model that was fitted on the same day; null where the version is one itself.</param>
/// <param name="ProductIds">By the model's product numbers.</param>
internal sealed record LoadedVersion(string Version, IRecommendationModel Model, ItemKnn? Beside, IReadOnlyList<string> ProductIds);
