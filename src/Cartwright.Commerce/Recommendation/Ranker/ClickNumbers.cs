namespace Cartwright.Commerce.Recommendation;

/// <summary>The numbers that the ranker reads beside embeddings: what the generators say, what is known of the product, how it stands to the history.</summary>
internal static class ClickNumbers
{
    private const float LargestScore = 10;
    private const float MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Numbers of a row beside one for each generator.</summary>
    private static readonly string[] Beside =
        ["generators together", "popularity", "age is known", "age", "in the history", "how lately", "like category", "like brand", "price against the history", "length of the history"];

    /// <summary>Names of all, in their order.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> generators) => [.. generators.Select(name => $"model {name}"), .. Beside];

    public static int Count(int generatorCount) => generatorCount + Beside.Length;

    /// <param name="product">The candidate.</param>
    /// <param name="index">Its number wherever <paramref name="historyIndexes"/> come from.</param>
    /// <param name="history">Latest steps, oldest first; their products by the same numbers.</param>
    /// <param name="stepCount">Steps of the whole history.</param>
    /// <param name="scores">Each generator's score, then what all make together.</param>
    /// <param name="popularity">Steps of interest with the product over the mean of all products.</param>
    /// <param name="at">Now, in microseconds since 1970; null where times only keep an order.</param>
    /// <param name="numbers">Filled: [scores.Length − 1 + …]</param>
    public static void Write(ClickProduct product, int index, ReadOnlySpan<ClickProduct> history, ReadOnlySpan<int> historyIndexes, int stepCount,
        ReadOnlySpan<float> scores, float popularity, long? at, Span<float> numbers)
    {
        numbers.Clear();
        for (int i = 0; i < scores.Length; i++)
        {
            numbers[i] = float.IsFinite(scores[i]) ? Math.Clamp(scores[i], -LargestScore, LargestScore) : 0;
        }

        Span<float> rest = numbers[scores.Length..];
        rest[0] = MathF.Log(1 + popularity);
        if (at is { } now && product.CreatedAt is { } created)
        {
            (rest[1], rest[2]) = (1, MathF.Log(1 + (Math.Max(0, now - created) / MicrosecondsPerDay)));
        }

        float priceSum = 0;
        int priced = 0, sameCategory = 0, sameBrand = 0;
        for (int i = 0; i < history.Length; i++)
        {
            sameCategory += history[i].Category is { } category && category == product.Category ? 1 : 0;
            sameBrand += history[i].Brand is { } brand && brand == product.Brand ? 1 : 0;
            (priceSum, priced) = float.IsNaN(history[i].LogPrice) ? (priceSum, priced) : (priceSum + history[i].LogPrice, priced + 1);
        }

        int last = historyIndexes.LastIndexOf(index);
        (rest[3], rest[4]) = last < 0 ? (0, 0) : (1, 1f / (historyIndexes.Length - last));
        (rest[5], rest[6]) = history.IsEmpty ? (0, 0) : ((float)sameCategory / history.Length, (float)sameBrand / history.Length);
        rest[7] = priced == 0 || float.IsNaN(product.LogPrice) ? 0 : Math.Clamp(product.LogPrice - (priceSum / priced), -3, 3);
        rest[8] = MathF.Log(1 + stepCount);
    }
}
