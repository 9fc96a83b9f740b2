using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Pictures by what a network saw in them, with what the catalog says of each.</summary>
/// <param name="Embeddings">[pictures, width]</param>
/// <param name="Facts">Attributes of each, brand among them, by name.</param>
internal sealed record DescribedPictures(float[] Embeddings, IReadOnlyList<IReadOnlyDictionary<string, string>> Facts)
{
    public int Count => Facts.Count;
}

/// <summary>Teaches a layer over embeddings for every attribute that enough pictures tell of.</summary>
/// <remarks>
/// Validation pictures choose the pass, set the chances right and judge: a layer whose loss there isn't surely below that of the values' shares is left out. What no
/// layer tells is guessed from look-alikes.
/// </remarks>
internal static class AttributeTraining
{
    private const int FewestPictures = 40;
    private const int FewestOfValue = 8;
    private const int FewestValidating = 10;
    private const int MostValues = 200;
    private const int MostHeads = 40;
    private const int BatchSize = 64;
    private const int FewestEpochs = 60;
    private const int FewestSteps = 800;
    private const int Patience = 10;
    private const string Rare = "";

    /// <summary>What the catalog says of a product by name, but its category and label: those the network itself tells.</summary>
    public static IReadOnlyDictionary<string, string> FactsOf(Product product) => TitleFacts.Of(product)
        .Where(fact => fact.Name is not (TitleFacts.Category or PictureSet.LabelAttribute)).ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);

    /// <summary>Names of the attributes that enough pictures tell of, commonest first.</summary>
    public static IReadOnlyList<string> Teachable(IReadOnlyList<IReadOnlyDictionary<string, string>> train, IReadOnlyList<IReadOnlyDictionary<string, string>> validation) =>
    [
        .. train.SelectMany(facts => facts.Keys).CountBy(name => name, StringComparer.Ordinal)
            .Where(name => name.Value >= FewestPictures && validation.Count(facts => facts.ContainsKey(name.Key)) >= FewestValidating && ValuesOf(name.Key, train).Length > 1)
            .OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).Take(MostHeads).Select(name => name.Key),
    ];

    public static List<AttributeHead> Run(DescribedPictures train, DescribedPictures validation, int seed, TimeProvider clock, CancellationToken cancellation)
    {
        var heads = new List<AttributeHead>();
        if (train.Count == 0)
        {
            return heads;
        }

        int width = train.Embeddings.Length / train.Count;
        (float[] Means, float[] Deviations) scale = EmbeddingScale.Of(train.Embeddings, width);
        var scaled = new DescribedPictures(EmbeddingScale.Apply(train.Embeddings, scale), train.Facts);
        var judged = new DescribedPictures(EmbeddingScale.Apply(validation.Embeddings, scale), validation.Facts);
        foreach (string name in Teachable(train.Facts, validation.Facts))
        {
            if (Fit(name, scaled, judged, width, seed, clock, cancellation) is { } head)
            {
                (float[] weight, float[] bias) = EmbeddingScale.Unscaled(head.Weight, head.Bias, scale);
                heads.Add(head with { Weight = weight, Bias = bias });
            }
        }

        return heads;
    }

    /// <returns>Null where it tells no more than how common each value is.</returns>
    private static AttributeHead? Fit(string name, DescribedPictures train, DescribedPictures validation, int width, int seed, TimeProvider clock, CancellationToken cancellation)
    {
        string[] values = ValuesOf(name, train.Facts);
        (float[] x, int[] targets) = Taught(train);
        (float[] judged, int[] truth) = Taught(validation);
        if (truth.Length < FewestValidating)
        {
            return null;
        }

        var layer = new Dense(width, values.Length, Seeds.Random((ulong)seed, 51));
        layer.Load(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["weight"] = Tensor.Zeros(values.Length, width), ["bias"] = Tensor.Zeros(values.Length) });   // all values alike
        int epochs = Math.Max(FewestEpochs, FewestSteps / ((targets.Length + BatchSize - 1) / BatchSize));
        new EmbeddingLayer { BatchSize = BatchSize, Epochs = epochs, Patience = Patience }.Teach(layer, (row, _) => x.AsMemory(row * width, width), targets,
            () => EmbeddingLayer.Loss(EmbeddingLayer.Logits(layer, judged), truth), seed, clock, cancellation);

        float[] logits = EmbeddingLayer.Logits(layer, judged);
        float temperature = PictureTemperature.Fit(logits, truth);
        double[] shares = [.. Enumerable.Range(0, values.Length).Select(value => (targets.Count(target => target == value) + 1.0) / (targets.Length + values.Length))];
        float[] chances = PictureTemperature.Softmax(logits, values.Length, temperature);
        return IsSurelyLess([.. truth.Select((target, row) => Classification.LogLoss(shares[target]) - Classification.LogLoss(chances[(row * values.Length) + target]))])
            ? new AttributeHead(name, values, layer.Weight.ToArray(), layer.Bias!.ToArray(), temperature) : null;

        // Pictures of which the catalog says the attribute, and whose value can be told.
        (float[] X, int[] Targets) Taught(DescribedPictures pictures)
        {
            int rare = Array.IndexOf(values, Rare);
            (int Row, int Value)[] known = [.. Enumerable.Range(0, pictures.Count).Where(row => pictures.Facts[row].ContainsKey(name))
                .Select(row => (row, Array.IndexOf(values, pictures.Facts[row][name]) is >= 0 and int value ? value : rare)).Where(one => one.Item2 >= 0)];
            return ([.. known.SelectMany(one => pictures.Embeddings[(one.Row * width)..((one.Row + 1) * width)])], [.. known.Select(one => one.Value)]);
        }
    }

    /// <summary>Values with enough pictures, in alphabetical order; the others together where they have enough.</summary>
    private static string[] ValuesOf(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> facts)
    {
        KeyValuePair<string, int>[] counts = [.. facts.Where(of => of.ContainsKey(name)).CountBy(of => of[name], StringComparer.Ordinal)];
        string[] values = [.. counts.Where(value => value.Value >= FewestOfValue).Select(value => value.Key).Order(StringComparer.Ordinal)];
        return values.Length > MostValues || values.Length < 2 ? []
            : counts.Where(value => value.Value < FewestOfValue).Sum(value => value.Value) >= FewestOfValue ? [Rare, .. values] : values;
    }

    /// <summary>Whether what is won is more than chance would give: two standard errors of its mean.</summary>
    private static bool IsSurelyLess(double[] won)
    {
        double mean = won.Average();
        return mean > 2 * Math.Sqrt(won.Sum(one => (one - mean) * (one - mean)) / won.Length / won.Length);
    }
}
