using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained ranker: network, the products it knows, and what sets its chances right. Safe to ask from several threads.</summary>
internal sealed class ClickModel
{
    private const string CatalogFile = "catalog.json";
    private const int RowsAtOnce = 2_048;

    private readonly ClickNetwork _network;
    private readonly ClickNetworkOptions _options;
    private readonly float[] _looks;

    public ClickModel(ClickNetworkOptions options, ClickNetwork network, ClickCatalog catalog, PlattScaling calibration)
    {
        (_options, _network, Catalog, Calibration) = (options, network, catalog, calibration);
        _looks = network.Looks();
    }

    public ClickCatalog Catalog { get; }

    public PlattScaling Calibration { get; }

    /// <summary>Generators that it reads, by name.</summary>
    public IReadOnlyList<string> Generators => _options.Generators;

    public int MaxHistory => _options.MaxHistory;

    public long ParameterCount => _network.ParameterCount;

    /// <param name="position">From 1; 0 where none was said.</param>
    /// <returns>Chance that a place is looked at, against the first.</returns>
    public float LookChance(int position) => _looks[Math.Clamp(position, 0, ClickNetwork.MaxPosition)];

    /// <summary>Chance of a click by somebody who looks.</summary>
    public double Chance(float logit) => Calibration.Chance(logit);

    /// <returns>Log-odds before calibration: [rows]. They order products as their chances do.</returns>
    public float[] Logits(ClickBatch batch)
    {
        using var noGradient = NoGradient.Begin();
        using var scope = TensorScope.Begin();
        return _network.Relevance(batch).ToArray();
    }

    /// <returns>Of all rows: [rows].</returns>
    public float[] Logits(ClickRows rows, CancellationToken cancellationToken)
    {
        float[] logits = new float[rows.Count];
        for (int start = 0; start < logits.Length; start += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] some = [.. Enumerable.Range(start, Math.Min(RowsAtOnce, logits.Length - start))];
            Logits(rows.Batch(some, 0, null)).CopyTo(logits.AsSpan(start));
        }

        return logits;
    }

    /// <summary>Writes <c>model.safetensors</c> and <c>catalog.json</c> into a folder that exists.</summary>
    public void Save(string folder)
    {
        ModelFile.Write(folder, _network.State(), new ClickModelFile { Network = _options, Slope = Calibration.Slope, Shift = Calibration.Shift }, RankerJson.Default.ClickModelFile,
            NetworkLesson.NoCard);
        File.WriteAllBytes(Path.Combine(folder, CatalogFile), JsonSerializer.SerializeToUtf8Bytes(
            new ClickCatalogFile([.. Catalog.ProductIds], [.. Catalog.FeatureNames]), RankerJson.Default.ClickCatalogFile));
    }

    /// <exception cref="ModelFormatException">A file is missing, damaged, or of another model.</exception>
    public static ClickModel Load(string folder)
    {
        string path = Path.Combine(folder, CatalogFile);
        ClickCatalogFile catalog;
        try
        {
            catalog = JsonSerializer.Deserialize(File.ReadAllBytes(path), RankerJson.Default.ClickCatalogFile) ?? throw new JsonException("it holds nothing");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"The file is no ranker's catalog of this version ({e.Message}). Train again: 'cartwright recommendation train-ranker'.", e);
        }

        return ModelFile.Read(folder, RankerTraining.ModelName, ClickModelFile.Defaults, RankerJson.Default.ClickModelFile, (file, weights, _) =>
        {
            var network = new ClickNetwork(file.Network, new Random(0));
            network.Load(weights);
            return new ClickModel(file.Network, network, new ClickCatalog(catalog.ProductIds, catalog.Features), new PlattScaling(file.Slope, file.Shift));
        });
    }
}

/// <summary>What the weights' file says of a ranker.</summary>
internal sealed record ClickModelFile
{
    public static ClickModelFile Defaults { get; } = new() { Network = new ClickNetworkOptions { ProductCount = 1, FeatureCount = 0, Generators = [] } };

    public required ClickNetworkOptions Network { get; init; }

    /// <summary>As in <see cref="PlattScaling"/>.</summary>
    public double Slope { get; init; } = 1;

    /// <inheritdoc cref="Slope"/>
    public double Shift { get; init; }
}

/// <param name="ProductIds">By the ranker's number, from 1.</param>
/// <param name="Features">By number, from 0.</param>
internal sealed record ClickCatalogFile(string[] ProductIds, string[] Features);
