namespace Cartwright.Commerce.Search;

/// <summary>What a word is worth to a product: the occurrences are weighed and summed, then the sum is scored.</summary>
internal interface IWordScorer
{
    /// <summary>What one occurrence counts.</summary>
    float Weigh(Segment segment, int doc, int field);

    /// <param name="weight">The occurrences of the word, weighed and summed; more than 0.</param>
    /// <param name="idf">Of the word: <see cref="Idf"/>.</param>
    float Score(Segment segment, int doc, float weight, float idf);

    /// <summary>What a word is worth for being rare.</summary>
    /// <param name="docCount">Products that have it.</param>
    float Idf(int docCount);
}
