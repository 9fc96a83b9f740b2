using System.Globalization;
using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How often each product was wanted, in all and lately; an interaction counts the moment it is appended.</summary>
/// <remarks>
/// Every step of interest (view, click, cart, purchase, rating) counts 1. "Lately" is the 28 days before the newest step; where times only
/// keep an order, the latest tenth of the steps, and at least 1,000. At least the latest 100 steps count where times are real, so that one click does not
/// make the list of a shop that rested for a month. Reads take no lock.
/// </remarks>
internal sealed class LivePopularity
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(28);
    private const int MinWindowSteps = 1_000;
    private const int MinRecentSteps = 100;

    private readonly bool _hasRealTimes;
    private readonly Queue<(int Product, long Ticks)> _window = new();
    private volatile float[] _all = [];
    private volatile float[] _recent = [];
    private int _windowSteps = int.MaxValue;
    private long _steps;
    private long _firstTicks = long.MaxValue;
    private long _recentFromTicks;
    private long _oldestTicks;

    public LivePopularity(LiveShop shop)
    {
        _hasRealTimes = shop.Snapshot.Info.HasRealTimes;
        shop.Follow(Start, Add);
    }

    public IRanker AllTime => new Ranker(this, "popularity");

    public IRanker Recent => new Ranker(this, "recent-popularity");

    private void Start(Snapshot snapshot, IReadOnlyList<LiveInteraction> since)
    {
        InteractionColumns all = snapshot.Interactions;
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => all.Product[row] != Snapshot.None && all.Kind[row].IsInterest())];
        Grow(snapshot.Products.Count);
        long[] times = [.. rows.Select(row => all.At[row])];
        Array.Sort(times, rows);
        _windowSteps = _hasRealTimes ? int.MaxValue : Math.Max(MinWindowSteps, rows.Length / 10);
        Add([.. rows.Select(row => new LiveInteraction(all.Product[row], all.Kind[row], DateTimeOffset.UnixEpoch.AddMicroseconds(all.At[row])))]);
        Add(since);
    }

    /// <summary>Called under the shop's write lock, so one call at a time.</summary>
    private void Add(IReadOnlyList<LiveInteraction> interactions)
    {
        foreach (LiveInteraction step in interactions)
        {
            if (!step.Kind.IsInterest())
            {
                continue;
            }

            Grow(step.Product + 1);
            _all[step.Product]++;
            _recent[step.Product]++;
            _steps++;
            long ticks = step.At.UtcTicks;
            _firstTicks = Math.Min(_firstTicks, ticks);
            _recentFromTicks = Math.Max(_recentFromTicks, ticks - Window.Ticks);
            _window.Enqueue((step.Product, ticks));
            while (_window.Count > _windowSteps || (_hasRealTimes && _window.Count > MinRecentSteps && _window.Peek().Ticks < _recentFromTicks))
            {
                _recent[_window.Dequeue().Product]--;
            }

            Volatile.Write(ref _oldestTicks, Math.Min(_recentFromTicks, _window.Peek().Ticks));
        }
    }

    private void Grow(int count)
    {
        if (_all.Length < count)
        {
            int length = Math.Max(count, _all.Length + (_all.Length / 8));
            float[] all = new float[length];
            float[] recent = new float[length];
            _all.CopyTo(all, 0);
            _recent.CopyTo(recent, 0);
            _all = all;
            _recent = recent;
        }
    }

    private sealed class Ranker(LivePopularity popularity, string model) : IRanker
    {
        public string Model => model;

        public string? Version => null;

        public bool ReadsHistory => false;

        private bool IsRecent => model == "recent-popularity";

        public bool CanScore(Steps history) => true;

        public void Score(Steps history, Span<float> scores)
        {
            float[] all = popularity._all;
            float[] recent = popularity._recent;
            float oneStep = 1f / (popularity._steps + 1);
            int known = Math.Min(scores.Length, Math.Min(all.Length, recent.Length));
            if (IsRecent)
            {
                TensorPrimitives.MultiplyAdd(all.AsSpan(0, known), oneStep, recent.AsSpan(0, known), scores);
            }
            else
            {
                all.AsSpan(0, known).CopyTo(scores);
            }

            scores[known..].Clear();
        }

        /// <summary>Knows no likeness: the popular products.</summary>
        public void ScoreSimilar(int product, Span<float> scores) => Score(default, scores);

        public void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                int product = products[i % products.Length];
                scores[i] = product < Counts.Length ? Counts[product] : 0;
            }
        }

        public Reason? ReasonOf(int product)
        {
            // What nobody wanted lately is ordered by how often it was in all.
            bool isRecent = IsRecent && product < popularity._recent.Length && popularity._recent[product] > 0;
            float[] counts = isRecent ? popularity._recent : popularity._all;
            float count = product < counts.Length ? counts[product] : 0;
            string times = count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} times");
            string since = popularity._hasRealTimes
                ? string.Create(CultureInfo.InvariantCulture, $"since {new DateTime(isRecent ? Volatile.Read(ref popularity._oldestTicks) : popularity._firstTicks, DateTimeKind.Utc):yyyy-MM-dd}")
                : string.Create(CultureInfo.InvariantCulture, $"among the latest {(isRecent ? popularity._window.Count : popularity._steps):N0} steps of all shoppers");
            return count == 0 ? null : new Reason("popularity", $"viewed, bought or rated {times} {since}", null, count);
        }

        private float[] Counts => IsRecent ? popularity._recent : popularity._all;
    }
}
