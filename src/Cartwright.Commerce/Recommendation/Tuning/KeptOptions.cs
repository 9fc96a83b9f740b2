using System.Text.Json;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The options that a shop has chosen for its models: <c>options.json</c> beside their versions.</summary>
internal sealed class KeptOptions(string modelFolder)
{
    private string FilePath => Path.Combine(modelFolder, "options.json");

    /// <returns>"name=value" each; none where nothing was chosen for this model.</returns>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public IReadOnlyList<string> Of(string model) => All().GetValueOrDefault(model) ?? [];

    /// <param name="options">None goes back to the model's own choice.</param>
    public void Set(string model, IReadOnlyList<string> options)
    {
        Dictionary<string, string[]> all = All();
        _ = options.Count == 0 ? all.Remove(model) : (all[model] = [.. options]).Length > 0;
        Directory.CreateDirectory(modelFolder);
        string temporary = $"{FilePath}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(all, TrialJson.Default.DictionaryStringStringArray));
        File.Move(temporary, FilePath, overwrite: true);
    }

    private Dictionary<string, string[]> All()
    {
        try
        {
            return File.Exists(FilePath)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), TrialJson.Default.DictionaryStringStringArray) ?? []
                : [];
        }
        catch (JsonException damaged)
        {
            throw new ModelFormatException(FilePath, $"The file holds no options ({damaged.Message}). Delete it, and choose anew with 'cartwright recommendation tune --keep'.", damaged);
        }
    }
}
