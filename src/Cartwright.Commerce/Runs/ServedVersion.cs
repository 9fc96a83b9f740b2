using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Runs;

/// <summary>The version of a kind of model that is in service, loaded at the first question and again where another is activated. Safe to call from several threads.</summary>
/// <remarks>Whether another process activated a version is looked up at every question: a file's time stamp.</remarks>
/// <param name="versions">Where versions of the kind are kept.</param>
/// <param name="load">Reads a version's folder.</param>
/// <param name="missing">What is said where none is in service: "No model of pictures is trained yet. Run 'cartwright vision train'."</param>
internal sealed class ServedVersion<TModel>(VersionFolders versions, Func<string, TModel> load, string missing)
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (TModel Model, string Version) Get() => Find() ?? throw new ModelNotTrainedException(missing);

    /// <summary>Null where nothing is trained yet.</summary>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (TModel Model, string Version)? Find()
    {
        DateTime activatedAt = versions.ActivatedAt;
        if (_loaded is { } ready && ready.ActivatedAt == activatedAt)
        {
            return (ready.Model, ready.Version);
        }

        lock (_loading)
        {
            if (_loaded is not { } loaded || loaded.ActivatedAt != activatedAt)
            {
                if (versions.Active is not { } version)
                {
                    return null;
                }

                _loaded = loaded = new Loaded(load(versions.FolderOf(version)), version, activatedAt);
            }

            return (loaded.Model, loaded.Version);
        }
    }

    /// <summary>Lets go of what is loaded, and of what it keeps in memory; the next question loads it anew.</summary>
    public void Release() => _loaded = null;

    private sealed record Loaded(TModel Model, string Version, DateTime ActivatedAt);
}
