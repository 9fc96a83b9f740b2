using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Guesses attributes of a product from those that look like it, and knows from the catalog's own products how far such guesses can be trusted.</summary>
/// <remarks>
/// Nearest neighbors weighted by similarity. Each product of a sample is guessed from the others (leave one out): an attribute that is not guessed
/// better than by its commonest value is not guessed at all, a guess is as sure as guesses with as much support were right, and one that would
/// be wrong three times in four is not made.
/// </remarks>
internal sealed class LookAlikeVotes
{
    private const int NeighborCount = 15;
    private const int SampleCount = 400;
    private const int FewestKnown = 12;
    private const int FewestAlike = 10;
    private const int MostValues = 200;
    private const float LeastSimilarity = 0.05f;
    private const double LeastTrust = 0.25;
    private const string FromLookAlikes = "look-alikes";
    private const string FromPicture = "picture";

    private readonly Dictionary<string, (double Support, bool IsRight)[]> _tried = new(StringComparer.Ordinal);
    private readonly GalleryRows _rows;
    private readonly IReadOnlyDictionary<string, string>[] _values;

    /// <param name="products">The product of each row; null for one that is no longer in the catalog.</param>
    public LookAlikeVotes(GalleryRows rows, Product?[] products)
    {
        _rows = rows;
        _values = [.. products.Select(product => product is null ? new Dictionary<string, string>() : AttributeTraining.FactsOf(product))];
        int step = (rows.Count / SampleCount) + 1;
        int[] sample = [.. Enumerable.Range(0, rows.Count).Where(row => row % step == 0 && products[row] is not null)];
        var guesses = new Dictionary<string, (string Value, double Support)>[sample.Length];
        for (int i = 0; i < sample.Length; i++)
        {
            float[] similarities = rows.Similarities(sample[i]);
            guesses[i] = Vote(similarities, GalleryRows.Nearest(similarities, NeighborCount, without: sample[i]));
        }

        foreach (string name in _values.SelectMany(values => values.Keys).Distinct(StringComparer.Ordinal))
        {
            string[] actual = [.. sample.Select(row => _values[row].GetValueOrDefault(name, ""))];
            string[] known = [.. actual.Where(value => value.Length > 0)];
            (double Support, bool IsRight)[] tried = [.. actual.Select((value, i) => (value, guess: guesses[i].GetValueOrDefault(name)))
                .Where(pair => pair.value.Length > 0 && pair.guess.Value is not null).Select(pair => (pair.guess.Support, pair.guess.Value == pair.value))];
            int commonest = known.Length == 0 ? 0 : known.GroupBy(value => value, StringComparer.Ordinal).Max(same => same.Count());
            bool isDistinct = known.Distinct(StringComparer.Ordinal).Count() is > 1 and <= MostValues;
            if (known.Length >= FewestKnown && isDistinct && tried.Count(t => t.IsRight) > commonest)
            {
                _tried[name] = tried;
            }
        }
    }

    /// <summary>Attributes of a product with these similarities to the gallery, surest first: what layers tell, and of the others what look-alikes agree on.</summary>
    /// <param name="nearest">Rows that vote.</param>
    /// <param name="heads">Layers that were taught an attribute each.</param>
    /// <param name="embedding">What the network sees in the picture.</param>
    public IReadOnlyList<DraftValue> Guess(float[] similarities, int[] nearest, IReadOnlyList<AttributeHead> heads, float[] embedding)
    {
        Dictionary<(string Name, string Value), double> votes = Votes(similarities, nearest);
        IEnumerable<DraftValue> told = heads.Select(head => (head.Name, Guess: head.Guess(embedding))).Where(head => head.Guess.Value.Length > 0)
            .Select(head => new DraftValue(head.Name, head.Guess.Value, Math.Round(head.Guess.Chance, 4), Math.Round(votes.GetValueOrDefault((head.Name, head.Guess.Value)), 4), FromPicture));
        IEnumerable<DraftValue> agreed = Vote(similarities, nearest).Where(vote => _tried.ContainsKey(vote.Key) && heads.All(head => head.Name != vote.Key))
            .Select(vote => new DraftValue(vote.Key, vote.Value.Value, Math.Round(Trust(vote.Key, vote.Value.Support), 4), Math.Round(vote.Value.Support, 4), FromLookAlikes));
        return [.. told.Concat(agreed).Where(guess => guess.Confidence >= LeastTrust).OrderByDescending(guess => guess.Confidence).ThenBy(guess => guess.Name, StringComparer.Ordinal)];
    }

    /// <summary>The rows that vote on a picture.</summary>
    public static int[] Voters(float[] similarities) => GalleryRows.Nearest(similarities, NeighborCount);

    /// <summary>How much a voter counts.</summary>
    public static double Weight(float similarity) => Math.Max(LeastSimilarity, similarity);

    /// <summary>How often guesses with about as much support were right: the nearest ones by support.</summary>
    private double Trust(string name, double support)
    {
        (double Support, bool IsRight)[] alike = [.. _tried[name].OrderBy(tried => Math.Abs(tried.Support - support)).Take(Math.Max(FewestAlike, _tried[name].Length / 5))];
        return (alike.Count(tried => tried.IsRight) + 0.5) / (alike.Length + 1.0);
    }

    /// <summary>For each name the value with the most votes.</summary>
    private Dictionary<string, (string Value, double Support)> Vote(float[] similarities, int[] nearest) =>
        Votes(similarities, nearest).GroupBy(vote => vote.Key.Name, StringComparer.Ordinal).ToDictionary(
            name => name.Key,
            name => name.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key.Value, StringComparer.Ordinal).Select(vote => (vote.Key.Value, vote.Value)).First(),
            StringComparer.Ordinal);

    /// <summary>Share of the voters that have each value, weighted by similarity.</summary>
    private Dictionary<(string Name, string Value), double> Votes(float[] similarities, int[] nearest)
    {
        var votes = new Dictionary<(string Name, string Value), double>();
        double all = nearest.Sum(row => Weight(similarities[row]));
        foreach (int row in nearest)
        {
            foreach ((string name, string value) in _values[row])
            {
                votes[(name, value)] = votes.GetValueOrDefault((name, value)) + (Weight(similarities[row]) / all);
            }
        }

        return votes;
    }
}
