using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Assistant;

/// <summary>Utterances that somebody gave, with the official split where there is one.</summary>
internal sealed class UtteranceSet(string name, IReadOnlyList<Utterance> utterances)
{
    private const int TestShare = 5;                             // one of so many
    private const int ValidationShare = 10;
    private const double MostRejects = 0.05;
    private const int FewestForShare = 20;

    public string Name => name;

    public IReadOnlyList<Utterance> Utterances => utterances;

    public bool HasTest => utterances.Any(utterance => utterance.Split == "test");

    /// <summary>The utterances of a shop folder, or of a file of its form.</summary>
    /// <exception cref="ImportFormatException">There is no such folder or file, or it is not what it should be.</exception>
    public static UtteranceSet Read(string path, CancellationToken cancellation = default)
    {
        var log = new ImportLog();
        ShopFolder? folder = File.Exists(path) ? null : ShopFolder.Open(path);
        using CsvRecords<Utterance> rows = folder is null ? new CsvRecords<Utterance>(path, new UtterancesCsv(), log)
            : folder.Read(new UtterancesCsv(), log)
                ?? throw new ImportFormatException(path, null, "the folder has no utterances.csv (or utterances.csv.gz), and utterances are what is asked about.");
        var read = new List<Utterance>();
        foreach (Utterance row in rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            read.Add(row);
        }

        if (read.Count == 0 || rows.RejectedCount > MostRejects * Math.Max(rows.ReadCount, FewestForShare))
        {
            throw log.Rejects.Count == 0 ? new ImportFormatException(rows.File, null, "it has no utterances.")
                : new ImportFormatException(rows.File, log.Rejects[0].Line, $"the row {log.Rejects[0].Reason}. {rows.RejectedCount} of {rows.ReadCount} rows can't be read; mend or remove them.");
        }

        return new UtteranceSet(folder?.ReadInfo().Name is { Length: > 0 } named ? named : Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), read);
    }

    /// <summary>All of them, as they are tested.</summary>
    public UtteranceExample[] Examples => [.. utterances.Select(UtteranceExample.Of)];

    /// <summary>As the split column says; where it marks no test or no validation, a part by the hash of the text, so that what is said twice lies in one part.</summary>
    /// <param name="hasTest">False where the test is given apart: what the column calls test is left out all the same.</param>
    public (UtteranceExample[] Train, UtteranceExample[] Validation, UtteranceExample[] Test) Divide(bool hasTest = true)
    {
        bool hasOwnTest = HasTest;
        bool hasValidation = utterances.Any(utterance => utterance.Split == "valid");
        string PartOf(Utterance utterance) => utterance.Split is "test" or "valid" ? utterance.Split
            : hasTest && !hasOwnTest && IsDrawn(utterance.Text, "test", TestShare) ? "test"
            : !hasValidation && IsDrawn(utterance.Text, "validate", ValidationShare) ? "valid" : "train";
        ILookup<string, UtteranceExample> parts = utterances.ToLookup(PartOf, UtteranceExample.Of, StringComparer.Ordinal);
        return ([.. parts["train"]], [.. parts["valid"]], hasTest ? [.. parts["test"]] : []);
    }

    public static bool IsDrawn(string text, string purpose, int oneOf) => SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose} {text}"))[0] % oneOf == 0;
}
