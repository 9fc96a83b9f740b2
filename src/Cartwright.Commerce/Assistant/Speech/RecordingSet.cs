using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Recordings with what is said in each: WAV files in a folder or a zip, and an index that names them.</summary>
/// <remarks>
/// The index is a CSV with the column <c>file</c> and one of: <c>slots</c> (a JSON object of texts), <c>text</c> (word for word), or a column of labels:
/// the first that is none of file, split, speaker, index, seconds, intent. Where it has the column <c>split</c> (train, valid, test), that is
/// the split; else a fifth tests, by the SHA-1 of the file's name, so that a recording is in the same part whatever else there is.
/// </remarks>
internal sealed class RecordingSet
{
    private const int FileColumn = 0;
    private const int SplitColumn = 1;
    private const int SpeakerColumn = 2;
    private const int SlotsColumn = 3;
    private const int TextColumn = 4;
    private const int TestOneOf = 5;
    private const int ValidationOneOf = 8;
    private const int MostRecordings = 100_000;
    private const long MostSeconds = 100_000;

    private static readonly string[] Columns = ["file", "split", "speaker", "slots", "text", "index", "seconds", "intent"];

    private RecordingSet(string name, bool hasSplit, bool isLabeled, IReadOnlyList<Recording> recordings) =>
        (Name, HasSplit, IsLabeled, Recordings) = (name, hasSplit, isLabeled, recordings);

    public string Name { get; }

    /// <summary>Whether the index says which recordings test.</summary>
    public bool HasSplit { get; }

    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Whether each recording says one of some labels, and nothing else.</summary>
    public bool IsLabeled { get; }

    public IReadOnlyList<Recording> Of(RecordingPart part) => [.. Recordings.Where(recording => recording.Part == part)];

    /// <param name="recordings">A zip or a folder of WAV files.</param>
    /// <param name="index">The CSV that names them.</param>
    /// <exception cref="ImportFormatException">One can't be read, or a recording is missing or damaged.</exception>
    /// <exception cref="ValidationException">There are no recordings, or too many for the memory.</exception>
    public static RecordingSet Open(string recordings, string index, CancellationToken cancellation = default)
    {
        (List<Row> rows, bool hasSplit) = ReadIndex(index);
        byte[][] files = Directory.Exists(recordings) ? ReadFolder(recordings, rows) : ReadZip(recordings, rows);
        var sounds = new Waveform[rows.Count];
        Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = cancellation }, i => sounds[i] = WaveReader.Read(files[i], rows[i].File).ForSpeech());
        double seconds = sounds.Sum(sound => sound.Seconds);
        return seconds > MostSeconds
            ? throw new ValidationException($"The recordings last {seconds / 3600:N0} hours, and at most {MostSeconds / 3600:N0} fit into memory. Give fewer of them.")
            : new RecordingSet(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(index))) ?? index, hasSplit, rows.TrueForAll(row => row.IsLabeled),
                [.. rows.Select((row, i) => new Recording(row.File, row.Text, row.Slots, row.Speaker, row.Part, sounds[i]))]);
    }

    private static (List<Row> Rows, bool HasSplit) ReadIndex(string index)
    {
        if (!File.Exists(index))
        {
            throw new ImportFormatException(index, null, "there is no such file; the index is a CSV with the column file and a column of labels, slots or text.");
        }

        using var table = CsvTable.Open(index, index, Columns, ["file"]);
        (string labels, int place) = table.Extras.Count > 0 ? table.Extras[0] : ("", -1);
        var rows = new List<Row>();
        while (table.Read() && rows.Count < MostRecordings)
        {
            string file = table.Text(FileColumn);
            if (table.Problem is { } problem || file.Length == 0)
            {
                throw new ImportFormatException(index, table.Line, table.Problem ?? "the row names no file.");
            }

            string split = table.Text(SplitColumn);
            string slots = table.Text(SlotsColumn);
            bool isLabeled = slots.Length == 0 && place >= 0;
            rows.Add(new Row(file, NullIfEmpty(table.Text(TextColumn)),
                isLabeled ? new SortedDictionary<string, string>(StringComparer.Ordinal) { [labels] = table.Extra(place) } : SlotsOf(slots, index, table.Line),
                NullIfEmpty(table.Text(SpeakerColumn)), split, PartOf(file, split), isLabeled));
        }

        bool says = rows.Any(row => row.Text is not null || row.Slots.Count > 0);
        return rows.Count == 0 || !says
            ? throw new ValidationException($"{index} tells of no recordings: it needs rows with a file, and one of a label, slots (JSON) or text for each.")
            : (rows, rows.Exists(row => row.Split.Length > 0));
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static SortedDictionary<string, string> SlotsOf(string json, string index, long line)
    {
        try
        {
            var slots = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (json.Length > 0)
            {
                using JsonDocument document = JsonDocument.Parse(json);
                foreach (JsonProperty slot in document.RootElement.EnumerateObject())
                {
                    slots[slot.Name] = slot.Value.GetString() ?? "";
                }
            }

            return slots;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ImportFormatException(index, line, $"the slots are no JSON object of texts, as {{\"size\":\"small\"}}: {e.Message}");
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "It draws lots and protects nothing; index files of others cut by SHA-1 too.")]
    private static RecordingPart PartOf(string file, string split)
    {
        byte[] hash = SHA1.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
        return split switch
        {
            "test" => RecordingPart.Test,
            "valid" or "validation" or "val" => RecordingPart.Validation,
            "" when hash[0] % TestOneOf == 0 => RecordingPart.Test,
            _ => hash[1] % ValidationOneOf == 0 ? RecordingPart.Validation : RecordingPart.Train,
        };
    }

    private static byte[][] ReadFolder(string folder, List<Row> rows)
    {
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        return [.. rows.Select(row =>
        {
            string path = Path.GetFullPath(Path.Combine(root, row.File));
            return !path.StartsWith(root, StringComparison.Ordinal) || !File.Exists(path)
                ? throw new ImportFormatException(row.File, null, $"the index names it, and it is not in {folder}.")
                : new FileInfo(path).Length > WaveReader.MostBytes ? throw new ImportFormatException(row.File, null, "the file is too large for a recording.")
                : File.ReadAllBytes(path);
        })];
    }

    private static byte[][] ReadZip(string path, List<Row> rows)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, "there is no such zip or folder of recordings.");
        }

        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                entries.TryAdd(entry.FullName, entry);
                entries.TryAdd(entry.Name, entry);               // the recordings may lie in a folder of the zip
            }

            return [.. rows.Select(row => entries.TryGetValue(row.File, out ZipArchiveEntry? entry)
                ? ReadEntry(entry)
                : throw new ImportFormatException(row.File, null, $"the index names it, and it is not in {path}."))];
        }
        catch (InvalidDataException damaged)
        {
            throw new ImportFormatException(path, null, $"the zip is damaged ({damaged.Message.TrimEnd('.')}).");
        }
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry)
    {
        if (entry.Length > WaveReader.MostBytes)
        {
            throw new ImportFormatException(entry.FullName, null, "the file is too large for a recording.");
        }

        using Stream from = entry.Open();
        byte[] bytes = new byte[entry.Length];
        from.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Row(string File, string? Text, IReadOnlyDictionary<string, string> Slots, string? Speaker, string Split, RecordingPart Part, bool IsLabeled);
}
