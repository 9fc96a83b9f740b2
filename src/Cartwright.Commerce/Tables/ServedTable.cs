using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tables;

/// <summary>The table model of a slice that is in service, loaded at the first question and again where another is activated.</summary>
/// <remarks>Whether another process activated a version is looked up at every question: a file's time stamp.</remarks>
/// <param name="versions">Where the slice keeps its versions.</param>
/// <param name="whatToDo">What to run where nothing is trained yet.</param>
internal sealed class ServedTable(VersionFolders versions, string whatToDo)
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (TableService Service, string Version) Find() => FindOrNull() ?? throw new ModelNotTrainedException($"No model is trained yet. Run '{whatToDo}'.");

    /// <summary>Null where nothing is trained yet.</summary>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (TableService Service, string Version)? FindOrNull()
    {
        DateTime activatedAt = versions.ActivatedAt;
        if (_loaded is { } ready && ready.ActivatedAt == activatedAt)
        {
            return (ready.Service, ready.Version);
        }

        lock (_loading)
        {
            if (_loaded is not { } loaded || loaded.ActivatedAt != activatedAt)
            {
                if (versions.Active is not { } version)
                {
                    return null;
                }

                _loaded = loaded = new Loaded(TableModelFile.Load(versions.FolderOf(version)), version, activatedAt);
            }

            return (loaded.Service, loaded.Version);
        }
    }

    private sealed record Loaded(TableService Service, string Version, DateTime ActivatedAt);
}
