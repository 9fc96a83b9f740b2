using System.Globalization;

namespace Cartwright.Commerce.Simulation;

/// <summary>The file <c>truth_sessions.csv</c>: for each interaction of a session the true chance that the session ends with a purchase, as it stood then.</summary>
/// <remarks>A session's rows stand in the order of its interactions. <see cref="VisitOdds"/> says what is known to one who knows the truth.</remarks>
internal sealed class SessionTruth(string folder) : IDisposable
{
    private const string FileName = "truth_sessions.csv";

    private readonly StreamWriter _writer = Open(folder);

    public void Write(in SimulatedEvent happened, string session)
    {
        _writer.Write(session);
        _writer.Write(',');
        _writer.Write(happened.PurchaseChance.ToString("0.####", CultureInfo.InvariantCulture));
        _writer.Write('\n');
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>By session id; null where the folder has no truth.</summary>
    public static IReadOnlyDictionary<string, List<float>>? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var chances = new Dictionary<string, List<float>>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            int comma = line.IndexOf(',', StringComparison.Ordinal);
            string session = line[..comma];
            if (!chances.TryGetValue(session, out List<float>? of))
            {
                chances[session] = of = [];
            }

            of.Add(float.Parse(line.AsSpan(comma + 1), CultureInfo.InvariantCulture));
        }

        return chances;
    }

    private static StreamWriter Open(string folder)
    {
        var writer = new StreamWriter(Path.Combine(folder, FileName));
        writer.Write("session,purchase_chance\n");
        return writer;
    }
}
