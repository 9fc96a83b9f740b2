using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Runs;

/// <summary>The versions of a slice's model on disk: one folder each, and <c>active.json</c>, which names the one in service.</summary>
/// <remarks>
/// A version never changes once it is there; <c>SHA256SUMS</c> covers all its files. Several processes may share the folder: a version
/// appears and goes by a rename, and <c>active.json</c> appears by one.
/// </remarks>
/// <param name="folder"><c>models/&lt;slice&gt;</c> of the shop.</param>
/// <param name="slice">As on the command line: "recommendation".</param>
internal sealed class VersionFolders(string folder, string slice)
{
    private const string ActiveFile = "active.json";
    private const string OutdatedFile = "outdated.json";
    private const string GoneEnding = ".gone.tmp";

    /// <summary>Versions kept, the active one among them.</summary>
    private const int KeptCount = 5;

    public string? Active
    {
        get
        {
            string path = Path.Combine(folder, ActiveFile);
            try
            {
                return ReadIfThere(path) is { } bytes ? JsonSerializer.Deserialize(bytes, ActiveVersionJson.Default.ActiveVersion)?.Version : null;
            }
            catch (JsonException e)
            {
                throw new ModelFormatException(path, $"The file does not name a version. Activate one again: 'cartwright {slice} activate --version <version>'.", e);
            }
        }
    }

    /// <summary>Changes whenever another version is activated, in this process or another.</summary>
    public DateTime ActivatedAt => File.GetLastWriteTimeUtc(Path.Combine(folder, ActiveFile));

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> All => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path))
        .Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))
        .OrderDescending(StringComparer.Ordinal)];

    /// <exception cref="NotFoundException">There is no such version.</exception>
    public string FolderOf(string version) => All.Contains(version, StringComparer.Ordinal)
        ? Path.Combine(folder, version)
        : throw new NotFoundException($"There is no model version '{version}'. "
            + (All.Count == 0 ? $"None is trained yet: run 'cartwright {slice} train'." : $"Kept are: {string.Join(", ", All)}."));

    /// <param name="write">Writes the model's files into the folder whose path it gets, <c>model.safetensors</c> among them.</param>
    /// <returns>The version's id: "20261122-141530-sasrec", and "-2" behind it where that one is taken.</returns>
    public string Save(ModelCard card, Action<string> write)
    {
        Directory.CreateDirectory(folder);
        string first = $"{card.TrainedAt.UtcDateTime:yyyyMMdd-HHmmss}-{card.Model}";
        for (int attempt = 1; ; attempt++)
        {
            string version = attempt == 1 ? first : $"{first}-{attempt}";
            if (!Directory.Exists(Path.Combine(folder, version)))
            {
                ModelFolder.Save(Path.Combine(folder, version), card, write);
                return version;
            }
        }
    }

    /// <exception cref="ModelFormatException">One of its files is missing or damaged.</exception>
    public ModelCard Card(string version) => ModelFolder.LoadCard(FolderOf(version));

    /// <summary>All versions; one that is damaged says so.</summary>
    public KeptVersions Status()
    {
        string? active = Active;
        return new KeptVersions(active, [.. All.Select(version => StatusOf(version, active)).OfType<ModelVersion>()]);
    }

    // Null where the version went after it was listed.
    private ModelVersion? StatusOf(string version, string? active)
    {
        string path = Path.Combine(folder, version);
        try
        {
            ModelCard card = ModelFolder.LoadCard(path);
            return new ModelVersion(version, card.Model, card.TrainedAt, version == active, card.Metrics, card.TrainSeconds);
        }
        catch (Exception e) when (e is ModelFormatException or IOException && !Directory.Exists(path))
        {
            return null;
        }
        catch (ModelFormatException damaged)
        {
            return new ModelVersion(version, "", DateTimeOffset.UnixEpoch, version == active, new Dictionary<string, double>(StringComparer.Ordinal), 0)
            {
                Problem = damaged.Message,
            };
        }
    }

    /// <summary>Names the version that is in service from now on; one before it that is outdated goes.</summary>
    public void Activate(string version)
    {
        _ = FolderOf(version);
        Write(ActiveFile, JsonSerializer.SerializeToUtf8Bytes(new ActiveVersion(version), ActiveVersionJson.Default.ActiveVersion));
        DropOutdated(version);
    }

    /// <summary>The version in service where it must not stay; null where it may.</summary>
    public string? Outdated => Active is { } active && ReadOutdated().Contains(active, StringComparer.Ordinal) ? active : null;

    /// <summary>Deletes versions that must not be kept, for they learned from somebody who is forgotten. The one in service goes as soon as another is
    /// activated; until then <c>outdated.json</c> names it, whatever happens to the process.</summary>
    public void Outdate(IEnumerable<string> versions)
    {
        Write(OutdatedFile, JsonSerializer.SerializeToUtf8Bytes([.. ReadOutdated().Union(versions, StringComparer.Ordinal)], ActiveVersionJson.Default.StringArray));
        DropOutdated(Active);
    }

    /// <summary>Deletes all that is outdated, the one in service too: nothing could be learned that takes its place.</summary>
    public void DropOutdated()
    {
        if (Outdated is not null)
        {
            File.Delete(Path.Combine(folder, ActiveFile));
        }

        DropOutdated(active: null);
    }

    private void DropOutdated(string? active)
    {
        string[] outdated = ReadOutdated();
        foreach (string version in outdated.Where(version => version != active))
        {
            Delete(Path.GetFileName(version));
        }

        if (outdated.Length > 0 && !outdated.Contains(active, StringComparer.Ordinal))
        {
            File.Delete(Path.Combine(folder, OutdatedFile));
        }
    }

    private string[] ReadOutdated()
    {
        return ReadIfThere(Path.Combine(folder, OutdatedFile)) is { } bytes ? JsonSerializer.Deserialize(bytes, ActiveVersionJson.Default.StringArray) ?? [] : [];
    }

    // Whoever lists versions meanwhile sees all of it or nothing. What a deletion left that was stopped half way goes too.
    private void Delete(string version)
    {
        string path = Path.Combine(folder, version);
        string gone = path + GoneEnding;
        if (Directory.Exists(gone))
        {
            Directory.Delete(gone, recursive: true);
        }

        if (Directory.Exists(path))
        {
            Directory.Move(path, gone);
            Directory.Delete(gone, recursive: true);
        }
    }

    // Another process may delete a file between the question whether it is there and reading it.
    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Write(string file, byte[] content)
    {
        string temporary = Path.Combine(folder, $"{file}.{Environment.ProcessId}.tmp");
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, Path.Combine(folder, file), overwrite: true);
    }

    /// <summary>Puts a kept version into service by hand, once its files are seen to be whole.</summary>
    /// <param name="read">Reads the version's folder; what it throws leaves the version in service that is there.</param>
    public Task<KeptVersions> ActivateAsync(string version, Action<string> read, CancellationToken cancellationToken) => Task.Run(() =>
    {
        read(FolderOf(version));
        Activate(version);
        return Status();
    }, cancellationToken);

    /// <summary>What the version in service reaches where a new one is judged.</summary>
    /// <param name="judge">Takes the version; null where it answers another question than the new one.</param>
    /// <returns>Null where none is in service, or where it is damaged and so no rival.</returns>
    public T? JudgeActive<T>(Func<string, T?> judge)
    {
        try
        {
            return Active is { } active ? judge(active) : default;
        }
        catch (Exception e) when (e is ModelFormatException or NotFoundException)
        {
            return default;
        }
    }

    /// <summary>Puts a new version into service where it is to be, and deletes all but the newest and the active one.</summary>
    /// <param name="needed">Versions that stay beside those.</param>
    public void Settle(string version, bool isActive, IReadOnlyList<string>? needed = null)
    {
        if (isActive)
        {
            Activate(version);
        }

        string? active = Active;
        foreach (string old in All.Where(kept => kept != active && needed?.Contains(kept, StringComparer.Ordinal) != true).Skip(KeptCount - (active is null ? 0 : 1)))
        {
            Delete(old);
        }
    }
}

/// <summary>What <c>active.json</c> holds.</summary>
internal sealed record ActiveVersion(string Version);

[JsonSerializable(typeof(ActiveVersion))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ActiveVersionJson : JsonSerializerContext;
