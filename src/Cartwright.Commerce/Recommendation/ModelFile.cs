using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A model's numbers, options and card in <c>model.safetensors</c>.</summary>
internal static class ModelFile
{
    private const string FileName = "model.safetensors";
    private const string OptionsKey = "options";

    public static void Write<TOptions>(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights, TOptions options, JsonTypeInfo<TOptions> type,
        IReadOnlyDictionary<string, string>? card = null) =>
        Safetensors.Write(Path.Combine(folder, FileName), weights.ToDictionary(StringComparer.Ordinal),
            new Dictionary<string, string>(card ?? NetworkLesson.NoCard, StringComparer.Ordinal) { [OptionsKey] = JsonSerializer.Serialize(options, type) });

    /// <param name="model">Name of the model, for the error.</param>
    /// <param name="defaults">For options that an older file lacks.</param>
    /// <param name="make">Makes the model of options, numbers and card; whatever does not fit together in them ends it by an error of shape.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    public static TModel Read<TOptions, TModel>(string folder, string model, TOptions defaults, JsonTypeInfo<TOptions> type,
        Func<TOptions, IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, string>, TModel> make)
        where TOptions : class
    {
        string path = Path.Combine(folder, FileName);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            return make(RecordJson.Read(content.Metadata[OptionsKey], defaults, type), content.Tensors,
                content.Metadata.Where(entry => entry.Key != OptionsKey).ToDictionary(StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ShapeException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new ModelFormatException(path, $"The file is no {model} model of this version ({e.Message}). Train again.", e);
        }
    }
}
