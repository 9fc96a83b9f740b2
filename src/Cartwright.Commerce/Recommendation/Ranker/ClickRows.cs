using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Impressions with the numbers that the ranker reads of each: what it learns from and is judged on.</summary>
internal sealed class ClickRows
{
    /// <summary>Impressions that a place is given beside its own, clicked as the place above it is.</summary>
    private const double PlacePrior = 20;
    private const double FewestLooks = 0.02;

    private readonly ClickProduct[] _products;
    private readonly int[] _pageOf;
    private readonly int[] _placeOf;
    private readonly float[] _numbers;
    private readonly int _width;

    /// <param name="products">By dense index.</param>
    /// <param name="scores">Of each page's products: [products, generators + 1], row by row.</param>
    /// <param name="generatorCount">Generators.</param>
    /// <param name="hasRealTimes">False where times keep an order and nothing else, so that nothing has an age.</param>
    /// <param name="maxHistory">Latest steps that are read.</param>
    public ClickRows(IReadOnlyList<ImpressionPage> pages, ClickProduct[] products, float[][] scores, int generatorCount, bool hasRealTimes, int maxHistory)
    {
        (_products, Pages) = (products, pages);
        _width = ClickNumbers.Count(generatorCount);
        int count = pages.Sum(page => page.Products.Length);
        (_pageOf, _placeOf, _numbers) = (new int[count], new int[count], new float[count * _width]);
        Histories = [.. pages.Select(page => page.History.Latest(maxHistory).Products.ToArray())];
        int row = 0;
        for (int p = 0; p < pages.Count; p++)
        {
            ImpressionPage page = pages[p];
            ClickProduct[] history = Array.ConvertAll(Histories[p], index => products[index]);
            for (int place = 0; place < page.Products.Length; place++, row++)
            {
                (_pageOf[row], _placeOf[row]) = (p, place);
                int product = page.Products[place];
                ClickNumbers.Write(products[product], product, history, Histories[p], page.History.Count, scores[p].AsSpan(place * (generatorCount + 1), generatorCount + 1),
                    page.Popularity[place], hasRealTimes ? page.At : null, _numbers.AsSpan(row * _width, _width));
            }
        }
    }

    public int Count => _pageOf.Length;

    public IReadOnlyList<ImpressionPage> Pages { get; }

    /// <summary>Latest products of each page's history, oldest first.</summary>
    private int[][] Histories { get; }

    public int PageOf(int row) => _pageOf[row];

    public int PositionOf(int row) => Pages[_pageOf[row]].Positions[_placeOf[row]];

    public bool IsClicked(int row) => Pages[_pageOf[row]].Clicked[_placeOf[row]];

    public float PopularityOf(int row) => Pages[_pageOf[row]].Popularity[_placeOf[row]];

    public ReadOnlySpan<float> NumbersOf(int row) => _numbers.AsSpan(row * _width, _width);

    /// <summary>What judges chances of clicks at the places where the rows' products stood, by owners: [rows].</summary>
    public ChanceMeasure Measure(int seed)
    {
        var numbers = new Dictionary<int, int>();
        int[] owner = [.. _pageOf.Select(page => numbers.TryGetValue(Pages[page].Owner, out int number) ? number : numbers[Pages[page].Owner] = numbers.Count)];
        return new ChanceMeasure(owner, [.. Enumerable.Range(0, Count).Select(IsClicked)], numbers.Count, seed);
    }

    /// <summary>Of what was shown, to whom and when, and what was clicked: SHA-256 in hexadecimal.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ImpressionPage page in Pages)
        {
            hash.AppendData(BitConverter.GetBytes(page.At));
            hash.AppendData(MemoryMarshal.AsBytes<int>(page.Products));
            hash.AppendData(MemoryMarshal.AsBytes<int>(page.Positions));
            hash.AppendData(MemoryMarshal.AsBytes<bool>(page.Clicked));
            hash.AppendData(MemoryMarshal.AsBytes(page.History.Products.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Mean and standard deviation of every number; 1 for one that never changes.</summary>
    public (float[] Means, float[] Deviations) Moments()
    {
        (float[] means, float[] deviations) = (new float[_width], new float[_width]);
        for (int n = 0; n < _width; n++)
        {
            (double sum, double squares) = (0, 0);
            for (int row = 0; row < Count; row++)
            {
                double value = _numbers[(row * _width) + n];
                (sum, squares) = (sum + value, squares + (value * value));
            }

            double mean = sum / Math.Max(1, Count);
            double deviation = Math.Sqrt(Math.Max(0, (squares / Math.Max(1, Count)) - (mean * mean)));
            (means[n], deviations[n]) = ((float)mean, deviation > 1e-6 ? (float)deviation : 1);
        }

        return (means, deviations);
    }

    /// <summary>
    /// How much less each place is clicked than the first: too steep where better products stand first, and near enough to learn the chance of a
    /// look from. A place that few saw leans to the one above it.
    /// </summary>
    /// <returns>By place, 0 to <see cref="ClickNetwork.MaxPosition"/>; over 0 and under 1.</returns>
    public float[] Looks()
    {
        double[] shown = new double[ClickNetwork.MaxPosition + 1];
        double[] clicked = new double[ClickNetwork.MaxPosition + 1];
        for (int row = 0; row < Count; row++)
        {
            int place = Math.Min(PositionOf(row), ClickNetwork.MaxPosition);
            (shown[place], clicked[place]) = (shown[place] + 1, clicked[place] + (IsClicked(row) ? 1 : 0));
        }

        float[] looks = new float[ClickNetwork.MaxPosition + 1];
        double first = (clicked[1] + 1) / (shown[1] + 1), above = 1;
        for (int place = 0; place < looks.Length; place++)
        {
            double share = place <= 1 ? 1 : (clicked[place] + (PlacePrior * first * above)) / (shown[place] + PlacePrior) / first;
            above = place <= 1 ? 1 : share;
            looks[place] = (float)Math.Clamp(share, FewestLooks, 1 - FewestLooks);
        }

        return looks;
    }

    /// <param name="rows">Any rows.</param>
    /// <param name="hidden">Share of products whose id is hidden; 0 for answers.</param>
    /// <param name="random">Draws them; not asked where none is hidden.</param>
    public ClickBatch Batch(ReadOnlySpan<int> rows, float hidden, Random? random)
    {
        var places = new Dictionary<int, int>();
        var products = new List<ClickProduct>();
        int[] asked = new int[rows.Length];
        int[] offsets = new int[rows.Length + 1];
        int[] positions = new int[rows.Length];
        float[] clicked = new float[rows.Length];
        float[] numbers = new float[rows.Length * _width];
        var history = new List<int>();
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            asked[i] = Place(Pages[_pageOf[row]].Products[_placeOf[row]]);
            foreach (int product in Histories[_pageOf[row]])
            {
                history.Add(Place(product));
            }

            offsets[i + 1] = history.Count;
            positions[i] = PositionOf(row);
            clicked[i] = IsClicked(row) ? 1 : 0;
            NumbersOf(row).CopyTo(numbers.AsSpan(i * _width));
        }

        int[] numbered = [.. products.Select(product => random is not null && random.NextSingle() < hidden ? 0 : product.Number)];
        return new ClickBatch([.. products], numbered, asked, [.. history], offsets, numbers, positions, clicked);

        int Place(int product)
        {
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, product, out bool isThere);
            if (!isThere)
            {
                place = products.Count;
                products.Add(_products[product]);
            }

            return place;
        }
    }
}

/// <summary>What a model's generators say of the products of pages.</summary>
internal static class PageScores
{
    /// <returns>Of each page: [products, generators + 1], row by row, as <see cref="GeneratorScores"/> reads them.</returns>
    public static float[][] Of(IRecommendationModel model, IReadOnlyList<ImpressionPage> pages, CancellationToken cancellationToken)
    {
        int width = GeneratorScores.Of(model).Count + 1;
        var scores = new float[pages.Count][];
        Parallel.For(0, pages.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
        {
            using var alone = Compute.OnThisThread();
            scores[p] = new float[pages[p].Products.Length * width];
            GeneratorScores.Read(model, pages[p].History, pages[p].Products, scores[p]);
        });
        return scores;
    }
}
