namespace Cartwright.Commerce.Catalog;

/// <summary>Reads sequences out of a snapshot.</summary>
internal static class SequenceReader
{
    /// <summary>One sequence per shopper, in the snapshot's order, then one per session of somebody unknown.</summary>
    /// <param name="merged">True where steps on one product that follow each other count once, as the last of them:
    /// view, cart, purchase of a pan are one step.</param>
    public static Sequences ByShopper(Snapshot snapshot, IReadOnlySet<InteractionKind> kinds, bool merged)
    {
        InteractionColumns all = snapshot.Interactions;
        return Read(all, RowsOf(all, kinds), merged, (row) => all.Shopper[row] != Snapshot.None
            ? new SequenceOwner(true, all.Shopper[row])
            : new SequenceOwner(false, all.Session[row]));
    }

    /// <summary>One sequence per session, whoever's it is, in the order in which the sessions began. Rows without a session are left out.</summary>
    public static Sequences BySession(Snapshot snapshot, IReadOnlySet<InteractionKind> kinds)
    {
        InteractionColumns all = snapshot.Interactions;
        var rowsOf = new List<int>?[snapshot.Sessions.Count];
        foreach (int row in RowsOf(all, kinds).Where(row => all.Session[row] != Snapshot.None))
        {
            (rowsOf[all.Session[row]] ??= []).Add(row);
        }

        // A session that several shoppers share stands in several places, so that its rows need sorting. Sorting is stable.
        IEnumerable<int> sorted = rowsOf
            .OfType<List<int>>()
            .Select(rows => rows.OrderBy(row => all.At[row]).ToArray())
            .OrderBy(rows => all.At[rows[0]])
            .SelectMany(rows => rows);
        return Read(all, sorted, merged: false, row => new SequenceOwner(false, all.Session[row]));
    }

    private static IEnumerable<int> RowsOf(InteractionColumns all, IReadOnlySet<InteractionKind> kinds)
    {
        bool[] isWanted = new bool[256];
        foreach (InteractionKind kind in kinds)
        {
            isWanted[(byte)kind] = true;
        }

        for (int row = 0; row < all.Count; row++)
        {
            bool hasOwner = all.Shopper[row] != Snapshot.None || all.Session[row] != Snapshot.None;
            if (isWanted[(byte)all.Kind[row]] && all.Product[row] != Snapshot.None && hasOwner)
            {
                yield return row;
            }
        }
    }

    /// <param name="rows">Rows of one owner stand together, oldest first.</param>
    private static Sequences Read(InteractionColumns all, IEnumerable<int> rows, bool merged, Func<int, SequenceOwner> ownerOf)
    {
        var start = new List<int>();
        var owners = new List<SequenceOwner>();
        var steps = new List<int>();
        foreach (int row in rows)
        {
            SequenceOwner owner = ownerOf(row);
            bool isNew = owners.Count == 0 || owners[^1] != owner;
            if (isNew)
            {
                start.Add(steps.Count);
                owners.Add(owner);
            }

            if (merged && !isNew && all.Product[steps[^1]] == all.Product[row])
            {
                steps[^1] = row;
            }
            else
            {
                steps.Add(row);
            }
        }

        start.Add(steps.Count);
        return new Sequences
        {
            Start = [.. start],
            Product = [.. steps.Select(row => all.Product[row])],
            Kind = [.. steps.Select(row => all.Kind[row])],
            At = [.. steps.Select(row => all.At[row])],
            Value = steps.Exists(row => all.Kind[row] == InteractionKind.Rating)
                ? [.. steps.Select(row => all.Kind[row] == InteractionKind.Rating ? all.Value[row] : float.NaN)]
                : [],
            Owner = [.. owners],
            Row = [.. steps],
        };
    }
}
