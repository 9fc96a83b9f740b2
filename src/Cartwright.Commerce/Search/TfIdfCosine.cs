namespace Cartwright.Commerce.Search;

/// <summary>The cosine between the words of a query and those of a product.</summary>
/// <remarks>
/// lnc.ltc of Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, section 6.4.3: of a word ln(1 + w) · idf / norm,
/// with w the occurrences weighed by field, idf = ln(1 + N / n), and norm the length of the product's vector of ln(1 + w). The length of
/// the query's vector is left out: it is the same for every product, and without it a word is worth the same whatever stands beside it.
/// </remarks>
internal readonly struct TfIdfCosine(IndexView view, Bm25FOptions options) : IWordScorer
{
    private readonly int _docCount = view.DocCount;

    public float Weigh(Segment segment, int doc, int field) => options.Weights[field];

    public float Score(Segment segment, int doc, float weight, float idf) => MathF.Log(1 + weight) * idf / segment.Norms(options)[doc];

    public float Idf(int docCount) => MathF.Log(1 + ((float)_docCount / docCount));
}
