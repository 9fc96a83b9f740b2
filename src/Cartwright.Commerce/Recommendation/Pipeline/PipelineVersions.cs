using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The versions of a shop's pipeline: one JSON file each in <c>pipelines/</c>, and <c>active.json</c>, which names the one in service.</summary>
/// <remarks>
/// A version never changes. Files appear by a rename, so several processes may share the folder; another one's change is seen at the next
/// question, by the file's time stamp. Before the first version is set, a pipeline that changes nothing is in service.
/// </remarks>
/// <param name="folder"><c>pipelines</c> of the shop.</param>
internal sealed class PipelineVersions(string folder, TimeProvider clock)
{
    private const string ActiveFile = "active.json";

    /// <summary>Versions kept, the one in service among them.</summary>
    private const int KeptCount = 50;

    /// <summary>What the system says of a file that is not there.</summary>
    private static readonly DateTime NeverChanged = DateTime.FromFileTimeUtc(0);

    private readonly Lock _changing = new();
    private volatile Loaded _loaded = new("", new RecommendationPipeline(), NeverChanged);

    /// <summary>Version in service and what it says; the version is "" where none was ever set.</summary>
    /// <exception cref="ModelFormatException">A file was changed by hand and can't be read.</exception>
    public (string Version, RecommendationPipeline Pipeline) InService
    {
        get
        {
            string path = Path.Combine(folder, ActiveFile);
            DateTime changed = File.GetLastWriteTimeUtc(path);
            if (_loaded.Changed != changed)
            {
                string version = Read(path, PipelineJson.Default.ActivePipeline).Version;
                _loaded = new Loaded(version, Of(version).Pipeline, changed);
            }

            return (_loaded.Version, _loaded.Pipeline);
        }
    }

    /// <summary>Rules of the pipeline in service; none where it is damaged.</summary>
    public IReadOnlyList<MerchandisingRule> StandingRules
    {
        get
        {
            try
            {
                return InService.Pipeline.Rules;
            }
            catch (ModelFormatException)
            {
                return [];
            }
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> All => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.json")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => name != Path.GetFileNameWithoutExtension(ActiveFile))
        .OrderByDescending(name => OrderOf(name).Second, StringComparer.Ordinal).ThenByDescending(name => OrderOf(name).Attempt)];

    /// <exception cref="NotFoundException">There is no such version.</exception>
    public KeptPipeline Of(string version) => All.Contains(version, StringComparer.Ordinal)
        ? Read(Path.Combine(folder, version + ".json"), PipelineJson.Default.KeptPipeline)
        : throw new NotFoundException($"There is no pipeline version '{version}'. "
            + (All.Count == 0 ? "None was set yet: 'cartwright recommendation set-pipeline --file pipeline.json'." : $"Kept are: {string.Join(", ", All.Take(10))}."));

    /// <summary>The rankers that kept versions name; a version that is damaged names none.</summary>
    public IReadOnlyCollection<string> Rankers => [.. All.Select(version =>
    {
        try
        {
            return Of(version).Pipeline.Ranker;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>All versions, newest first; one that is damaged says so in its note.</summary>
    public IReadOnlyList<PipelineVersion> Listed => [.. All.Select(version =>
    {
        try
        {
            KeptPipeline kept = Of(version);
            return new PipelineVersion(version, kept.At, kept.Note);
        }
        catch (ModelFormatException damaged)
        {
            return new PipelineVersion(version, DateTimeOffset.UnixEpoch, damaged.Message);
        }
        catch (NotFoundException)
        {
            return null;                                         // a change let it go meanwhile
        }
    }).OfType<PipelineVersion>()];

    /// <summary>Keeps a pipeline and puts it into service.</summary>
    /// <returns>Its version: "20261126-142000", and "-2" behind it where that one is taken.</returns>
    public string Set(RecommendationPipeline pipeline, string note)
    {
        lock (_changing)
        {
            Directory.CreateDirectory(folder);
            string first = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            string version = first;
            for (int attempt = 2; File.Exists(Path.Combine(folder, version + ".json")); attempt++)
            {
                version = $"{first}-{attempt}";
            }

            Write(version + ".json", JsonSerializer.SerializeToUtf8Bytes(new KeptPipeline(clock.GetUtcNow(), note, pipeline), PipelineJson.Default.KeptPipeline));
            Restore(version);
            foreach (string old in All.Where(kept => kept != version).Skip(KeptCount - 1))
            {
                File.Delete(Path.Combine(folder, old + ".json"));
            }

            return version;
        }
    }

    /// <summary>Puts a kept version into service.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public void Restore(string version)
    {
        lock (_changing)
        {
            _ = Of(version);
            Write(ActiveFile, JsonSerializer.SerializeToUtf8Bytes(new ActivePipeline(version), PipelineJson.Default.ActivePipeline));
        }
    }

    /// <summary>"20261126-142000-10" comes after "20261126-142000-9".</summary>
    private static (string Second, int Attempt) OrderOf(string version) =>
        version.Split('-') is [var day, var time, var last] && int.TryParse(last, CultureInfo.InvariantCulture, out int attempt) ? ($"{day}-{time}", attempt) : (version, 1);

    private void Write(string file, byte[] content)
    {
        string temporary = Path.Combine(folder, $"{file}.{Path.GetRandomFileName()}.tmp");
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, Path.Combine(folder, file), overwrite: true);
    }

    private static T Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw new JsonException("it holds nothing");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(path, $"The file is no pipeline: {e.Message} Set one anew: 'cartwright recommendation set-pipeline --file pipeline.json'.", e);
        }
    }

    private sealed record Loaded(string Version, RecommendationPipeline Pipeline, DateTime Changed);
}

/// <summary>A pipeline as it is kept.</summary>
/// <param name="At">When it was set.</param>
/// <param name="Note">Why, in somebody's words.</param>
/// <param name="Pipeline">What it says.</param>
public sealed record KeptPipeline(DateTimeOffset At, string Note, RecommendationPipeline Pipeline);

/// <summary>What <c>active.json</c> holds.</summary>
internal sealed record ActivePipeline(string Version);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeptPipeline))]
[JsonSerializable(typeof(ActivePipeline))]
internal sealed partial class PipelineJson : JsonSerializerContext;
