namespace Cartwright.Commerce.Runs;

/// <summary>Keeps runs and their progress, so that every door sees the same ones.</summary>
public interface IRunStore
{
    /// <summary>Inserts the run, or replaces the one of the same id.</summary>
    Task SaveRunAsync(Run run, CancellationToken cancellationToken = default);

    Task<Run?> FindRunAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The newest run of a verb that succeeded; null where none did.</summary>
    Task<Run?> FindLastRunAsync(string slice, string verb, CancellationToken cancellationToken = default);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Run>> ListRunsAsync(int count, CancellationToken cancellationToken = default);

    Task AddRunPointAsync(string runId, RunPoint point, CancellationToken cancellationToken = default);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<RunPoint>> ListRunPointsAsync(string runId, CancellationToken cancellationToken = default);
}
