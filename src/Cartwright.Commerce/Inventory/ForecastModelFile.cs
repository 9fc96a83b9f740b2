using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Inventory;

/// <summary>Writes the forecast model in service to <c>model.safetensors</c> and <c>forecast.json</c>, and reads it.</summary>
internal static class ForecastModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string ForecastFile = "forecast.json";

    public static void Save(string folder, ForecastService service)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var saved = new SavedForecast
        {
            Period = service.Period,
            Horizon = service.Horizon,
            Known = [.. service.Known],
            Scaled = service.Intervals.Scaled,
            Together = service.Intervals.Together,
        };
        foreach ((IForecaster model, float weight) in service.Model.Members)
        {
            saved.Members.Add(new SavedMember(model.Name, weight));
            if (model is DemandTrees trees)
            {
                saved.Trees = trees.Trees.Options;
                Add("trees.", trees.Trees.Weights());
            }
            else if (model is DeepArForecaster network)
            {
                saved.DeepAr = network.Network.Options;
                Add("deepar.", network.Network.State());
            }
        }

        // A safetensors file may not be empty.
        weights["weights"] = Tensor.From([.. service.Model.Members.Select(m => m.Weight)], service.Model.Members.Count);
        Safetensors.Write(Path.Combine(folder, WeightsFile), weights);
        File.WriteAllBytes(Path.Combine(folder, ForecastFile), JsonSerializer.SerializeToUtf8Bytes(saved, SavedForecastJson.Default.SavedForecast));

        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> of)
        {
            foreach ((string name, Tensor tensor) in of)
            {
                weights[prefix + name] = tensor;
            }
        }
    }

    /// <exception cref="ModelFormatException">One of the files is missing or damaged.</exception>
    public static ForecastService Load(string folder)
    {
        _ = ModelFolder.LoadCard(folder);
        string path = Path.Combine(folder, ForecastFile);
        try
        {
            SavedForecast saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedForecastJson.Default.SavedForecast)!;
            SafetensorsContent content = Safetensors.Read(Path.Combine(folder, WeightsFile));
            var members = saved.Members.Select(m => (ModelOf(m.Name, saved, content), m.Weight)).ToList();
            return new ForecastService(new ForecastEnsemble(members), ForecastIntervals.Of(saved.Scaled, saved.Together), saved.Period, saved.Horizon, saved.Known);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or ShapeException or NullReferenceException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"It is not a forecast model ({e.Message}). Train again: 'cartwright inventory train'.", e);
        }
    }

    private static IForecaster ModelOf(string name, SavedForecast saved, SafetensorsContent content)
    {
        switch (name)
        {
            case "trees":
                return new DemandTrees(BoostedTrees.Load(saved.Trees!, content.Under("trees.")));
            case "deepar":
                var network = new DeepAr(saved.DeepAr!, Seeds.Random(0, 0));
                network.Load(content.Under("deepar."));
                return new DeepArForecaster(network);
            default:
                return ForecastLearner.Simple(name);
        }
    }

    internal sealed record SavedMember(string Name, float Weight);

    internal sealed class SavedForecast
    {
        public DemandPeriod Period { get; set; }

        public int Horizon { get; set; }

        public string[] Known { get; set; } = [];

        public float[][] Scaled { get; set; } = [];

        public float Together { get; set; }

        /// <summary>What the ensemble is a mean of, in the order in which it is added up.</summary>
        public List<SavedMember> Members { get; set; } = [];

        public BoostedTreesOptions? Trees { get; set; }

        public DeepArOptions? DeepAr { get; set; }
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ForecastModelFile.SavedForecast))]
internal sealed partial class SavedForecastJson : JsonSerializerContext;
