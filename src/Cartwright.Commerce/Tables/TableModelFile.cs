using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;
using Cartwright.Learning.Tables;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Tables;

/// <summary>Writes a table's model in service to <c>model.safetensors</c> and <c>table.json</c>, and reads it.</summary>
internal static class TableModelFile
{
    private const string WeightsFile = "model.safetensors";
    private const string TableFile = "table.json";

    public static void Save(string folder, TableService service)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        BlendModel model = service.Model;
        var saved = new SavedTable { Columns = service.Encoder.Columns, Target = service.Target, Widening = model.Widening, Familiar = service.Familiarity.Distance };
        foreach ((ITableModel member, double weight) in model.Members)
        {
            saved.Weights[member.Name] = weight;
            switch (member)
            {
                case LinearTableModel linear:
                    saved.LinearIsLog = linear.IsLog;
                    Add("linear.weights", [.. linear.Model.Weights.SelectMany(w => w).Select(w => (float)w)], linear.Model.Weights.Count, linear.Model.Weights[0].Length);
                    Add("linear.biases", [.. linear.Model.Biases.Select(b => (float)b)], linear.Model.Biases.Count);
                    break;
                case TreesTableModel trees:
                    foreach ((string name, BoostedTrees of) in trees.Named)
                    {
                        saved.Trees[name] = of.Options;
                        AddAll($"trees.{name}.", of.Weights());
                    }

                    break;
                case NetworkTableModel network:
                    saved.Network = network.Options;
                    saved.Scale = network.Scale;
                    saved.Lift = network.Lift;
                    AddAll("network.", network.Network.State().ToDictionary(StringComparer.Ordinal));
                    break;
                default:
                    throw new NotSupportedException($"A {member.Name} model is not put into service.");
            }
        }

        SparseRows rows = service.Familiarity.Rows;
        Add("familiar.starts", [.. rows.Starts.Select(s => (float)s)], rows.Starts.Length);
        Add("familiar.columns", [.. rows.Columns.Select(c => (float)c)], rows.Columns.Length);
        Add("familiar.values", rows.Values, rows.Values.Length);
        Safetensors.Write(Path.Combine(folder, WeightsFile), weights);
        File.WriteAllBytes(Path.Combine(folder, TableFile), JsonSerializer.SerializeToUtf8Bytes(saved, SavedTableJson.Default.SavedTable));

        void Add(string name, float[] values, params ReadOnlySpan<int> shape) => weights[name] = Tensor.From(values, shape);

        void AddAll(string prefix, IReadOnlyDictionary<string, Tensor> tensors)
        {
            foreach ((string name, Tensor tensor) in tensors)
            {
                weights[prefix + name] = tensor;
            }
        }
    }

    /// <exception cref="ModelFormatException">A file is missing or does not fit the others.</exception>
    public static TableService Load(string folder)
    {
        string path = Path.Combine(folder, TableFile);
        SavedTable saved;
        try
        {
            saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedTableJson.Default.SavedTable) ?? throw new ModelFormatException(path, "The file is empty. Train again.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            throw new ModelFormatException(path, $"The file can't be read: {e.Message} Train again, or put back a copy.", e);
        }

        SafetensorsContent content = Safetensors.Read(Path.Combine(folder, WeightsFile));
        var encoder = new TableEncoder(saved.Columns);
        var members = new List<(IBlendableModel, double)>();
        foreach ((string name, double weight) in saved.Weights)
        {
            members.Add(((IBlendableModel)(name switch
            {
                "linear" => Linear(saved, content.Under("linear.")),
                "trees" => TreesTableModel.Of(saved.Target, saved.Trees.ToDictionary(
                    t => t.Key, t => BoostedTrees.Load(t.Value, content.Under($"trees.{t.Key}.")), StringComparer.Ordinal)),
                "network" => Network(saved, content.Under("network."), path),
                _ => throw new ModelFormatException(path, $"It names a model '{name}', which this program does not know. Train again."),
            }), weight));
        }

        IReadOnlyDictionary<string, Tensor> familiar = content.Under("familiar.");
        int width = encoder.LinearWidth;
        var rows = new SparseRows([.. familiar["starts"].ToArray().Select(s => (int)s)], [.. familiar["columns"].ToArray().Select(c => (int)c)],
            familiar["values"].ToArray(), width);
        return new TableService(encoder, saved.Target, BlendModel.Of(saved.Target, members, saved.Widening), new Familiarity(rows, saved.Familiar));
    }

    private static LinearTableModel Linear(SavedTable saved, IReadOnlyDictionary<string, Tensor> weights)
    {
        Tensor all = weights["weights"];
        int columns = all.Columns;
        double[][] rows = [.. Enumerable.Range(0, all.Rows).Select(r => all.Values.Slice(r * columns, columns).ToArray().Select(w => (double)w).ToArray())];
        bool hasClasses = saved.Target.Kind == TableTarget.Class;
        return new LinearTableModel(LinearModel.Of(rows, [.. weights["biases"].ToArray().Select(b => (double)b)], hasClasses), saved.LinearIsLog, saved.Target.Classes.Count);
    }

    private static NetworkTableModel Network(SavedTable saved, IReadOnlyDictionary<string, Tensor> weights, string path)
    {
        TableNetworkOptions options = saved.Network ?? throw new ModelFormatException(path, "The network's options are missing. Train again.");
        TableNetwork network = new(options, NumberPieces.Empty(options.NumberCount, options.PieceCount), Seeds.Random(1, 0));
        network.Load(weights);
        return new NetworkTableModel(saved.Target, network, options, saved.Scale, saved.Lift);
    }
}

/// <summary>What <c>table.json</c> holds.</summary>
internal sealed record SavedTable
{
    public required IReadOnlyList<LearnedColumn> Columns { get; init; }

    public required LearnedTarget Target { get; init; }

    /// <summary>Of each model that takes part.</summary>
    public Dictionary<string, double> Weights { get; init; } = new(StringComparer.Ordinal);

    public double Widening { get; init; }

    /// <summary>Distance to the nearest row beyond which a row is unlike any that was learned from.</summary>
    public double Familiar { get; init; }

    public bool LinearIsLog { get; set; }

    public Dictionary<string, BoostedTreesOptions> Trees { get; init; } = new(StringComparer.Ordinal);

    public TableNetworkOptions? Network { get; set; }

    public TargetScale? Scale { get; set; }

    public float Lift { get; set; } = 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SavedTable))]
internal sealed partial class SavedTableJson : JsonSerializerContext;
