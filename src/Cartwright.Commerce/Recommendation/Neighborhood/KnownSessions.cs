using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sessions that are kept, the one that ended first being number 0, and of each product the sessions that have it.</summary>
internal sealed class KnownSessions
{
    /// <summary>The latest sessions are kept, at most so many: with 50 steps each 200 MB.</summary>
    public const int MaxCount = 500_000;

    private readonly int[] _start;
    private readonly bool[] _isLast;
    private readonly int[][] _with;

    /// <param name="sampleCount">Sessions of each product that can be asked for, the latest ones.</param>
    /// <param name="lengths">Steps of each session, the oldest session first.</param>
    /// <param name="products">Their products, session by session.</param>
    /// <exception cref="ArgumentException">The lengths don't add up.</exception>
    /// <exception cref="IndexOutOfRangeException">A product is none of the catalog.</exception>
    public KnownSessions(int productCount, int sampleCount, float[] lengths, float[] products)
        : this(productCount, sampleCount, [.. lengths.Select(length => checked((int)length))], [.. products.Select(product => (int)product)])
    {
    }

    private KnownSessions(int productCount, int sampleCount, int[] lengths, int[] products)
    {
        ProductCount = productCount;
        Products = products;
        _start = new int[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++)
        {
            _start[s + 1] = _start[s] + lengths[s];
        }

        if (_start[^1] != products.Length || lengths.Any(length => length < 0))
        {
            throw new ArgumentException($"The sessions have {_start[^1]:N0} steps together, and {products.Length:N0} are there.", nameof(lengths));
        }

        _with = Invert(productCount, sampleCount);
        _isLast = new bool[products.Length];
        for (int s = 0; s < Count; s++)
        {
            MarkLast(s);
        }
    }

    public int ProductCount { get; }

    /// <summary>Sessions.</summary>
    public int Count => _start.Length - 1;

    /// <summary>Products of all sessions, one session after the other.</summary>
    public int[] Products { get; }

    public ReadOnlySpan<int> Of(int session) => Products.AsSpan(_start[session].._start[session + 1]);

    /// <summary>For each step of a session, whether its product does not come again in it.</summary>
    public ReadOnlySpan<bool> IsLastOf(int session) => _isLast.AsSpan(_start[session].._start[session + 1]);

    /// <summary>Sessions that have a product, the latest ones, the oldest of them first.</summary>
    public ReadOnlySpan<int> With(int product) => _with[product];

    public ReadOnlySpan<int> Latest(int product, int count) =>
        _with[product].Length <= count ? _with[product] : _with[product].AsSpan()[^count..];

    /// <param name="maxLength">Steps kept of each, the latest ones.</param>
    public static KnownSessions Of(TrainingData data, int maxLength, int sampleCount)
    {
        Sequences sequences = data.Sequences;
        int[] byEnd = [.. Enumerable.Range(0, sequences.Count).Where(s => sequences.LengthOf(s) > 1).OrderBy(s => sequences.TimesOf(s)[^1])];
        int[] kept = byEnd[Math.Max(0, byEnd.Length - MaxCount)..];
        var products = new List<int>();
        int[] lengths = new int[kept.Length];
        for (int s = 0; s < kept.Length; s++)
        {
            ReadOnlySpan<int> steps = sequences.ProductsOf(kept[s]);
            lengths[s] = Math.Min(maxLength, steps.Length);
            products.AddRange(steps[^lengths[s]..]);
        }

        return new KnownSessions(data.ProductCount, sampleCount, lengths, [.. products]);
    }

    private void MarkLast(int session)
    {
        ReadOnlySpan<int> products = Of(session);
        for (int i = 0; i < products.Length; i++)
        {
            _isLast[_start[session] + i] = !products[(i + 1)..].Contains(products[i]);
        }
    }

    private int[][] Invert(int productCount, int sampleCount)
    {
        var with = new List<int>[productCount];
        for (int p = 0; p < productCount; p++)
        {
            with[p] = [];
        }

        for (int s = Count - 1; s >= 0; s--)
        {
            foreach (int product in Of(s))
            {
                List<int> sessions = with[product];
                if (sessions.Count < sampleCount && (sessions.Count == 0 || sessions[^1] != s))
                {
                    sessions.Add(s);
                }
            }
        }

        return [.. with.Select(sessions => sessions.AsEnumerable().Reverse().ToArray())];
    }
}
