namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>What a reading of a shop folder could not read, and what else is worth a word.</summary>
internal sealed class ImportLog
{
    public const int MaxRejects = 1_000;
    private const int MaxNotes = 100;

    private readonly List<Reject> _rejects = [];
    private readonly List<string> _notes = [];

    /// <summary>The first rejected rows.</summary>
    public IReadOnlyList<Reject> Rejects => _rejects;

    public IReadOnlyList<string> Notes => _notes;

    public void Reject(string file, long line, string reason)
    {
        if (_rejects.Count < MaxRejects)
        {
            _rejects.Add(new Reject(file, line, reason));
        }
    }

    public void Note(string text)
    {
        if (_notes.Count < MaxNotes)
        {
            _notes.Add(text);
        }
    }
}
