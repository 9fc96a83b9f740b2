using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant;

/// <summary>The model of language that is in service, loaded at the first question and again where another is activated.</summary>
/// <remarks>Whether another process activated a version is looked up at every question: a file's time stamp.</remarks>
internal sealed class ServedLanguage(VersionFolders versions)
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">The version in service is damaged.</exception>
    public (LanguageModel Model, string Version) Get() =>
        Find() ?? throw new ModelNotTrainedException("No model of language is trained yet. Run 'cartwright assistant train'.");

    /// <summary>Null where nothing is trained yet.</summary>
    public (LanguageModel Model, string Version)? Find()
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

                _loaded = loaded = new Loaded(LanguageModelFile.Load(versions.FolderOf(version)), version, activatedAt);
            }

            return (loaded.Model, loaded.Version);
        }
    }

    private sealed record Loaded(LanguageModel Model, string Version, DateTime ActivatedAt);
}
