namespace Cartwright.Server.Runs;

/// <summary>Says that a living process works on a run: a file in the run's folder, held open. It ends with the process, however that ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <returns>Null where another process, or another run here, holds it.</returns>
    public static RunLock? TryTake(string runFolder)
    {
        Directory.CreateDirectory(runFolder);
        try
        {
            return new RunLock(new FileStream(Path.Combine(runFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
