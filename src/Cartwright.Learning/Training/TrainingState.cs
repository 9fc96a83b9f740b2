using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Training;

/// <summary>Where a training stands: all that a resumed run needs besides the data.</summary>
internal sealed class TrainingState
{
    private readonly TrainingPlan _plan;
    private readonly TrainerOptions _options;
    private readonly SortedDictionary<string, string> _settings;
    private Dictionary<string, float[]> _best = [];
    private int _bestEpoch;
    private double _bestQuality = double.NaN;

    private TrainingState(TrainingPlan plan, TrainerOptions options)
    {
        _plan = plan;
        _options = options;
        _settings = TrainingSettings.Of(plan, options);
        Average = options.AverageDecay is { } decay ? new WeightAverage(plan.Model, decay) : null;
    }

    public WeightAverage? Average { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; set; }

    public int ValidationsSinceBest { get; private set; }

    public List<TrainingEpoch> History { get; private set; } = [];

    /// <summary>The first metric of every validation, the oldest first.</summary>
    public IEnumerable<double> Qualities => History.Where(epoch => epoch.Metrics.Count > 0).Select(epoch => epoch.Metrics[_plan.Metrics[0].Name]);

    /// <summary>The file of the checkpoint, there or not; null for none.</summary>
    public string? CheckpointPath => _options.CheckpointFolder is { } folder ? Path.Combine(folder, "checkpoint.safetensors") : null;

    /// <summary>From the checkpoint where there is one, else from the beginning.</summary>
    /// <exception cref="ModelFormatException">The checkpoint is damaged, of another model, or of a training with other settings.</exception>
    /// <exception cref="IOException">The folder for the checkpoint can't be made or written to.</exception>
    public static TrainingState Start(TrainingPlan plan, TrainerOptions options)
    {
        TrainingState state = new(plan, options);
        if (options is { CheckpointFolder: { } checkpoints, Group: null or { Rank: 0 } })
        {
            MakeFolder(checkpoints);
        }

        foreach ((_, Tensor weight) in plan.Model.Parameters())
        {
            weight.Storage.ClearGradient();           // what a stopped run may have left
        }

        if (options.Group is { } group)
        {
            state.LoadCheckpoint(group);
        }
        else if (state.CheckpointPath is { } path && File.Exists(path))
        {
            state.LoadCheckpoint(path);
        }

        return state;
    }

    // An epoch may take hours, so a folder that can't be written to is to be found before the first one.
    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream probe = new(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"CheckpointFolder '{folder}' can't be made or written to ({e.Message}). Give a folder that can, or null for no checkpoint.", e);
        }
    }

    // Ranks may be on several machines and need not see one disk: rank 0 sends its file to all.
    private void LoadCheckpoint(ProcessGroup group)
    {
        byte[] file = group.Rank == 0 && File.Exists(CheckpointPath) ? File.ReadAllBytes(CheckpointPath) : [];
        int[] length = [file.Length];
        group.Broadcast(length.AsSpan());
        if (length[0] == 0)
        {
            return;
        }

        Array.Resize(ref file, length[0]);
        group.Broadcast(file.AsSpan());
        string copy = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(copy, file);
            LoadCheckpoint(copy);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Remembers the weights if they are the best so far.</summary>
    public void Judge(double quality, bool higherIsBetter)
    {
        bool isBest = double.IsNaN(_bestQuality)
            ? !double.IsNaN(quality)
            : higherIsBetter ? quality > _bestQuality : quality < _bestQuality;
        if (!isBest)
        {
            ValidationsSinceBest++;
            return;
        }

        (_bestQuality, _bestEpoch, ValidationsSinceBest) = (quality, Epoch, 0);
        foreach ((string name, Tensor weight) in _plan.Model.State())
        {
            if (!_best.TryGetValue(name, out float[]? copy))
            {
                _best[name] = copy = new float[weight.Length];
            }

            weight.Values.CopyTo(copy);
        }
    }

    /// <summary>Puts the best weights into the model; without validation, those of the average, where there is one.</summary>
    public TrainingResult Finish()
    {
        if (_best.Count == 0)
        {
            Average?.Swap();
        }

        foreach ((string name, Tensor weight) in _plan.Model.State())
        {
            if (_best.TryGetValue(name, out float[]? best))
            {
                best.CopyTo(weight.Output);
            }
        }

        return new TrainingResult(Epoch, _best.Count == 0 ? Epoch : _bestEpoch, _bestQuality, History);
    }

    /// <summary>One file, so that weights and counters can't be of different epochs.</summary>
    public void SaveCheckpoint()
    {
        if (CheckpointPath is not { } path)
        {
            return;
        }

        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, Tensor weight) in _plan.Model.State())
        {
            tensors["model." + name] = weight;
            if (_best.TryGetValue(name, out float[]? best))
            {
                tensors["best." + name] = Tensor.Buffer(best, weight.Dimensions);
            }
        }

        if (Average is not null)
        {
            foreach ((string name, Tensor value) in Average.SaveState())
            {
                tensors["ema." + name] = value;
            }
        }

        foreach ((string name, Tensor value) in _plan.Optimizer.SaveState())
        {
            tensors["optimizer." + name] = value;
        }

        Counters counters = new(_options.Seed, Epoch, _bestEpoch, ValidationsSinceBest,
            _bestQuality.ToString("R", CultureInfo.InvariantCulture), History, _settings);
        Safetensors.Write(path, tensors, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["training"] = JsonSerializer.Serialize(counters, TrainingStateJson.Default.Counters),
        });
    }

    private void LoadCheckpoint(string path)
    {
        SafetensorsContent content = Safetensors.Read(path);
        if (!content.Metadata.TryGetValue("training", out string? training))
        {
            throw new ModelFormatException(path, "The file holds tensors and no training, so it is no checkpoint. Move it elsewhere, or take another CheckpointFolder.");
        }

        try
        {
            Counters counters = JsonSerializer.Deserialize(training, TrainingStateJson.Default.Counters)!;
            if (counters.Seed != _options.Seed)
            {
                throw new ModelFormatException(path, $"The checkpoint was trained with seed {counters.Seed}, not {_options.Seed}. Take that seed to go on from it, take another folder, or delete it to begin anew.");
            }

            string difference = _options.AllowsOtherSettings ? "" : TrainingSettings.Difference(counters.Settings, _settings);
            if (difference.Length > 0)
            {
                throw new ModelFormatException(path,
                    $"The checkpoint is of a training with other settings ({difference}). Delete it to begin anew, take another folder, or allow other settings to go on from it.");
            }

            double bestQuality = double.Parse(counters.BestQuality, CultureInfo.InvariantCulture);
            IReadOnlyDictionary<string, Tensor> optimizer = content.Under("optimizer.");
            IReadOnlyDictionary<string, Tensor> average = content.Under("ema.");
            IReadOnlyDictionary<string, Tensor> model = content.Under("model.");
            IReadOnlyDictionary<string, Tensor> best = content.Under("best.");

            // The model is loaded whole or not at all, so with the others looked at before, a checkpoint that is refused leaves no trace.
            _plan.Optimizer.ThrowUnlessFits(optimizer);
            Average?.ThrowUnlessFits(average);
            if (!double.IsNaN(bestQuality))
            {
                ThrowUnlessFits(best, model);
            }

            _plan.Model.Load(model);
            _plan.Optimizer.LoadState(optimizer);
            Average?.LoadState(average);
            _best = best.ToDictionary(t => t.Key, t => t.Value.ToArray(), StringComparer.Ordinal);
            _bestQuality = bestQuality;
            (Epoch, _bestEpoch, ValidationsSinceBest) = (counters.Epoch, counters.BestEpoch, counters.ValidationsSinceBest);
            History = [.. counters.History];
        }
        catch (Exception e) when (e is JsonException or FormatException or ShapeException)
        {
            throw new ModelFormatException(path, $"The checkpoint is not of this training ({e.Message}). Delete it to begin anew.", e);
        }
    }

    // Held against the weights beside them, which the model looks at itself: it may take them in other numbers than it holds.
    private static void ThrowUnlessFits(IReadOnlyDictionary<string, Tensor> best, IReadOnlyDictionary<string, Tensor> model)
    {
        foreach ((string name, Tensor weight) in model)
        {
            if (!best.TryGetValue(name, out Tensor? stored) || stored.Length != weight.Length)
            {
                throw new ShapeException($"Best weight '{name}' should hold {weight.Length} numbers; found {stored?.Length.ToString(CultureInfo.InvariantCulture) ?? "nothing"}.");
            }
        }
    }

    internal sealed record Counters(int Seed, int Epoch, int BestEpoch, int ValidationsSinceBest, string BestQuality,
        IReadOnlyList<TrainingEpoch> History, IReadOnlyDictionary<string, string>? Settings = null);
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingState.Counters))]
internal sealed partial class TrainingStateJson : JsonSerializerContext;
