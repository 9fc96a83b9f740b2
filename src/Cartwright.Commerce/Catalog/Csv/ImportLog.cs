namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>What a reading of a shop folder could not read, and what else is worth a word.</summary>
internal sealed class ImportLog
{
    public const int MaxRejects = 1_000;
    private const int MaxNotes = 100;

    /// <summary>Share of rows that may be bad, as an import allows; above so few rows a share says something.</summary>
    private const double MostRejects = 0.05;
    private const int FewestForShare = 20;

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

    /// <summary>True where more than a share of the rows are bad, or all of them although the share is less than 1.</summary>
    public static bool AreTooMany<T>(CsvRecords<T> records, double share) => records.RejectedCount > share * Math.Max(records.ReadCount, FewestForShare)
        || (records.RejectedCount == records.ReadCount && records.ReadCount > 0 && share < 1);

    /// <summary>Refuses a file that is read without a limit of its own.</summary>
    /// <param name="path">Of the folder.</param>
    /// <exception cref="ImportFormatException">More than a twentieth of its rows are bad, or all.</exception>
    public void RequireFewRejects<T>(string path, CsvRecords<T> records)
    {
        if (AreTooMany(records, MostRejects))
        {
            Reject? first = FirstOf(records.File);
            throw new ImportFormatException(Path.Combine(path, records.File), first?.Line,
                $"{(first is null ? "" : $"the row {first.Reason}. ")}{records.RejectedCount} of {records.ReadCount} rows can't be read; mend or remove them.");
        }
    }

    /// <returns>The first rejected row of a file; null where it came after all that are kept.</returns>
    public Reject? FirstOf(string file) => _rejects.Find(reject => reject.File == file);

    public void Note(string text)
    {
        if (_notes.Count < MaxNotes)
        {
            _notes.Add(text);
        }
    }
}
