using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trials of one search as they are made, in a file from which the search goes on.</summary>
internal sealed class TrialLog
{
    private readonly string? _path;
    private readonly string _search;
    private readonly List<TuneTrial> _trials = [];

    /// <param name="path">Null keeps them in memory alone.</param>
    /// <param name="search">Names what is searched: model, protocol, seed and data.</param>
    /// <exception cref="ValidationException">The file holds something else, or trials of another search.</exception>
    public TrialLog(string? path, string search)
    {
        (_path, _search) = (path, search);
        if (path is null || !File.Exists(path))
        {
            return;
        }

        TrialFile? known;
        try
        {
            known = JsonSerializer.Deserialize(File.ReadAllBytes(path), TrialJson.Default.TrialFile);
        }
        catch (JsonException damaged)
        {
            throw new ValidationException($"{path} holds no trials ({damaged.Message}). Name another file.", damaged);
        }

        if (known?.Search != search)
        {
            throw new ValidationException($"{path} holds trials of another search: {known?.Search}. This one is {search}. Name another file, or begin anew.");
        }

        _trials.AddRange(known.Trials);
    }

    public IReadOnlyList<TuneTrial> Trials => _trials;

    public void Add(TuneTrial trial)
    {
        _trials.Add(trial);
        if (_path is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        string temporary = $"{_path}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(new TrialFile(_search, _trials), TrialJson.Default.TrialFile));
        File.Move(temporary, _path, overwrite: true);
    }
}

/// <summary>What the file holds.</summary>
internal sealed record TrialFile(string Search, IReadOnlyList<TuneTrial> Trials);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(TrialFile))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(TuneRequest))]
internal sealed partial class TrialJson : JsonSerializerContext;
