using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Products that were shown together, what was clicked of them, and what was known of whoever looked.</summary>
/// <param name="Owner">Shopper, or session of somebody unknown.</param>
/// <param name="At">Of the first impression, in microseconds since 1970-01-01 UTC.</param>
/// <param name="History">Steps of interest before it, oldest first, at most <see cref="ImpressionLog.MostSteps"/>.</param>
/// <param name="Products">Dense indexes, in the order shown.</param>
/// <param name="Positions">Place of each, from 1; 0 where none was said.</param>
/// <param name="Clicked">True where the product was clicked, viewed, put in a cart or bought later in the session.</param>
/// <param name="Popularity">Steps of interest with each product until then, over the mean of all products.</param>
internal sealed record ImpressionPage(int Owner, long At, Steps History, int[] Products, int[] Positions, bool[] Clicked, float[] Popularity);

/// <summary>What was shown to shoppers and what became of it, read out of a shop's interactions.</summary>
/// <remarks>
/// An impression counts as clicked where a click, view, cart or purchase of its product follows in the session (without sessions: by the shopper)
/// before the product is shown again. A list that goes on at the next place is one page. Of a large shop the latest
/// <see cref="MostImpressions"/> are read: with the histories 200 bytes each.
/// </remarks>
internal sealed class ImpressionLog
{
    public const int MostSteps = 200;

    /// <summary>Impressions that are enough to learn and to judge: fewer say nothing sure.</summary>
    public const int FewestImpressions = 2_000;
    public const int FewestClicks = 100;

    private const int MostImpressions = 1_000_000;

    private ImpressionLog(IReadOnlyList<ImpressionPage> pages) => Pages = pages;

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<ImpressionPage> Pages { get; }

    public int Count => Pages.Sum(page => page.Products.Length);

    public int ClickCount => Pages.Sum(page => page.Clicked.Count(clicked => clicked));

    /// <exception cref="ValidationException">There are too few impressions or clicks to learn from.</exception>
    public void RequireEnough(string where)
    {
        (int shown, int clicked) = (Count, ClickCount);
        if (shown < FewestImpressions || clicked < FewestClicks)
        {
            throw new ValidationException(string.Create(CultureInfo.InvariantCulture, $"{where} has {shown:N0} impressions, {clicked:N0} of them clicked; the ranker learns from {FewestImpressions:N0} or more with {FewestClicks:N0} clicks. ")
                + "Tell the shop what is shown: interactions of kind impression with session, product and position, and the views or clicks that follow. Until then leave the pipeline's ranker out.");
        }
    }

    public static ImpressionLog Of(Snapshot shop, CancellationToken cancellationToken)
    {
        InteractionColumns all = shop.Interactions;
        int[] order = [.. Enumerable.Range(0, all.Count)];
        long[] at = all.At;
        order.AsSpan().Sort((a, b) => at[a] != at[b] ? at[a].CompareTo(at[b]) : a.CompareTo(b));
        int toSkip = Math.Max(0, all.Kind.Count(kind => kind == InteractionKind.Impression) - MostImpressions);
        var owners = new Dictionary<int, Past>();
        var latest = new Dictionary<int, OpenPage>();
        var open = new Dictionary<(int Session, int Product), (OpenPage Page, int Place)>();
        var pages = new List<OpenPage>();
        float[] counts = new float[shop.Products.Count];
        long steps = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (i % 100_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int row = order[i];
            int product = all.Product[row];
            (int shopper, int session) = (all.Shopper[row], all.Session[row]);
            if (product == Snapshot.None || (shopper == Snapshot.None && session == Snapshot.None))
            {
                continue;
            }

            int owner = shopper != Snapshot.None ? shopper : shop.Shoppers.Count + session;
            int visit = session != Snapshot.None ? session : shop.Sessions.Count + shopper;
            Past past = owners.TryGetValue(owner, out Past? known) ? known : owners[owner] = new Past();
            if (all.Kind[row] == InteractionKind.Impression)
            {
                if (--toSkip >= 0)
                {
                    continue;
                }

                int position = all.Position[row];
                if (!latest.TryGetValue(visit, out OpenPage? page) || position == 0 || position != page.Positions[^1] + 1)
                {
                    pages.Add(page = latest[visit] = new OpenPage(owner, at[row], past, past.Count));
                }

                open[(visit, product)] = (page, page.Products.Count);
                page.Products.Add(product);
                page.Positions.Add(position);
                page.Popularity.Add(steps == 0 ? 0 : counts[product] * counts.Length / steps);
                page.Clicked.Add(false);
            }
            else if (all.Kind[row].IsInterest())
            {
                if (all.Kind[row] != InteractionKind.Rating && open.TryGetValue((visit, product), out (OpenPage Page, int Place) shown))
                {
                    shown.Page.Clicked[shown.Place] = true;
                }

                if (past.Add(product, at[row], all.Kind[row] == InteractionKind.Rating ? all.Value[row] : float.NaN))
                {
                    counts[product]++;
                    steps++;
                }
            }
        }

        return new ImpressionLog(pages.ConvertAll(page => page.Closed()));
    }

    /// <summary>Steps of one owner; those on one product that follow each other count once, as the last of them.</summary>
    private sealed class Past
    {
        private readonly List<int> _products = [];
        private readonly List<long> _at = [];
        private readonly List<float> _stars = [];
        private Steps? _all;

        public int Count => _products.Count;

        /// <returns>False where the step counts with the one before it.</returns>
        public bool Add(int product, long at, float stars)
        {
            if (_products.Count > 0 && _products[^1] == product)
            {
                (_at[^1], _stars[^1]) = (at, stars);
                return false;
            }

            _products.Add(product);
            _at.Add(at);
            _stars.Add(stars);
            return true;
        }

        /// <returns>The first steps, the latest <see cref="MostSteps"/> of them.</returns>
        public Steps Before(int end)
        {
            Steps all = _all ??= new Steps { Products = _products.ToArray(), At = _at.ToArray(), Values = _stars.ToArray() };
            var range = Math.Max(0, end - MostSteps)..end;
            return new Steps { Products = all.Products[range], At = all.At[range], Values = all.Values[range] };
        }
    }

    private sealed class OpenPage(int owner, long at, Past past, int steps)
    {
        public List<int> Products { get; } = [];

        public List<int> Positions { get; } = [];

        public List<bool> Clicked { get; } = [];

        public List<float> Popularity { get; } = [];

        public ImpressionPage Closed() => new(owner, at, past.Before(steps), [.. Products], [.. Positions], [.. Clicked], [.. Popularity]);
    }
}
