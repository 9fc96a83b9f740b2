using System.Numerics.Tensors;

namespace Cartwright.Commerce.Search;

/// <summary>What a ranker sees of a query and a product beside their words themselves: numbers that say how well the one answers the other.</summary>
internal sealed class RankFeatures(RankCatalog catalog, WordVectors vectors, float[] popularity)
{
    private const double Saturation = 1.2;
    private const double LengthShare = 0.6;

    private readonly int[][] _letters = new int[catalog.StemCount][];
    private readonly float[]?[] _titles = new float[catalog.Products.Count][];

    /// <summary>Names of the numbers, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "query words", "query letters", "title words", "title letters",
        "words in title", "share of words in title", "weighty share in title", "share of words anywhere", "weighty share anywhere",
        "alike mean", "alike least", "meaning mean", "meaning least", "weighty meaning", "weighty alike",
        "last word in title", "last word alike", "first word in title", "last word place", "first match place", "pairs in order", "longest run", "spread",
        "numbers", "numbers in title", "rarest missing", "weight missing", "meaning of missing",
        "bm25 title", "bm25 brand", "bm25 category", "bm25 attributes", "bm25 description", "bm25 share", "cosine title", "letters of query in title", "letters cosine",
        "meaning cosine", "title head in query", "title weight in query", "whole query in title", "id in query", "price rank", "popularity",
        "query weight", "query rarest", "query least rare", "query products", "guesses", "unknown words",
        "bm25f", "bm25f share of best", "bm25f place", "found",
    ];

    public static int Count { get; } = Names.Count;

    /// <summary>Place of what the index says.</summary>
    public static int Bm25F { get; } = Names.ToList().IndexOf("bm25f");

    /// <summary>Writes the numbers of one pair.</summary>
    /// <param name="index">What the index said of the product for this query.</param>
    /// <param name="to">[<see cref="Count"/>]</param>
    public void Write(RankQueryView query, int product, IndexedMatch index, Span<float> to)
    {
        ProductWords words = catalog[product];
        int[] title = words.Fields[RankCatalog.Title];
        RankWord[] asked = query.Query.Words;
        int n = asked.Length;
        Span<int> place = stackalloc int[Math.Max(1, n)];
        Span<float> alike = stackalloc float[Math.Max(1, n)];
        Span<float> meaning = stackalloc float[Math.Max(1, n)];
        var at = new Writer(to);
        at.Add(n);
        at.Add(query.Query.Text.Length);
        at.Add(title.Length);
        at.Add(catalog.Products[product].Title.Length);

        (float inTitle, float weighty, float anywhere, float weightyAnywhere, float numbers, float numbersIn) = (0, 0, 0, 0, 0, 0);
        (float rarest, float missing, float missingMeaning, float missingCount) = (0, 0, 0, 0);
        for (int i = 0; i < n; i++)
        {
            RankWord word = asked[i];
            place[i] = PlaceOf(word, title);
            bool isIn = place[i] >= 0;
            bool isAnywhere = isIn || words.Has(word.Stem) || word.Joined.Any(words.Has);
            (alike[i], meaning[i]) = isIn ? (1, 1) : Nearest(query, i, title);
            inTitle += isIn ? 1 : 0;
            weighty += isIn ? word.Idf : 0;
            anywhere += isAnywhere ? 1 : 0;
            weightyAnywhere += isAnywhere ? word.Idf : 0;
            numbers += word.IsNumber ? 1 : 0;
            numbersIn += word.IsNumber && isIn ? 1 : 0;
            if (!isIn)
            {
                rarest = Math.Max(rarest, word.Idf);
                missing += word.Idf;
                missingMeaning += meaning[i];
                missingCount++;
            }
        }

        float weight = Math.Max(1e-6f, query.Weight);
        float count = Math.Max(1, n);
        at.Add(inTitle);
        at.Add(inTitle / count);
        at.Add(weighty / weight);
        at.Add(anywhere / count);
        at.Add(weightyAnywhere / weight);
        at.Add(TensorPrimitives.Sum<float>(alike[..n]) / count);
        at.Add(n == 0 ? 0 : TensorPrimitives.Min<float>(alike[..n]));
        at.Add(TensorPrimitives.Sum<float>(meaning[..n]) / count);
        at.Add(n == 0 ? 0 : TensorPrimitives.Min<float>(meaning[..n]));
        at.Add(TensorPrimitives.Dot<float>(meaning[..n], query.Idf) / weight);
        at.Add(TensorPrimitives.Dot<float>(alike[..n], query.Idf) / weight);
        WriteOrder(ref at, place[..n], alike[..n], title.Length);
        at.Add(numbers);
        at.Add(numbers == 0 ? 0.5f : numbersIn / numbers);
        at.Add(rarest);
        at.Add(missing);
        at.Add(missingCount == 0 ? 1 : missingMeaning / missingCount);
        WriteWeights(ref at, query, words, product);
        WriteWhole(ref at, query, words, product);
        at.Add(query.Weight);
        at.Add(query.Rarest);
        at.Add(query.LeastRare);
        at.Add(query.Products);
        at.Add(asked.Count(word => word.IsGuess));
        at.Add(asked.Count(word => word.Stem < 0 && word.Joined.Length == 0));
        at.Add(index.Score);
        at.Add(index.Best > 0 ? index.Score / index.Best : 0);
        at.Add(MathF.Log(1 + index.Place));
        at.Add(MathF.Log(1 + index.Found));
        at.End();
    }

    private static int PlaceOf(RankWord word, int[] title)
    {
        int place = word.Stem < 0 ? -1 : Array.IndexOf(title, word.Stem);
        for (int i = 0; i < word.Joined.Length && place < 0; i++)
        {
            place = Array.IndexOf(title, word.Joined[i]);
        }

        return place;
    }

    /// <summary>The word of the title that is written most alike, and the one that means most alike.</summary>
    private (float Alike, float Meaning) Nearest(RankQueryView query, int word, int[] title)
    {
        (float alike, float meaning) = (0, 0);
        foreach (int stem in title)
        {
            alike = Math.Max(alike, LetterRuns.Alike(query.Letters[word], LettersOf(stem)));
            meaning = Math.Max(meaning, vectors.Cosine(query.Query.Words[word].Stem, stem));
        }

        return (alike, meaning);
    }

    private int[] LettersOf(int stem) => _letters[stem] ??= LetterRuns.Of(catalog.TextOf(stem));

    /// <summary>Where the words stand: the last of a query is most often the thing itself, and words that belong together stand together.</summary>
    private static void WriteOrder(ref Writer at, scoped ReadOnlySpan<int> place, scoped ReadOnlySpan<float> alike, int titleLength)
    {
        int n = place.Length;
        float length = Math.Max(1, titleLength);
        (int pairs, int run, int longest, int first, int lowest, int highest, int matched) = (0, 0, 0, int.MaxValue, int.MaxValue, -1, 0);
        for (int i = 0; i < n; i++)
        {
            bool follows = i > 0 && place[i] >= 0 && place[i - 1] >= 0 && place[i] == place[i - 1] + 1;
            pairs += follows ? 1 : 0;
            run = place[i] < 0 ? 0 : follows ? run + 1 : 1;
            longest = Math.Max(longest, run);
            if (place[i] >= 0)
            {
                matched++;
                first = Math.Min(first, place[i]);
                (lowest, highest) = (Math.Min(lowest, place[i]), Math.Max(highest, place[i]));
            }
        }

        at.Add(n > 0 && place[n - 1] >= 0 ? 1 : 0);
        at.Add(n > 0 ? alike[n - 1] : 0);
        at.Add(n > 0 && place[0] >= 0 ? 1 : 0);
        at.Add(n > 0 && place[n - 1] >= 0 ? place[n - 1] / length : -1);
        at.Add(matched > 0 ? first / length : -1);
        at.Add(n > 1 ? pairs / (n - 1f) : 0.5f);
        at.Add(n > 0 ? longest / (float)n : 0);
        at.Add(matched > 1 ? (highest - lowest + 1f) / matched : 0);
    }

    /// <summary>BM25 of each field alone, and the cosine of the title.</summary>
    private void WriteWeights(ref Writer at, RankQueryView query, ProductWords words, int product)
    {
        float title = 0;
        for (int field = 0; field < RankCatalog.FieldCount; field++)
        {
            int[] stems = words.Fields[field];
            double norm = Saturation * (1 - LengthShare + (LengthShare * stems.Length / catalog.MeanLengths[field]));
            double score = 0;
            foreach (RankWord word in query.Query.Words)
            {
                int count = word.Stem < 0 || stems.Length == 0 ? 0 : stems.AsSpan().Count(word.Stem);
                score += count == 0 ? 0 : word.Idf * count * (Saturation + 1) / (count + norm);
            }

            title = field == RankCatalog.Title ? (float)score : title;
            at.Add((float)score);
        }

        at.Add(query.Weight > 0 ? title / query.Weight : 0);
        (double dot, double squares) = (0, 0);
        foreach (int stem in words.Fields[RankCatalog.Title])
        {
            double idf = catalog.Idf(stem);
            squares += idf * idf;
            dot += query.Has(stem) ? idf * idf : 0;
        }

        at.Add(dot == 0 ? 0 : (float)(dot / Math.Sqrt(squares * query.Squares)));
        int[] letters = query.WholeLetters;
        int[] whole = LetterRuns.Of(catalog.FoldedTitle(product));
        int shared = LetterRuns.Shared(letters, whole);
        at.Add(letters.Length == 0 ? 0 : shared / (float)letters.Length);
        at.Add(shared == 0 ? 0 : shared / MathF.Sqrt(letters.Length * (float)whole.Length));
    }

    private void WriteWhole(ref Writer at, RankQueryView query, ProductWords words, int product)
    {
        int[] title = words.Fields[RankCatalog.Title];
        float[] direction = _titles[product] ??= vectors.Sum(title);
        at.Add(TensorPrimitives.Dot<float>(direction, query.Direction));
        at.Add(title.Length > 0 && query.Has(title[0]) ? 1 : 0);
        (double covered, double all) = (0, 0);
        foreach (int stem in title)
        {
            double idf = catalog.Idf(stem);
            all += idf;
            covered += query.Has(stem) ? idf : 0;
        }

        at.Add(all > 0 ? (float)(covered / all) : 0);
        at.Add(catalog.FoldedTitle(product).Contains(query.FoldedText, StringComparison.Ordinal) ? 1 : 0);
        at.Add(query.FoldedText.Contains(catalog.Products[product].Id, StringComparison.OrdinalIgnoreCase) ? 1 : 0);
        at.Add(catalog.PriceRank[product]);
        at.Add(popularity[product]);
    }

    private ref struct Writer(Span<float> to)
    {
        private readonly Span<float> _to = to;
        private int _at;

        public void Add(float value) => _to[_at++] = value;

        public readonly void End()
        {
            if (_at != _to.Length)
            {
                throw new InvalidOperationException($"{_at} features were written and {_to.Length} have names.");
            }
        }
    }
}

/// <summary>What the index said of a product: its score and its place from 0, the best score, and how many were found. All 0 where it was not found.</summary>
internal readonly record struct IndexedMatch(float Score, float Best, int Place, int Found);
