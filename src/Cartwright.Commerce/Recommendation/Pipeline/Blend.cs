using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public sealed record BlendOptions
{
    public required BlendScale Scale { get; init; }

    /// <summary>Models by name, in the order in which they are added.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>What each weighs; not negative.</summary>
    public required IReadOnlyList<float> Weights { get; init; }
}

/// <summary>Several models that generate candidates, each with a weight: the weighted sum of their scores, brought to one scale.</summary>
/// <remarks>A model that has no answer for a history adds nothing to it.</remarks>
internal sealed class Blend : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";
    private readonly BlendOptions _options;
    private readonly IRecommendationModel[] _models;

    /// <param name="models">As <see cref="BlendOptions.Models"/> names them.</param>
    public Blend(BlendOptions options, IReadOnlyList<IRecommendationModel> models)
    {
        _options = options;
        _models = [.. models];
    }

    public string Name => "blend";

    public int ProductCount => _models[0].ProductCount;

    public long ParameterCount => _models.Sum(model => model.ParameterCount) + _models.Length;

    /// <summary>The models that are added, in their order.</summary>
    public IReadOnlyList<IRecommendationModel> Models => _models;

    /// <summary>What each of them weighs.</summary>
    public IReadOnlyList<float> Weights => _options.Weights;

    public IReadOnlyDictionary<string, string> Card
    {
        get
        {
            var card = new Dictionary<string, string>(StringComparer.Ordinal) { ["scale"] = _options.Scale.ToString().ToLowerInvariant() };
            for (int m = 0; m < _models.Length; m++)
            {
                card[$"weight of {_models[m].Name}"] = _options.Weights[m].ToString(CultureInfo.InvariantCulture);
            }

            return card;
        }
    }

    public bool CanScore(Steps history) => Array.Exists(_models, model => model.CanScore(history));

    public void Score(Steps history, Span<float> scores)
    {
        scores.Clear();
        float[] own = ArrayPool<float>.Shared.Rent(ProductCount);
        for (int m = 0; m < _models.Length; m++)
        {
            AddPart(m, history, own.AsSpan(0, ProductCount), scores);
        }

        ArrayPool<float>.Shared.Return(own);
    }

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        scores.Clear();
        float[] own = ArrayPool<float>.Shared.Rent(scores.Length);
        for (int m = 0; m < _models.Length; m++)
        {
            if (!All(_models[m], histories))
            {
                for (int i = 0; i < histories.Length; i++)
                {
                    AddPart(m, histories[i], own.AsSpan(0, ProductCount), scores.Slice(i * ProductCount, ProductCount));
                }

                continue;
            }

            _models[m].ScoreMany(histories, own.AsSpan(0, scores.Length));
            for (int i = 0; i < histories.Length; i++)
            {
                Add(m, own.AsSpan(i * ProductCount, ProductCount), scores.Slice(i * ProductCount, ProductCount));
            }
        }

        ArrayPool<float>.Shared.Return(own);
    }

    public void ScoreSimilar(int product, Span<float> scores)
    {
        scores.Clear();
        float[] own = ArrayPool<float>.Shared.Rent(ProductCount);
        for (int m = 0; m < _models.Length; m++)
        {
            _models[m].ScoreSimilar(product, own.AsSpan(0, ProductCount));
            Add(m, own.AsSpan(0, ProductCount), scores);
        }

        ArrayPool<float>.Shared.Return(own);
    }

    /// <summary>The same models with other weights.</summary>
    /// <param name="weights">By model; one that is not named keeps its weight.</param>
    public Blend With(IReadOnlyDictionary<string, double> weights) => new(
        _options with { Weights = [.. _options.Models.Select((name, m) => weights.TryGetValue(name, out double weight) ? (float)weight : _options.Weights[m])] },
        _models);

    /// <summary>Other models, fitted to other data, with the same weights.</summary>
    /// <param name="models">As <see cref="Models"/> names them.</param>
    public Blend Of(IReadOnlyList<IRecommendationModel> models) => new(_options, models);

    /// <summary>Scores all products, and keeps what each model said, on the blend's scale and without its weight.</summary>
    /// <param name="rows">Filled: [models, products]. Zeros where a model has no answer.</param>
    /// <param name="scores">Filled as <see cref="Score"/> does: [products].</param>
    public void ScoreParts(Steps history, Span<float> rows, Span<float> scores)
    {
        scores.Clear();
        rows.Clear();
        for (int m = 0; m < _models.Length; m++)
        {
            AddPart(m, history, rows.Slice(m * ProductCount, ProductCount), scores);
        }
    }

    /// <summary>What each model adds to some products' scores.</summary>
    /// <returns>[models][products]</returns>
    public float[][] Contributions(Steps history, ReadOnlySpan<int> products)
    {
        var parts = new float[_models.Length][];
        float[] own = new float[ProductCount];
        float[] added = new float[ProductCount];
        for (int m = 0; m < _models.Length; m++)
        {
            added.AsSpan().Clear();
            AddPart(m, history, own, added);
            parts[m] = new float[products.Length];
            for (int p = 0; p < products.Length; p++)
            {
                parts[m][p] = added[products[p]];
            }
        }

        return parts;
    }

    /// <summary>Each model in a folder of its name, and the weights.</summary>
    public void Save(string folder)
    {
        foreach (IRecommendationModel model in _models)
        {
            model.Save(Directory.CreateDirectory(Path.Combine(folder, model.Name)).FullName);
        }

        Safetensors.Write(Path.Combine(folder, WeightsFile), new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["weights"] = Tensor.From([.. _options.Weights], _models.Length),
        }, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.BlendOptions),
        });
    }

    /// <exception cref="ModelFormatException">A file is missing, damaged, or of another model.</exception>
    internal static Blend Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            BlendOptions options = JsonSerializer.Deserialize(content.Metadata["options"], RecommendationJson.Default.BlendOptions)!;
            return new Blend(options, [.. options.Models.Select(name => RecommendationModels.Named(name).Load(Path.Combine(folder, name)))]);
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or System.ComponentModel.DataAnnotations.ValidationException)
        {
            throw new ModelFormatException(path, $"The file is no blend of this version ({e.Message}). Train again.", e);
        }
    }

    private static bool All(IRecommendationModel model, ReadOnlySpan<Steps> histories)
    {
        foreach (Steps history in histories)
        {
            if (!model.CanScore(history))
            {
                return false;
            }
        }

        return true;
    }

    private void AddPart(int model, Steps history, Span<float> own, Span<float> scores)
    {
        if (_models[model].CanScore(history))
        {
            _models[model].Score(history, own);
            Add(model, own, scores);
        }
    }

    private void Add(int model, Span<float> own, Span<float> scores) => BlendScales.Add(_options.Scale, own, _options.Weights[model], scores);
}
