using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The versions of a shop's recommendation model on disk.</summary>
/// <remarks>
/// Beside what every version has, one holds <c>products.json</c> (product ids by the model's numbers) and the item-knn model of the same
/// day under <c>item-knn/</c>.
/// </remarks>
internal sealed class ModelVersions(string folder)
{
    private const string ProductsFile = "products.json";

    public VersionFolders Folders { get; } = new(folder, "recommendation");

    /// <returns>The version's id: "20261122-141530-sasrec", and "-2" behind it where that one is taken.</returns>
    public string Save(IRecommendationModel model, ItemKnn? beside, IReadOnlyList<string> productIds, ModelCard card) => Folders.Save(card, temporary =>
    {
        model.Save(temporary);
        File.WriteAllBytes(Path.Combine(temporary, ProductsFile), JsonSerializer.SerializeToUtf8Bytes([.. productIds], RecommendationJson.Default.StringArray));
        beside?.Save(Directory.CreateDirectory(Path.Combine(temporary, beside.Name)).FullName);
    });

    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ModelFormatException">One of its files is missing or damaged.</exception>
    public LoadedVersion Load(string version)
    {
        string path = Folders.FolderOf(version);
        ModelCard card = ModelFolder.LoadCard(path);
        string[] productIds = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, ProductsFile)), RecommendationJson.Default.StringArray)!;
        string beside = Path.Combine(path, "item-knn");
        return new LoadedVersion(version, RecommendationModels.Named(card.Model).Load(path), Directory.Exists(beside) ? ItemKnn.Load(beside) : null, productIds);
    }
}

/// <param name="Beside">The item-knn model that was fitted on the same day; null where the version is one itself.</param>
/// <param name="ProductIds">By the model's product numbers.</param>
internal sealed record LoadedVersion(string Version, IRecommendationModel Model, ItemKnn? Beside, IReadOnlyList<string> ProductIds);
