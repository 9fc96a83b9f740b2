using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tables;

/// <summary>What a table's rows are made of, and how large the network over them is.</summary>
public sealed record TableNetworkOptions
{
    /// <summary>What is predicted.</summary>
    public TableTarget Target { get; init; } = TableTarget.Number;

    /// <summary>Classes, 2 or more; read for <see cref="TableTarget.Class"/> alone.</summary>
    public int ClassCount { get; init; } = 2;

    /// <summary>Columns of numbers, 0 or more.</summary>
    public int NumberCount { get; init; }

    /// <summary>Categories of each column of them, 1 or more each.</summary>
    public IReadOnlyList<int> CategoryCounts { get; init; } = [];

    /// <summary>Tokens of each column of texts, 1 or more each.</summary>
    public IReadOnlyList<int> VocabularySizes { get; init; } = [];

    /// <summary>Pieces that the range of a number is cut into, 1 or more: more see finer steps.</summary>
    public int PieceCount { get; init; } = 32;

    /// <summary>Numbers in the vector of a text, 1 or more.</summary>
    public int TextSize { get; init; } = 64;

    /// <summary>Width of the hidden layers, 1 or more.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Hidden layers, 1 or more.</summary>
    public int LayerCount { get; init; } = 3;

    /// <summary>Share of the hidden numbers left out while learning, from 0 to below 1.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>The quantiles that the head of a number gives beside the mean, rising, between 0 and 1.</summary>
    public IReadOnlyList<float> Quantiles { get; init; } = [0.1f, 0.9f];

    /// <summary>Numbers that the network gives for a row.</summary>
    public int OutputCount => Target switch
    {
        TableTarget.Number => 1 + Quantiles.Count,
        TableTarget.Count => 2,
        _ => ClassCount,
    };

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ClassCount, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(NumberCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(PieceCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TextSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LayerCount, 1);
        Ranges.ThrowUnlessBelowOne(Dropout);
        foreach (float quantile in Quantiles)
        {
            Ranges.ThrowUnlessPositive(quantile, nameof(Quantiles));
            Ranges.ThrowUnlessBelowOne(quantile, nameof(Quantiles));
        }

        foreach (int count in CategoryCounts)
        {
            _ = Ranges.Size(count, nameof(TableNetwork), nameof(CategoryCounts));
        }

        if (NumberCount + CategoryCounts.Count + VocabularySizes.Count == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(NumberCount), NumberCount, "A table network needs at least one column, of numbers, categories or texts.");
        }
    }
}

/// <summary>What is predicted from a table's row.</summary>
public enum TableTarget
{
    /// <summary>A number, by its mean and two quantiles.</summary>
    Number,

    /// <summary>A count, by the mean and the spread of a negative binomial distribution.</summary>
    Count,

    /// <summary>One of several classes, by the chance of each.</summary>
    Class,
}

/// <summary>Predicts a number, a count or a class from the columns of a table.</summary>
/// <remarks>
/// Each number becomes how far it fills each piece of its range (Gorishniy, Rubachev and Babenko, "On Embeddings for Numerical Features in
/// Tabular Deep Learning", NeurIPS 2022, section 3.2), a category a learned row, a text the mean of its tokens' learned rows; all are joined and
/// go through layers with a shortcut around each but the first (Gorishniy et al., "Revisiting Deep Learning Models for Tabular Data", NeurIPS
/// 2021). Targets are learned as they come: scale them to mean 0 and deviation 1 before.
/// </remarks>
public sealed class TableNetwork : Module
{
    private readonly TableNetworkOptions _options;
    private readonly Embedding[] _categories;
    private readonly EmbeddingBag[] _texts;
    private readonly Dense _input;
    private readonly Block[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Dense _head;
    private readonly Dropout _dropout;

    /// <param name="options">Columns, target and sizes.</param>
    /// <param name="numbers">Where the ranges of the numbers are cut.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    /// <exception cref="ShapeException">The pieces do not fit the options.</exception>
    public TableNetwork(TableNetworkOptions options, NumberPieces numbers, Random random)
    {
        options.Validate();
        ShapeException.Require(
            numbers.ColumnCount == options.NumberCount,
            $"A table network for {options.NumberCount} columns of numbers needs pieces learned from as many; found {numbers.ColumnCount}.");
        _options = options;
        Numbers = numbers;
        _categories = [.. options.CategoryCounts.Select(count => new Embedding(count, CategorySize(count), random, deviation: 0.1f))];
        _texts = [.. options.VocabularySizes.Select(size => new EmbeddingBag(size, options.TextSize, random, deviation: 0.1f))];
        JoinedSize = numbers.Width + options.CategoryCounts.Sum(CategorySize) + (options.VocabularySizes.Count * options.TextSize);
        _input = new Dense(JoinedSize, options.HiddenSize, random);
        _blocks = [.. Enumerable.Range(1, options.LayerCount - 1).Select(_ => new Block(options.HiddenSize, options.Dropout, random))];
        _norm = new LayerNorm(options.HiddenSize);
        _head = new Dense(options.HiddenSize, options.OutputCount, random);
        _dropout = new Dropout(options.Dropout);
    }

    public NumberPieces Numbers { get; }

    /// <summary>Numbers of a row after its columns are joined.</summary>
    public int JoinedSize { get; }

    /// <summary>Numbers that each column becomes when they are joined: those of numbers, then of categories, then of texts.</summary>
    internal IEnumerable<int> JoinedSizes =>
    [
        .. Enumerable.Repeat(Numbers.Width / Math.Max(1, _options.NumberCount), _options.NumberCount),
        .. _options.CategoryCounts.Select(CategorySize),
        .. _options.VocabularySizes.Select(_ => _options.TextSize),
    ];

    protected internal override IEnumerable<Part> Parts =>
    [
        .. _options.NumberCount == 0 ? [] : new Part[] { new("numbers.edges", Numbers.Edges), new("numbers.scale", Numbers.Scale) },
        .. _categories.Select((layer, i) => new Part($"categories.{i}", layer)),
        .. _texts.Select((layer, i) => new Part($"texts.{i}", layer)),
        new("input", _input),
        .. _blocks.Select((layer, i) => new Part($"blocks.{i}", layer)),
        new("norm", _norm),
        new("head", _head),
        new("dropout", _dropout),
    ];

    /// <returns>The columns of each row as one vector: [rows, JoinedSize].</returns>
    /// <exception cref="ShapeException">The rows have other columns.</exception>
    public Tensor Join(TableRows rows)
    {
        ShapeException.Require(
            rows.Numbers.Count == _options.NumberCount,
            $"This table network takes {_options.NumberCount} columns of numbers; the rows have {rows.Numbers.Count}.");
        ShapeException.Require(
            rows.Categories.Count == _categories.Length,
            $"This table network takes {_categories.Length} columns of categories; the rows have {rows.Categories.Count}.");
        ShapeException.Require(rows.Texts.Count == _texts.Length, $"This table network takes {_texts.Length} columns of texts; the rows have {rows.Texts.Count}.");
        for (int i = 0; i < _categories.Length; i++)
        {
            ShapeException.Require(
                rows.Categories[i].Length == rows.Count, $"Column {i} of categories has {rows.Categories[i].Length} rows; there are {rows.Count}.");
        }

        for (int i = 0; i < _texts.Length; i++)
        {
            ShapeException.Require(
                rows.Texts[i].Starts.Length == rows.Count + 1, $"Column {i} of texts has {rows.Texts[i].Starts.Length - 1} rows; there are {rows.Count}.");
        }

        List<Tensor> parts = [];
        if (_options.NumberCount > 0)
        {
            parts.Add(Numbers.Encode(rows.Numbers, rows.Count));
        }

        parts.AddRange(_categories.Select((layer, i) => layer.Forward(rows.Categories[i])));
        parts.AddRange(_texts.Select((layer, i) => layer.Forward(rows.Texts[i].Tokens, rows.Texts[i].Starts)));
        return parts.Count == 1 ? parts[0] : Arrangement.Concat(1, [.. parts]);
    }

    /// <param name="joined">[rows, JoinedSize]</param>
    /// <returns>Of a number the mean, then its quantiles; of a count the logarithm of the mean, then the spread before softplus; of classes the logits: [rows, outputs].</returns>
    public Tensor Head(Tensor joined)
    {
        Tensor x = _dropout.Forward(_input.Forward(joined).Relu());       // [rows, hidden]
        foreach (Block block in _blocks)
        {
            x = block.Forward(x);
        }

        return _head.Forward(_norm.Forward(x));
    }

    /// <inheritdoc cref="Head"/>
    public Tensor Forward(TableRows rows) => Head(Join(rows));

    /// <summary>Squared error of the mean and pinball of the quantiles; the likelihood of a count; cross-entropy of a class.</summary>
    /// <param name="targets">One for each row; whole numbers from 0 for classes.</param>
    /// <returns>The mean over the rows: a scalar.</returns>
    public Tensor Loss(TableRows rows, float[] targets)
    {
        ShapeException.Require(targets.Length == rows.Count, $"A table network learns one target for each row; found {targets.Length} targets for {rows.Count} rows.");
        Tensor outputs = Forward(rows);
        switch (_options.Target)
        {
            case TableTarget.Class:
                return CrossEntropy.Loss(outputs, Classes(targets));
            case TableTarget.Count:
                (Tensor mean, Tensor spread) = Distribution(outputs);
                return NegativeBinomialLikelihood.Loss(mean, spread, Tensor.From(targets, targets.Length));
            default:
                var y = Tensor.From(targets, targets.Length);
                Tensor error = MeanSquaredError.Loss(outputs.Slice(1, 0, 1).Reshape(targets.Length), y);
                return _options.Quantiles.Count == 0 ? error
                    : error + Pinball.Loss(outputs.Slice(1, 1), y, [.. _options.Quantiles]);
        }
    }

    private int[] Classes(float[] targets)
    {
        int[] classes = new int[targets.Length];
        for (int row = 0; row < targets.Length; row++)
        {
            classes[row] = targets[row] >= 0 && targets[row] < _options.ClassCount && targets[row] % 1 == 0 ? (int)targets[row] : throw new ArgumentException(
                $"The target of row {row} is {targets[row]}; classes are whole numbers from 0 to {_options.ClassCount - 1}.", nameof(targets));
        }

        return classes;
    }

    /// <summary>Mean and spread of the negative binomial distribution that the head of a count describes: [rows] each.</summary>
    public static (Tensor Mean, Tensor Spread) Distribution(Tensor outputs)
    {
        int rows = outputs.Shape[0];
        return (outputs.Slice(1, 0, 1).Reshape(rows).Clip(-20, 20).Exp(),
            outputs.Slice(1, 1).Reshape(rows).Softplus() + Tensor.From([1e-3f], 1));
    }

    private static int CategorySize(int count) => Math.Min(32, (int)Math.Ceiling(1.6 * Math.Pow(count, 0.56)));

    private sealed class Block(int size, float dropout, Random random) : Module
    {
        private readonly LayerNorm _norm = new(size);
        private readonly Dense _dense = new(size, size, random);
        private readonly Dropout _dropout = new(dropout);

        protected internal override IEnumerable<Part> Parts => [new("norm", _norm), new("dense", _dense), new("dropout", _dropout)];

        public Tensor Forward(Tensor x) => x + _dropout.Forward(_dense.Forward(_norm.Forward(x)).Relu());
    }
}
