namespace Cartwright.Commerce.Behavior;

/// <summary>Finds what sets segments apart, and names them by it.</summary>
internal sealed class SegmentNames
{
    private const double LeastDifference = 0.4;
    private const int MostTraits = 5;

    private readonly ShopperFeatures _features;
    private readonly int[] _segments;
    private readonly int _count;
    private readonly bool _hasBuyers;

    /// <param name="segments">The segment of each shopper, from 0.</param>
    /// <param name="count">Segments.</param>
    public SegmentNames(ShopperFeatures features, int[] segments, int count)
    {
        (_features, _segments, _count) = (features, segments, count);
        _hasBuyers = features.Tallies.Any(tally => tally.Purchases > 0);
        Differences = Compare();
    }

    /// <summary>Of each segment every feature: the means of its own and of the others, and the standardized difference.</summary>
    private (double Own, double Others, double Difference)[][] Differences { get; }

    /// <summary>What sets a segment apart, the largest difference first.</summary>
    public SegmentTrait[] Traits(int segment) =>
        [.. Order(segment).DistinctBy(feature => _features.Features[feature].Topic).Take(MostTraits).Select(feature =>
        {
            (double own, double others, double difference) = Differences[segment][feature];
            return new SegmentTrait(_features.Features[feature].Name, own, others, difference, _features.Features[feature].Text(own, others));
        })];

    /// <summary>A name for each segment, each another.</summary>
    public string[] All()
    {
        string[] names = new string[_count];
        for (int segment = 0; segment < _count; segment++)
        {
            // Where two would be called the same, the later one is told by one word more.
            int words = 3;
            do
            {
                names[segment] = Name(segment, words++);
            }
            while (names.AsSpan(0, segment).Contains(names[segment]) && words < 8);
            names[segment] = names.AsSpan(0, segment).Contains(names[segment]) ? $"{names[segment]} ({segment + 1})" : names[segment];
        }

        return names;
    }

    private string Name(int segment, int mostWords)
    {
        double buyers = ShareOfBuyers(segment);
        var chosen = new List<(WordPlace Place, string Topic, string Word)>();
        foreach (int feature in Order(segment))
        {
            ShopperFeature told = _features.Features[feature];
            double difference = Differences[segment][feature].Difference;
            if (Math.Abs(difference) < LeastDifference || chosen.Count == mostWords)
            {
                break;
            }

            string? word = difference > 0 ? told.High : told.Low;
            int most = told.Place == WordPlace.Before ? 2 : 1;
            if (word is not null && !(buyers < 0.5 ? told.IsOfBuyers : told.IsOfLookers) && !chosen.Exists(other => other.Topic == told.Topic)
                && chosen.Count(other => other.Place == told.Place) < most + Math.Max(0, mostWords - 3))
            {
                chosen.Add((told.Place, told.Topic, word));
            }
        }

        string noun = buyers switch { >= 0.9 => "buyers", <= 0.1 when _hasBuyers => "visitors without a purchase", _ => "shoppers" };
        string before = string.Join(", ", chosen.Where(word => word.Place == WordPlace.Before).Select(word => word.Word));
        string of = string.Join(" and ", chosen.Where(word => word.Place == WordPlace.Of).Select((word, i) => i == 0 ? word.Word : word.Word[3..]));
        string after = string.Join(" and ", chosen.Where(word => word.Place == WordPlace.After).Select((word, i) => i == 0 ? word.Word : word.Word[4..]));
        if (buyers < 0.9 && of.Length > 0)
        {
            of = "interested in " + of[3..];
        }

        return string.Join(' ', new[] { chosen.Count == 0 ? "ordinary" : before, noun, of, after }.Where(part => part.Length > 0));
    }

    private IEnumerable<int> Order(int segment) => Enumerable.Range(0, _features.Features.Count).OrderByDescending(feature => Math.Abs(Differences[segment][feature].Difference));

    private double ShareOfBuyers(int segment)
    {
        (int buyers, int all) = (0, 0);
        for (int i = 0; i < _segments.Length; i++)
        {
            all += _segments[i] == segment ? 1 : 0;
            buyers += _segments[i] == segment && _features.Tallies[i].Purchases > 0 ? 1 : 0;
        }

        return all == 0 ? 0 : (double)buyers / all;
    }

    private (double Own, double Others, double Difference)[][] Compare()
    {
        var compared = new (double, double, double)[_count][];
        for (int segment = 0; segment < _count; segment++)
        {
            compared[segment] = new (double, double, double)[_features.Features.Count];
            for (int feature = 0; feature < compared[segment].Length; feature++)
            {
                compared[segment][feature] = Compare(segment, feature, _features.Deviation(feature));
            }
        }

        return compared;
    }

    private (double Own, double Others, double Difference) Compare(int segment, int feature, double deviation)
    {
        Span<double> sums = stackalloc double[2];
        Span<double> transformed = stackalloc double[2];
        Span<int> counts = stackalloc int[2];
        for (int i = 0; i < _segments.Length; i++)
        {
            double value = _features.Values[(i * _features.Features.Count) + feature];
            if (!double.IsNaN(value))
            {
                int side = _segments[i] == segment ? 0 : 1;
                sums[side] += value;
                transformed[side] += _features.Features[feature].Transform(value);
                counts[side]++;
            }
        }

        double Mean(double sum, int count) => count == 0 ? double.NaN : sum / count;
        double difference = counts[0] == 0 || counts[1] == 0 || deviation == 0 ? 0 : ((transformed[0] / counts[0]) - (transformed[1] / counts[1])) / deviation;
        return (Mean(sums[0], counts[0]), Mean(sums[1], counts[1]), difference);
    }
}
