using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>What each word of a query, in each field, is worth to a product. The sum is its score.</summary>
internal static class Contributions
{
    /// <returns>Heaviest first; none where the product has none of the words.</returns>
    public static List<Contribution> Of<TScorer>(IndexView view, IReadOnlyList<WordMatch> words, int product, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        var contributions = new List<Contribution>();
        (int place, int doc) = WordPlaces.Locate(view, product);
        if (place >= 0)
        {
            foreach (WordMatch word in words)
            {
                contributions.AddRange(BestOf(view.Segments[place].Segment, place, doc, word, scorer));
            }
        }

        return [.. contributions.OrderByDescending(contribution => contribution.Weight)];
    }

    public static Reason ToReason(Contribution contribution)
    {
        string word = contribution.ReadAs is { } read ? $"\"{read}\" (for \"{contribution.Word}\")" : $"\"{contribution.Word}\"";
        return new Reason("word", contribution.Count == 1 ? $"{word} in the {contribution.Field}" : $"{word} {contribution.Count} times in the {contribution.Field}",
            ProductId: null, contribution.Weight);
    }

    /// <summary>A word counts by the reading that is worth most; each field has the part of it that its occurrences have.</summary>
    private static List<Contribution> BestOf<TScorer>(Segment segment, int place, int doc, WordMatch word, TScorer scorer)
        where TScorer : struct, IWordScorer
    {
        float best = 0;
        var contributions = new List<Contribution>();
        foreach (Reading reading in word.Readings)
        {
            List<uint> places = WordPlaces.Of(segment, doc, reading.Members[place]);
            float weight = places.Sum(each => scorer.Weigh(segment, doc, Place.Field(each)));
            float score = weight > 0 ? reading.Weight * scorer.Score(segment, doc, weight, scorer.Idf(reading.DocCount)) : 0;
            if (score > best)
            {
                best = score;
                contributions = [.. places.GroupBy(Place.Field).Select(field => new Contribution(word.Word.Text, SearchFields.Name(field.Key), field.Count(), reading.DocCount,
                    (double)score * field.Count() * scorer.Weigh(segment, doc, field.Key) / weight,
                    reading.Text == word.Word.Text ? null : reading.Text))];
            }
        }

        return contributions;
    }
}
