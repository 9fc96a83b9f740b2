using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What somebody did in one go: the rows of a session, or where none is known those with less than half an hour between them.</summary>
/// <param name="Start">First row.</param>
/// <param name="End">Behind the last one.</param>
internal readonly record struct Visit(int Start, int End)
{
    private const long Pause = 30L * 60 * 1_000_000;
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <summary>All visits, in the order of the rows. Ratings and returns come days after a visit and belong to none.</summary>
    public static List<Visit> All(InteractionColumns rows) => Runs(rows, IsSameVisit);

    /// <summary>What each shopper who is signed in did in a day.</summary>
    public static List<Visit> Days(InteractionColumns rows)
    {
        List<Visit> days = Runs(rows, (of, before, row) => of.Shopper[before] == of.Shopper[row] && of.At[before] / Day == of.At[row] / Day);
        return days.FindAll(day => rows.Shopper[day.Start] >= 0);
    }

    private static List<Visit> Runs(InteractionColumns rows, Func<InteractionColumns, int, int, bool> isSame)
    {
        var runs = new List<Visit>();
        int start = 0;
        for (int i = 1; i <= rows.Count; i++)
        {
            if (i >= rows.Count || !isSame(rows, i - 1, i))
            {
                if (!IsAside(rows.Kind[start]) || i - start > 1)
                {
                    runs.Add(new Visit(start, i));
                }

                start = i;
            }
        }

        return rows.Count == 0 ? [] : runs;
    }

    private static bool IsSameVisit(InteractionColumns rows, int before, int row) => rows.Shopper[before] == rows.Shopper[row]
        && !IsAside(rows.Kind[before]) && !IsAside(rows.Kind[row])
        && rows.Session[before] == rows.Session[row]
        && (rows.Session[row] >= 0 || (rows.Shopper[row] >= 0 && rows.At[row] - rows.At[before] < Pause));

    private static bool IsAside(InteractionKind kind) => kind > InteractionKind.Purchase;
}
