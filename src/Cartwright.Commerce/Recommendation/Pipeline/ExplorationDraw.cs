using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Draws the places of one visitor's list, and knows with which chances.</summary>
internal sealed class ExplorationDraw
{
    public const string StageName = "chance";

    private readonly Exploration _stage;
    private readonly string _moment;
    private readonly Dictionary<int, (double Chance, int ModelProduct)> _drawn = [];

    private ExplorationDraw(Exploration stage, string visitor, DateTimeOffset now)
    {
        _stage = stage;
        _moment = FormattableString.Invariant($"{stage.Seed}\n{visitor}\n{now.ToUnixTimeSeconds() / (60L * stage.StickyMinutes)}");
    }

    /// <returns>Null where nothing is left to chance: the stage is off, or it could not be told later what came of it, since nobody is named.</returns>
    public static ExplorationDraw? For(Exploration? stage, string? visitor, DateTimeOffset now) =>
        stage is { Share: > 0 } && !string.IsNullOrEmpty(visitor) ? new ExplorationDraw(stage, visitor, now) : null;

    /// <summary>Products that a list is drawn from.</summary>
    public int CandidateCount(int places) => Math.Max(_stage.Candidates, places);

    /// <summary>The chance with which a product was drawn for its place, given those above; null for one that was not drawn.</summary>
    public double? ChanceOf(int product) => _drawn.TryGetValue(product, out (double Chance, int) drawn) ? drawn.Chance : null;

    /// <summary>Draws a list.</summary>
    /// <param name="candidates">In the order in which they would stand without chance.</param>
    /// <param name="places">Places to fill.</param>
    public List<(int Product, float Score)> Draw(IReadOnlyList<(int Product, float Score)> candidates, int places)
    {
        _drawn.Clear();
        Random random = Seeds.Random(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(_moment))), 0);
        double[] worth = Worth(candidates);
        var left = new List<int>(Enumerable.Range(0, candidates.Count));
        var list = new List<(int Product, float Score)>(places);
        while (list.Count < places && left.Count > 0)
        {
            double[] chances = Chances(left.ConvertAll(candidate => worth[candidate]));
            double at = random.NextDouble();
            int taken = 0;
            while (taken < chances.Length - 1 && at >= chances[taken])
            {
                at -= chances[taken];
                taken++;
            }

            list.Add(candidates[left[taken]]);
            _drawn[candidates[left[taken]].Product] = (chances[taken], candidates[left[0]].Product);
            left.RemoveAt(taken);
        }

        return list;
    }

    /// <summary>Chances of the candidates that are left, in their order.</summary>
    /// <param name="worth">Their weights in a draw by chance alone, more than 0.</param>
    internal double[] Chances(List<double> worth)
    {
        double sum = worth.Sum();
        return [.. worth.Select((weight, place) => (_stage.Share * (weight / sum)) + (place == 0 ? 1 - _stage.Share : 0))];
    }

    /// <summary>What to keep of a list that was shown.</summary>
    /// <param name="policy">Versions of pipeline and model.</param>
    public IReadOnlyList<Exposure> Exposures(LiveShop shop, IReadOnlyList<RankedProduct> shown, RecommendRequest request, string policy, DateTimeOffset now)
    {
        string products = string.Join('\n', shown.Select(product => product.ProductId));
        string list = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_moment}\n{policy}\n{products}")).AsSpan(0, 12));
        return [.. shown.Index().Where(product => product.Item.Propensity is not null).Select(product => new Exposure(list, product.Index + 1, now, request.ShopperId, request.SessionId, policy,
            product.Item.ProductId, product.Item.Propensity!.Value, shop.Products[_drawn[shop.ProductIndex(product.Item.ProductId)].ModelProduct].Id))];
    }

    private double[] Worth(IReadOnlyList<(int Product, float Score)> candidates)
    {
        if (_stage.Method == ExplorationMethod.EpsilonGreedy || candidates.Count == 0)
        {
            return [.. candidates.Select(_ => 1.0)];
        }

        double mean = candidates.Average(candidate => (double)candidate.Score);
        double deviation = Math.Sqrt(candidates.Average(candidate => (candidate.Score - mean) * (candidate.Score - mean)));
        double best = candidates.Max(candidate => candidate.Score);

        // At least e^-600: a candidate that is far behind keeps a chance that a double can hold.
        return [.. candidates.Select(candidate => deviation > 0 ? Math.Exp(Math.Max(-600, (candidate.Score - best) / (_stage.Temperature * deviation))) : 1)];
    }
}
