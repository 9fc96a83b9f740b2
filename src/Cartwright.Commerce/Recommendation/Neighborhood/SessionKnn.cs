using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

internal sealed record SessionKnnOptions
{
    /// <summary>Sessions that count for an answer, the most similar ones; more reach further and blur.</summary>
    [Range(1, 100_000)]
    [Tuned(100, 3000, IsLogarithmic = true)]
    public int NeighborCount { get; init; } = 500;

    /// <summary>Of each product the latest sessions that are looked at; more cost time and memory of the answer.</summary>
    [Range(1, 1_000_000)]
    public int SampleCount { get; init; } = 1000;

    /// <summary>Steps of a session or a history that count, the latest ones.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 50;

    /// <summary>Steps back in the history after which one weighs 1/e; larger looks further back.</summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    [Tuned(0.5, 50, IsLogarithmic = true)]
    public float HistoryReach { get; init; } = 2;

    /// <summary>Share of the kept sessions, counted from the newest, after which one weighs 1/e; larger trusts old ones more.</summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    [Tuned(0.02, 10, IsLogarithmic = true)]
    public float AgeReach { get; init; } = 1e9f;

    /// <summary>Steps away from the product that both sessions share after which one weighs 1/e; larger takes more of a session.</summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    [Tuned(0.5, 100, IsLogarithmic = true)]
    public float PlaceReach { get; init; } = 1e9f;

    /// <summary>What a product of the history weighs as an answer: 0 never comes back to one, 1 treats it as any other.</summary>
    [Range(0.0, 10.0)]
    [Tuned(0, 1)]
    public float RepeatWeight { get; init; } = 1;

    /// <summary>Power of ln(sessions / sessions with the product) that a shared product weighs; 0 weighs all alike.</summary>
    [Range(0.0, 10.0)]
    [Tuned(0, 2)]
    public float RarityPower { get; init; }
}

/// <summary>Products of the sessions that are most like the current one.</summary>
/// <remarks>
/// like(s, n) = Σ over shared products i of e^(−steps back of i / HistoryReach) · rarity(i) / sqrt(|s| · |n|);
/// score(j) = Σ over the nearest sessions n with j of like(s, n) · e^(−age of n / AgeReach) · e^(−|place of j − place of i*| / PlaceReach),
/// where i* is the latest product of s that n has too. Garg et al., "Sequence and Time Aware Neighborhood for Session-based Recommendations",
/// SIGIR 2019; the latest sessions of each product as in Jannach and Ludewig, "When Recurrent Neural Networks meet the Neighborhood for
/// Session-Based Recommendation", RecSys 2017; rarity as in Ludewig et al., "Empirical Analysis of Session-Based Recommendation
/// Algorithms", UMUAI 2021. Differs: age is the share of the kept sessions that ended later, so that it means something where times only
/// keep an order. It keeps sessions, without ids of whose they are: who is to be forgotten is so only after a training without them.
/// Memory: 9 bytes a step kept, and 4 a session for each thread that asks. Products that no neighbor has are ordered by popularity, below
/// all others.
/// </remarks>
internal sealed class SessionKnn : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";
    private readonly SessionKnnOptions _options;
    private readonly KnownSessions _sessions;
    private readonly float[] _floor;
    private readonly float[] _rarity;
    private readonly float[] _places;
    private readonly ConcurrentBag<float[]> _likenesses = [];

    public SessionKnn(SessionKnnOptions options, KnownSessions sessions)
    {
        _options = options;
        _sessions = sessions;
        _floor = [.. Enumerable.Range(0, sessions.ProductCount).Select(p => 1e-9f * sessions.With(p).Length / Math.Max(1, sessions.Count))];
        _rarity = [.. Enumerable.Range(0, sessions.ProductCount).Select(p =>
            MathF.Pow(MathF.Log((sessions.Count + 1f) / (sessions.With(p).Length + 0.5f)), options.RarityPower))];
        int longest = Enumerable.Range(0, sessions.Count).Select(s => sessions.Of(s).Length).DefaultIfEmpty(0).Max();
        _places = [.. Enumerable.Range(0, longest).Select(apart => MathF.Exp(-apart / options.PlaceReach))];
    }

    internal SessionKnnOptions Options => _options;

    public string Name => "session-knn";

    public int ProductCount => _sessions.ProductCount;

    /// <summary>Steps of the sessions that are kept.</summary>
    public long ParameterCount => _sessions.Products.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["sessions"] = _sessions.Count.ToString(CultureInfo.InvariantCulture),
        ["neighborCount"] = _options.NeighborCount.ToString(CultureInfo.InvariantCulture),
        ["historyReach"] = _options.HistoryReach.ToString(CultureInfo.InvariantCulture),
        ["ageReach"] = _options.AgeReach.ToString(CultureInfo.InvariantCulture),
        ["placeReach"] = _options.PlaceReach.ToString(CultureInfo.InvariantCulture),
        ["repeatWeight"] = _options.RepeatWeight.ToString(CultureInfo.InvariantCulture),
        ["rarityPower"] = _options.RarityPower.ToString(CultureInfo.InvariantCulture),
    };

    public bool CanScore(Steps history)
    {
        foreach (int product in history.Products.Span)
        {
            if (_sessions.With(product).Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Score(Steps history, Span<float> scores)
    {
        _floor.CopyTo(scores);
        ReadOnlySpan<int> latest = history.Latest(_options.MaxLength).Products.Span;
        if (!_likenesses.TryTake(out float[]? likeness))
        {
            likeness = new float[_sessions.Count];
        }

        var met = new List<int>();
        var sharedAt = new List<int>();                          // the latest shared product, as a step of the history
        Meet(latest, likeness, met, sharedAt);
        int count = Math.Min(_options.NeighborCount, met.Count);
        int[] best = ArrayPool<int>.Shared.Rent(count);
        float[] bestScores = ArrayPool<float>.Shared.Rent(count);
        var nearest = new TopList(best.AsSpan(0, count), bestScores);
        for (int m = 0; m < met.Count; m++)
        {
            int session = met[m];
            nearest.Offer(m, likeness[session] * Weight(session, latest.Length));
            likeness[session] = 0;
        }

        nearest.Sort();
        _likenesses.Add(likeness);
        for (int n = 0; n < count; n++)
        {
            AddProducts(met[best[n]], latest[sharedAt[best[n]]], bestScores[n], scores);
        }

        ArrayPool<int>.Shared.Return(best);
        ArrayPool<float>.Shared.Return(bestScores);
        WeighRepeats(latest, scores);
    }

    public void ScoreSimilar(int product, Span<float> scores) => Score(new[] { product }, scores);

    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, WeightsFile), new Dictionary<string, Tensor>(StringComparer.Ordinal)
    {
        ["lengths"] = Tensor.From([.. Enumerable.Range(0, _sessions.Count).Select(s => (float)_sessions.Of(s).Length)], _sessions.Count),
        ["products"] = Tensor.From([.. _sessions.Products.Select(p => (float)p)], _sessions.Products.Length),   // exact to 16 million products
    }, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.SessionKnnOptions),
        ["productCount"] = ProductCount.ToString(CultureInfo.InvariantCulture),
    });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static SessionKnn Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            var options = RecordJson.Read(content.Metadata["options"], new SessionKnnOptions(), RecommendationJson.Default.SessionKnnOptions);
            int productCount = int.Parse(content.Metadata["productCount"], CultureInfo.InvariantCulture);
            return new SessionKnn(options, new KnownSessions(productCount, options.SampleCount,
                content.Tensors["lengths"].ToArray(), content.Tensors["products"].ToArray()));
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new ModelFormatException(path, $"The file is no session-knn model of this version ({e.Message}). Train again.", e);
        }
    }

    /// <summary>Adds up what every session shares with the history, from its latest product back.</summary>
    /// <param name="likeness">Zeros: [sessions].</param>
    private void Meet(ReadOnlySpan<int> latest, float[] likeness, List<int> met, List<int> sharedAt)
    {
        for (int i = latest.Length - 1; i >= 0; i--)
        {
            if (latest[(i + 1)..].Contains(latest[i]))
            {
                continue;                                        // of a product met twice the latest step counts
            }

            // A weight that is too small to tell still says that the session was met.
            float weight = Math.Max(1e-20f, MathF.Exp((i + 1 - latest.Length) / _options.HistoryReach) * _rarity[latest[i]]);
            foreach (int session in _sessions.Latest(latest[i], _options.SampleCount))
            {
                if (likeness[session] == 0)
                {
                    met.Add(session);
                    sharedAt.Add(i);
                }

                likeness[session] += weight;
            }
        }
    }

    private float Weight(int session, int historyLength) =>
        MathF.Exp(-(_sessions.Count - 1 - session) / (float)_sessions.Count / _options.AgeReach)
        / MathF.Sqrt((float)historyLength * _sessions.Of(session).Length);

    private void AddProducts(int session, int shared, float weight, Span<float> scores)
    {
        ReadOnlySpan<int> products = _sessions.Of(session);
        ReadOnlySpan<bool> isLast = _sessions.IsLastOf(session);
        int place = products.LastIndexOf(shared);
        for (int i = 0; i < products.Length; i++)
        {
            if (isLast[i])
            {
                scores[products[i]] += weight * _places[Math.Abs(i - place)];
            }
        }
    }

    private void WeighRepeats(ReadOnlySpan<int> latest, Span<float> scores)
    {
        for (int i = 0; i < latest.Length; i++)
        {
            if (!latest[(i + 1)..].Contains(latest[i]))
            {
                scores[latest[i]] *= _options.RepeatWeight;
            }
        }
    }
}
