using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Search;

internal sealed record RankNetworkOptions
{
    /// <summary>Stems that have a direction; 0 is padding and 1 every other stem.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Numbers of a pair.</summary>
    public required int NumberCount { get; init; }

    public int KernelCount { get; init; } = 48;

    public int HiddenSize { get; init; } = 96;

    public float Dropout { get; init; } = 0.2f;
}

/// <summary>Scores a query and a product: a convolution over the words of each, compared, beside the numbers of the pair.</summary>
/// <remarks>
/// Words as in Kim, "Convolutional Neural Networks for Sentence Classification", EMNLP 2014, the same kernels for query and title; what the two say is
/// compared by product and difference as in Severyn and Moschitti, "Learning to Rank Short Text Pairs with Convolutional Deep Neural Networks",
/// SIGIR 2015. Differs from both: directions of words begin as <see cref="WordVectors"/>, and there are two outputs, a grade and a place in the list.
/// </remarks>
internal sealed class RankNetwork : Module
{
    /// <summary>Words of a query and of a title that are read.</summary>
    public const int QueryLength = 8, TitleLength = 20;

    private const int Kernel = 3;

    private readonly RankNetworkOptions _options;
    private readonly Embedding _words;
    private readonly Conv1d _kernels;
    private readonly Dense _first;
    private readonly Dense _second;
    private readonly Dense _outputs;
    private readonly Dropout _dropout;

    public RankNetwork(RankNetworkOptions options, Random random)
    {
        _options = options;
        _words = new Embedding(options.VocabularySize, WordVectors.Size, random);
        _kernels = new Conv1d(WordVectors.Size, options.KernelCount, Kernel, random, new ConvOptions { Padding = new Margins(0, 0, Kernel / 2, Kernel / 2) });
        _first = new Dense(options.NumberCount + (2 * options.KernelCount), options.HiddenSize, random);
        _second = new Dense(options.HiddenSize, options.HiddenSize / 2, random);
        _outputs = new Dense(options.HiddenSize / 2, 2, random);
        _dropout = new Dropout(options.Dropout);
    }

    public RankNetworkOptions Options => _options;

    /// <summary>[VocabularySize, <see cref="WordVectors.Size"/>]</summary>
    public Tensor Words => _words.Weight;

    /// <returns>Of each pair a grade, in deviations from the mean, and a score to order by: [pairs, 2].</returns>
    public Tensor Forward(RankBatch batch)
    {
        Tensor query = Read(batch.QueryWords, batch.Count, QueryLength);
        Tensor title = Read(batch.TitleWords, batch.Count, TitleLength);
        Tensor apart = query - title;
        Tensor x = Arrangement.Concat(1, Tensor.From(batch.Numbers, batch.Count, _options.NumberCount), query * title, apart * apart);
        x = _dropout.Forward(_first.Forward(x, Activation.Relu));
        x = _dropout.Forward(_second.Forward(x, Activation.Relu));
        return _outputs.Forward(x);
    }

    /// <summary>Squared error of the grades, and cross-entropy of each list: the share of its gain that each product has, given what BM25F says of it.</summary>
    /// <remarks>So the network learns where BM25F errs, not what it says already. The second is ListNet's top-one loss: Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", ICML 2007.</remarks>
    /// <returns>A scalar.</returns>
    public Tensor Loss(RankBatch batch)
    {
        int lists = batch.Count / RankBatch.ListLength;
        Tensor outputs = Forward(batch);
        Tensor off = (outputs.Slice(1, 0, 1).Reshape(batch.Count) - Tensor.From(batch.Grades, batch.Count)) * Tensor.From(batch.IsJudged, batch.Count);
        Tensor scores = outputs.Slice(1, 1, 2).Reshape(lists, RankBatch.ListLength) + Tensor.From(batch.Before, lists, RankBatch.ListLength);
        Tensor places = (scores.LogSoftmax() * Tensor.From(batch.Shares, lists, RankBatch.ListLength)).Sum();
        return (off * off).Sum().Scale(1 / Math.Max(1, batch.IsJudged.Sum())) - places.Scale(1f / lists);
    }

    protected override IEnumerable<Part> Parts =>
        [new("words", _words), new("kernels", _kernels), new("first", _first), new("second", _second), new("outputs", _outputs), new("dropout", _dropout)];

    private Tensor Read(int[] words, int count, int length) =>
        _kernels.Forward(_words.Forward(words).Reshape(count, length, WordVectors.Size).Transpose(0, 2, 1), thenRelu: true).Max([2]);
}

/// <summary>Pairs of query and product as <see cref="RankNetwork"/> reads them.</summary>
internal sealed class RankBatch(int count, int numberCount)
{
    /// <summary>Products of a list that is learned from.</summary>
    public const int ListLength = 16;

    public int Count => count;

    /// <summary>[count, QueryLength], 0 behind the last word.</summary>
    public int[] QueryWords { get; } = new int[count * RankNetwork.QueryLength];

    /// <summary>[count, TitleLength]</summary>
    public int[] TitleWords { get; } = new int[count * RankNetwork.TitleLength];

    /// <summary>[count, numbers]</summary>
    public float[] Numbers { get; } = new float[count * numberCount];

    /// <summary>In deviations from the mean; 0 where nobody judged.</summary>
    public float[] Grades { get; } = new float[count];

    /// <summary>1 where somebody judged.</summary>
    public float[] IsJudged { get; } = new float[count];

    /// <summary>Share of its list's gain.</summary>
    public float[] Shares { get; } = new float[count];

    /// <summary>What is known of a place before the network speaks: how BM25F scores the product beside the others; very low where a list has no more.</summary>
    public float[] Before { get; } = new float[count];
}
