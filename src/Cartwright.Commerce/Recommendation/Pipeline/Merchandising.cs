using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Makes the list out of the scores: merchandising rules, diversity and category caps, then what may be shown at all.</summary>
/// <remarks>
/// Hide, boost and bury change the scores, a boost by standard deviations of all of them, so that it means the same whatever the model.
/// Of the best <see cref="PoolSize"/> products that may be shown the list is taken by maximal marginal relevance (Carbonell and Goldstein,
/// SIGIR 1998): (1 − d) · score − d · greatest likeness to what stands above, scores brought to 0 … 1 within the pool, likeness the share of
/// tags, brand and categories that both have. What a category cap leaves out fills the places that would stay empty. Where places are left to
/// chance they are drawn among what stands there now. Pinned products come last and only where they may be shown too.
/// </remarks>
internal sealed class Merchandising
{
    /// <summary>Products among which diversity chooses, at least; five times the list where that is more.</summary>
    private const int PoolSize = 100;

    private readonly CompiledPipeline _compiled;
    private readonly LiveShop _shop;
    private readonly RecommendationPipeline _pipeline;
    private readonly RuleMatch[] _rules;
    private Dictionary<int, Reason>? _reasons;

    /// <param name="now">Decides which rules hold.</param>
    public Merchandising(CompiledPipeline compiled, DateTimeOffset now)
    {
        _compiled = compiled;
        _shop = compiled.Shop;
        _pipeline = compiled.Pipeline;
        _rules = compiled.RulesAt(now);
    }

    /// <summary>Why a rule has a product in the last list that was explained; null where none pinned or lifted it. The weight of a lift is what it added to the score; a pin has none to add to, and weighs 1.</summary>
    public Reason? ReasonOf(int product) => _reasons?.GetValueOrDefault(product);

    /// <summary>True where a product may come into the list that is none of the best by score: one that is lifted or pinned.</summary>
    public bool NeedsAll => Array.Exists(_rules, match => match.Rule.Action != MerchandisingAction.Hide);

    /// <summary>Products of a list of <paramref name="count"/> that are chosen among, at most.</summary>
    public int PoolOf(int count) => _pipeline.Diversity > 0 || _pipeline.CategoryCap is not null ? Math.Max(PoolSize, 5 * count) : count;

    /// <param name="filter">What the request allows.</param>
    /// <param name="scores">By live index; negative infinity keeps a product out. Changed in place.</param>
    /// <param name="stages">Filled with what each stage did to the products that are listed, where it is given.</param>
    /// <param name="draw">Draws the places that are left to chance; null where none are.</param>
    /// <returns>Best first, at most <see cref="ProductFilter.Count"/>; empty only where nothing may be shown.</returns>
    public IReadOnlyList<(int Product, float Score)> Take(ProductFilter filter, Span<float> scores, StageLog? stages = null, ExplorationDraw? draw = null)
    {
        ApplyRules(scores, stages);
        int candidates = draw?.CandidateCount(filter.Count) ?? filter.Count;
        var allowed = new AllowedProducts(_shop, filter);
        List<(int Product, float Score)> taken = [.. Selection.Take(allowed, PoolOf(candidates), scores)];
        if (_pipeline.Diversity > 0 || _pipeline.CategoryCap is not null)
        {
            taken = Mix(taken, candidates, stages);
        }

        IReadOnlyList<Pinned> pins = Pins(filter.Count, allowed, scores);
        taken.RemoveAll(candidate => pins.Any(pin => pin.Product == candidate.Product));
        if (draw is not null)
        {
            taken = draw.Draw(taken, filter.Count);
        }

        // By rising place, so that no pin pushes down one that stands already; of two at one place the second comes right after the first.
        int free = 0;
        foreach (Pinned pin in pins.OrderBy(pin => pin.Place))
        {
            int place = Math.Min(Math.Max(pin.Place, free), taken.Count);
            taken.Insert(place, (pin.Product, scores[pin.Product]));
            if (stages is not null)
            {
                stages.Add(pin.Product, $"rule {pin.Rule.Id}", place + 1);
                (_reasons ??= [])[pin.Product] = new Reason("rule", "chosen by the shop", null, 1);
            }

            free = place + 1;
        }

        if (taken.Count == 0)
        {
            allowed.RequireKnown();
        }

        return taken.Count <= filter.Count ? taken : taken[..filter.Count];
    }

    /// <summary>Gives products that a rule pins or lifts, and that the ranker says nothing of, the lowest score that it gives: a rule about a product of a minute ago is
    /// not in vain. To be called before what may not be shown is taken out of the scores.</summary>
    public void ScoreUnknown(Span<float> scores)
    {
        float lowest = float.PositiveInfinity;
        foreach (RuleMatch match in _rules.Where(match => match.Rule.Action is MerchandisingAction.Pin or MerchandisingAction.Boost))
        {
            foreach (int product in Within(match.Products, scores.Length))
            {
                if (float.IsNegativeInfinity(scores[product]))
                {
                    lowest = float.IsPositiveInfinity(lowest) ? LowestOf(scores) : lowest;
                    scores[product] = lowest;
                }
            }
        }
    }

    /// <summary>The best of what is left, for places that stay empty: without pins and boosts, and nothing that a rule hides.</summary>
    public IReadOnlyList<(int Product, float Score)> Rest(ProductFilter filter, int count, Span<float> scores)
    {
        foreach (RuleMatch match in _rules.Where(match => match.Rule.Action == MerchandisingAction.Hide))
        {
            foreach (int product in Within(match.Products, scores.Length))
            {
                scores[product] = float.NegativeInfinity;
            }
        }

        return Selection.Take(new AllowedProducts(_shop, filter), count, scores);
    }

    private static float LowestOf(ReadOnlySpan<float> scores)
    {
        float lowest = 0;
        bool isAny = false;
        foreach (float score in scores)
        {
            if (float.IsFinite(score) && (!isAny || score < lowest))
            {
                (lowest, isAny) = (score, true);
            }
        }

        return lowest;
    }

    private void ApplyRules(Span<float> scores, StageLog? stages)
    {
        RuleMatch[] changing = [.. _rules.Where(match => match.Rule.Action != MerchandisingAction.Pin)];
        if (changing.Length == 0)
        {
            return;
        }

        float deviation = BlendScales.Deviation(scores);
        foreach (RuleMatch match in changing)
        {
            float change = match.Rule.Action switch
            {
                MerchandisingAction.Boost => (float)match.Rule.Strength * deviation,
                MerchandisingAction.Bury => -(float)match.Rule.Strength * deviation,
                _ => float.NegativeInfinity,
            };
            foreach (int product in Within(match.Products, scores.Length))
            {
                if (scores[product] > float.NegativeInfinity)
                {
                    scores[product] += change;
                    stages?.Add(product, $"rule {match.Rule.Id}", change);
                    if (change > 0 && stages is not null)
                    {
                        (_reasons ??= [])[product] = new Reason("rule", "lifted by the shop", null, change);
                    }
                }
            }
        }
    }

    private List<(int Product, float Score)> Mix(List<(int Product, float Score)> pool, int count, StageLog? stages)
    {
        float d = (float)_pipeline.Diversity;
        var chosen = new List<(int Product, float Score)>(count);
        var left = new List<(int Product, float Score, float Likeness, int[] Values)>(pool.Select(p => (p.Product, p.Score, 0f, d > 0 ? _compiled.ValuesOf(p.Product) : [])));
        var ofCategory = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        float low = pool.Count == 0 ? 0 : pool[^1].Score, range = pool.Count == 0 ? 1 : Math.Max(pool[0].Score - low, 1e-9f);
        while (chosen.Count < count && left.Count > 0)
        {
            int best = -1;
            float most = float.NegativeInfinity;
            for (int i = 0; i < left.Count; i++)
            {
                float worth = ((1 - d) * (left[i].Score - low) / range) - (d * left[i].Likeness);
                if (worth > most && MayTake(left[i].Product))
                {
                    (best, most) = (i, worth);
                }
            }

            best = best < 0 ? 0 : best;                          // every category is full: the best of the rest, so that no place stays empty
            (int product, float score, float likeness, int[] values) = left[best];
            left.RemoveAt(best);
            chosen.Add((product, score));
            stages?.Add(product, "diversity", -likeness * d);
            string category = CategoryOf(product);
            ofCategory[category] = ofCategory.GetValueOrDefault(category) + 1;
            for (int i = 0; i < left.Count && d > 0; i++)
            {
                left[i] = left[i] with { Likeness = Math.Max(left[i].Likeness, Likeness(values, left[i].Values)) };
            }
        }

        return chosen;

        bool MayTake(int product) => _pipeline.CategoryCap is not { } cap || _shop.Products[product].Category is null || ofCategory.GetValueOrDefault(CategoryOf(product)) < cap;
    }

    private string CategoryOf(int product) => _shop.Products[product].Category ?? "";

    /// <param name="first">Rising, as <paramref name="second"/>.</param>
    private static float Likeness(int[] first, int[] second)
    {
        int shared = 0;
        for (int a = 0, b = 0; a < first.Length && b < second.Length;)
        {
            shared += first[a] == second[b] ? 1 : 0;
            (a, b) = (first[a] <= second[b] ? a + 1 : a, second[b] <= first[a] ? b + 1 : b);
        }

        return shared == 0 ? 0 : (float)shared / (first.Length + second.Length - shared);
    }

    /// <summary>Products that rules pin and that may be shown, in the order of the rules; one that two rules pin stands where the first says.</summary>
    private List<Pinned> Pins(int count, AllowedProducts allowed, ReadOnlySpan<float> scores)
    {
        var pins = new List<Pinned>();
        foreach (RuleMatch match in _rules.Where(match => match.Rule.Action == MerchandisingAction.Pin))
        {
            int place = match.Rule.Place - 1;
            foreach (int product in PinnedBy(match, allowed, scores))
            {
                if (place >= count)
                {
                    break;
                }

                if (scores[product] > float.NegativeInfinity && allowed.Allows(product) && !pins.Exists(pin => pin.Product == product))
                {
                    pins.Add(new Pinned(match.Rule, product, place++));
                }
            }
        }

        return pins;
    }

    /// <summary>The products that are named; where a rule pins by category or the like, the best of those that may be shown.</summary>
    private static int[] PinnedBy(RuleMatch match, AllowedProducts allowed, ReadOnlySpan<float> scores)
    {
        if (match.Rule.ProductIds.Count > 0)
        {
            return Within(match.Products, scores.Length).ToArray();
        }

        int best = -1;
        foreach (int product in Within(match.Products, scores.Length))
        {
            if (scores[product] > (best < 0 ? float.NegativeInfinity : scores[best]) && allowed.Allows(product))
            {
                best = product;
            }
        }

        return best < 0 ? [] : [best];
    }

    /// <summary>Products of a rule that have a score; ones that came during the question have none yet.</summary>
    private static ReadOnlySpan<int> Within(ReadOnlySpan<int> products, int count) =>
        products.ContainsAnyExceptInRange(0, count - 1) ? products.ToArray().Where(product => product < count).ToArray() : products;

    private sealed record Pinned(MerchandisingRule Rule, int Product, int Place);
}
