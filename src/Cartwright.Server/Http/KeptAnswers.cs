using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cartwright.Server.Http;

/// <summary>Answers to writes that came with an idempotency key.</summary>
/// <remarks>
/// In memory, at most <see cref="MaxEntries"/> answers and <see cref="MaxBytes"/> of them, the oldest dropped first, and 1 kB at most of what the
/// request of each names; a restart forgets them.
/// </remarks>
internal sealed class KeptAnswers(TimeProvider clock)
{
    private const int MaxEntries = 10_000;
    private const long MaxBytes = 64L << 20;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();
    private long _bytes;

    /// <returns>The answer to this request, which may still be under way; and whether the caller is the first and has to work it out.</returns>
    public (Entry Entry, bool IsMine) Find(string name, string fingerprint, int[] words)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            while (_byAge.TryPeek(out Entry? oldest) && (now - oldest.At > Lifetime || _byAge.Count > MaxEntries || _bytes > MaxBytes))
            {
                Drop(_byAge.Dequeue());
            }

            if (_entries.TryGetValue(name, out Entry? entry))
            {
                return (entry, false);
            }

            entry = new Entry(name, fingerprint, words, now);
            _entries.Add(name, entry);
            _byAge.Enqueue(entry);
            return (entry, true);
        }
    }

    /// <param name="answer">Null where the request failed, so that a repetition is done anew.</param>
    public void Settle(Entry entry, KeptAnswer? answer)
    {
        lock (_lock)
        {
            if (answer is null)
            {
                Drop(entry);
            }
            else if (_entries.TryGetValue(entry.Name, out Entry? held) && ReferenceEquals(held, entry))
            {
                entry.Size = answer.Body.Length;
                _bytes += entry.Size;
            }
        }

        entry.Answer.SetResult(answer);
    }

    public static int HashOf(string word) => word.GetHashCode(StringComparison.Ordinal);

    /// <summary>Drops the answers to requests that name a shopper, and those in which the id stands; a repetition is done anew.</summary>
    /// <remarks>An id of fewer than four characters, or of digits alone, counts in an answer only between quotes: a number is mostly a number.</remarks>
    /// <param name="traces">The shopper's id, then what else they were known by.</param>
    public void Forget(IReadOnlyList<string> traces)
    {
        string shopper = traces[0];
        HashSet<int> hashes = [.. traces.Select(HashOf)];
        string json = JsonEncodedText.Encode(shopper).ToString();
        string plain = JsonEncodedText.Encode(shopper, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        bool isShort = shopper.Length < 4 || shopper.All(char.IsAsciiDigit);
        byte[][] forms = [.. (isShort ? [$"\"{json}\"", $"'{json}'"] : new[] { shopper, json, plain }).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        lock (_lock)
        {
            HashSet<Entry> naming = [.. _byAge.Where(entry => entry.Answer.Task is { IsCompletedSuccessfully: true, Result: { } answer }
                && (entry.Words.Any(hashes.Contains) || entry.Name.Contains($"/{shopper}\n", StringComparison.Ordinal) || forms.Any(form => answer.Body.AsSpan().IndexOf(form) >= 0)))];
            foreach (Entry entry in naming)
            {
                Drop(entry);
            }

            Entry[] others = [.. _byAge.Where(entry => !naming.Contains(entry))];
            _byAge.Clear();
            Array.ForEach(others, _byAge.Enqueue);
        }
    }

    private void Drop(Entry entry)
    {
        if (_entries.TryGetValue(entry.Name, out Entry? held) && ReferenceEquals(held, entry))
        {
            _entries.Remove(entry.Name);
            _bytes -= entry.Size;
        }
    }

    public sealed class Entry(string name, string fingerprint, int[] words, DateTimeOffset at)
    {
        public string Name { get; } = name;

        public string Fingerprint { get; } = fingerprint;

        /// <summary>Hashes of what the request names; at most 256.</summary>
        public int[] Words { get; } = words;

        public DateTimeOffset At { get; } = at;

        public long Size { get; set; }

        /// <summary>Null where the request failed, so that a repetition is done anew.</summary>
        public TaskCompletionSource<KeptAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>An answer as it was given.</summary>
internal sealed record KeptAnswer(int Status, string? ContentType, string? Location, byte[] Body)
{
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers["Idempotency-Replayed"] = "true";
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (Body.Length > 0)
        {
            await response.Body.WriteAsync(Body);
        }
    }
}
