using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cartwright.Learning.Formats;

/// <summary>What is known of a trained model: how it came to be and how good it is.</summary>
public sealed record ModelCard
{
    /// <summary>Lower-case name from the paper: "sasrec".</summary>
    public required string Model { get; init; }

    public required DateTimeOffset TrainedAt { get; init; }

    public required int Seed { get; init; }

    /// <summary>The model's options record.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>On held-out data, by name; the baselines' beside them.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>SHA-256 of what it learned from.</summary>
    public required string DataHash { get; init; }

    public required double TrainSeconds { get; init; }

    /// <summary>Numbers that were learned.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Floats in a vector of the machine: the same seed gives the same bits for the same width.</summary>
    public int VectorWidth { get; init; } = System.Numerics.Vector<float>.Count;

    public string Runtime { get; init; } = Environment.Version.ToString();

    /// <summary>Anything more that the model wants to say, as strings.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelCard))]
internal sealed partial class ModelCardJson : JsonSerializerContext;
