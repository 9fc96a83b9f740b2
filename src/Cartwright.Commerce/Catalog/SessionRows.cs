namespace Cartwright.Commerce.Catalog;

/// <summary>The rows of each session of a snapshot, by time.</summary>
internal sealed class SessionRows
{
    private readonly int[] _start;
    private readonly int[] _rows;

    public SessionRows(Snapshot snapshot)
    {
        int[] session = snapshot.Interactions.Session;
        _start = new int[snapshot.Sessions.Count + 1];
        foreach (int s in session)
        {
            if (s != Snapshot.None)
            {
                _start[s + 1]++;
            }
        }

        for (int s = 0; s < snapshot.Sessions.Count; s++)
        {
            _start[s + 1] += _start[s];
        }

        int[] next = (int[])_start.Clone();
        _rows = new int[_start[^1]];
        for (int row = 0; row < session.Length; row++)
        {
            if (session[row] != Snapshot.None)
            {
                _rows[next[session[row]]++] = row;
            }
        }

        long[] at = snapshot.Interactions.At;
        for (int s = 0; s < snapshot.Sessions.Count; s++)
        {
            _rows.AsSpan(_start[s], _start[s + 1] - _start[s]).Sort((a, b) => at[a] != at[b] ? at[a].CompareTo(at[b]) : a.CompareTo(b));
        }
    }

    public ReadOnlySpan<int> Of(int session) => _rows.AsSpan(_start[session], _start[session + 1] - _start[session]);
}
