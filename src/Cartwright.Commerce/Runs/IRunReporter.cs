namespace Cartwright.Commerce.Runs;

/// <summary>What a verb reports to while it works as a recorded run, with the run's own folder for a checkpoint.</summary>
/// <remarks>
/// A long verb takes an <see cref="IProgress{T}"/>; where somebody records the run, that progress is one of these:
/// <c>if (progress is IRunReporter run) { … Path.Combine(run.Folder, "checkpoint") … }</c>.
/// </remarks>
public interface IRunReporter : IProgress<RunProgress>
{
    string RunId { get; }

    /// <summary>The folder <c>runs/&lt;id&gt;</c> of the shop; it exists.</summary>
    string Folder { get; }

    /// <summary>The folder of another run, to go on from its checkpoint; it may not exist.</summary>
    string FolderOf(string runId);
}
