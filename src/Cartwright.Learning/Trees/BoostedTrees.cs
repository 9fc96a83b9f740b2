using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Trees;

/// <summary>Gradient-boosted decision trees over histograms: what a network must beat on most tables.</summary>
/// <remarks>
/// Friedman, "Greedy Function Approximation: A Gradient Boosting Machine", 2001; histograms and growth by leaf as in Ke et al., "LightGBM",
/// NeurIPS 2017. The same seed gives the same trees on any number of threads.
/// </remarks>
public sealed class BoostedTrees
{
    private readonly TreeLoss _loss;
    private readonly float[] _start;

    private BoostedTrees(BoostedTreesOptions options, FeatureBins bins, float[] start, DecisionTree[] trees)
    {
        Options = options;
        Bins = bins;
        _loss = TreeLoss.Of(options);
        _start = start;
        Trees = trees;
    }

    public BoostedTreesOptions Options { get; }

    /// <summary>Rounds that were kept: with validation, those up to the lowest loss.</summary>
    public int RoundCount => Trees.Length / _loss.ScoreCount;

    /// <summary>Numbers of a prediction: 1, or one for each class where there are more than two.</summary>
    public int OutputCount => _loss.ScoreCount;

    internal FeatureBins Bins { get; }

    /// <summary>[rounds * scores]</summary>
    internal DecisionTree[] Trees { get; }

    internal ReadOnlySpan<float> Start => _start;

    /// <summary>Learns to predict the targets from the columns.</summary>
    /// <param name="columns">At least one; all of as many rows as there are targets.</param>
    /// <param name="targets">Finite numbers; counts of 0 or more for <see cref="TreeObjective.Poisson"/>; whole numbers from 0 for classes.</param>
    /// <param name="validation">Rows that tell when to stop; null takes all rounds.</param>
    /// <param name="progress">Told the mean loss after every round: the validation's where there is one.</param>
    /// <param name="seed">Draws the rows that bins are learned from where there are more than 200,000.</param>
    /// <exception cref="ShapeException">Columns and targets differ in length, or there are none.</exception>
    /// <exception cref="ArgumentException">A target can't be learned by the objective.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop between two rounds.</exception>
    public static BoostedTrees Fit(
        IReadOnlyList<FeatureColumn> columns, float[] targets, BoostedTreesOptions options, TreeValidation? validation = null,
        IProgress<TreeProgress>? progress = null, ulong seed = 0, CancellationToken cancellation = default)
    {
        options.Validate();
        ShapeException.Require(
            columns.Count > 0 && targets.Length > 0, $"Boosted trees need at least one column and one row; found {columns.Count} and {targets.Length}.");
        ShapeException.Require(
            validation is null || validation.Targets.Length > 0, $"The validation of boosted trees has no rows. Give it one or more, or no validation at all.");
        var loss = TreeLoss.Of(options);
        loss.Check(targets);
        if (validation is not null)
        {
            loss.Check(validation.Targets);
        }

        var bins = FeatureBins.Learn(columns, options.BinCount, seed);
        var train = new Part(bins.Apply(columns), targets, loss, loss.Start(targets));
        Part? held = validation is null ? null : new Part(bins.Apply(validation.Columns), validation.Targets, loss, loss.Start(targets));
        var grower = new TreeGrower(train.Bins, bins, targets.Length, options);

        var trees = new List<DecisionTree>();
        double best = held?.Loss() ?? double.PositiveInfinity;
        int bestTrees = 0;
        int sinceBest = 0;
        for (int round = 1; round <= options.RoundCount && sinceBest < options.Patience; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int score = 0; score < loss.ScoreCount; score++)
            {
                train.Differentiate(score);
            }

            for (int score = 0; score < loss.ScoreCount; score++)
            {
                DecisionTree tree = grower.Grow(train.Numbers[score]);
                train.Renew(tree, grower, options.LearningRate);
                train.Add(tree, grower, score);
                held?.Add(tree, score);
                trees.Add(tree);
            }

            double reached = held?.Loss() ?? (progress is null ? 0 : train.Loss());
            progress?.Report(new TreeProgress(round, options.RoundCount, reached));
            if (held is not null)
            {
                sinceBest++;
                if (reached < best)
                {
                    (best, bestTrees, sinceBest) = (reached, trees.Count, 0);
                }
            }
        }

        return new BoostedTrees(options, bins, loss.Start(targets), held is null ? [.. trees] : [.. trees.Take(bestTrees)]);
    }

    /// <summary>The trees as <see cref="Weights"/> gave them.</summary>
    /// <param name="options">Those they were fitted with.</param>
    /// <exception cref="Formats.ModelFormatException">A tensor is missing, or the tensors do not make trees.</exception>
    public static BoostedTrees Load(BoostedTreesOptions options, IReadOnlyDictionary<string, Tensor> weights) => TreeWeights.Read(options, weights);

    internal static BoostedTrees Of(BoostedTreesOptions options, FeatureBins bins, float[] start, DecisionTree[] trees) => new(options, bins, start, trees);

    /// <summary>A prediction for each row: a number, the chance of class 1 of two, or the chance of each class.</summary>
    /// <param name="columns">As those learned from, in the same order.</param>
    /// <returns>[rows] or [rows, classes]</returns>
    /// <exception cref="ShapeException">The columns are not as many as were learned from, or differ in length.</exception>
    public float[] Predict(IReadOnlyList<FeatureColumn> columns)
    {
        byte[][] bins = Bins.Apply(columns);
        int rows = columns[0].Values.Length;
        int outputs = OutputCount;
        float[] predictions = new float[rows * outputs];
        ParallelWork.For(new RowBlocks(rows, Trees.Length + 1).Count, new Predicting(this, bins, rows, predictions));
        return predictions;
    }

    /// <summary>What each column adds to the scores of a row beside those of another: the number, the logarithm of a count's mean, the log-odds of a class.</summary>
    /// <param name="pair">The row, then the other: columns as those learned from, of two rows.</param>
    /// <exception cref="ShapeException">The columns are not as many as were learned from, or have no two rows.</exception>
    public TreeAttribution Attribute(IReadOnlyList<FeatureColumn> pair)
    {
        byte[][] bins = Bins.Apply(pair);
        ShapeException.Require(bins[0].Length == 2, $"An attribution compares two rows, the one that is explained and another; the columns have {bins[0].Length}.");
        double[] from = Array.ConvertAll(_start, start => (double)start);
        double[][] parts = [.. from.Select(_ => new double[Bins.Count])];
        for (int i = 0; i < Trees.Length; i++)
        {
            from[i % OutputCount] += Trees[i].Predict(bins, row: 1);
            new TreeShapley(Trees[i], bins, parts[i % OutputCount]).Add();
        }

        return new TreeAttribution(from, parts);
    }

    /// <summary>How much each column lowered the loss, as shares of 1; all 0 where no tree has a split.</summary>
    /// <returns>One for each column.</returns>
    public float[] Importance()
    {
        double[] gains = new double[Bins.Count];
        foreach (TreeNode node in Trees.SelectMany(tree => tree.Nodes).Where(node => node.Feature >= 0))
        {
            gains[node.Feature] += node.Gain;
        }

        double sum = gains.Sum();
        return [.. gains.Select(gain => sum == 0 ? 0 : (float)(gain / sum))];
    }

    /// <summary>All that was learned, by name, for a safetensors file.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights() => TreeWeights.Of(this);

    private readonly struct Predicting(BoostedTrees model, byte[][] bins, int rows, float[] predictions) : IWorkItem
    {
        public void Run(int index)
        {
            var blocks = new RowBlocks(rows, model.Trees.Length + 1);
            int outputs = model.OutputCount;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                Span<float> scores = predictions.AsSpan(row * outputs, outputs);
                model._start.CopyTo(scores);
                for (int tree = 0; tree < model.Trees.Length; tree++)
                {
                    scores[tree % outputs] += model.Trees[tree].Predict(bins, row);
                }

                model._loss.Predict(scores);
            }
        }
    }

    /// <summary>Rows with their targets and the scores so far.</summary>
    private sealed class Part
    {
        private readonly float[] _targets;
        private readonly TreeLoss _loss;
        private readonly float[] _scores;

        public Part(byte[][] bins, float[] targets, TreeLoss loss, float[] start)
        {
            ShapeException.Require(
                targets.Length == bins[0].Length,
                $"Boosted trees learn one target for each row; found {targets.Length} targets for {bins[0].Length} rows.");
            Bins = bins;
            _targets = targets;
            _loss = loss;
            _scores = new float[targets.Length * loss.ScoreCount];
            for (int i = 0; i < _scores.Length; i++)
            {
                _scores[i] = start[i % start.Length];
            }

            Numbers = new float[loss.ScoreCount][];
        }

        public byte[][] Bins { get; }

        /// <summary>Gradient, curvature, 1, 0 of every row, for each score: [scores][rows, 4].</summary>
        public float[][] Numbers { get; }

        public void Differentiate(int score)
        {
            float[] numbers = Numbers[score] ??= new float[_targets.Length * HistogramKernel.Stride];
            ParallelWork.For(new RowBlocks(_targets.Length, HistogramKernel.Stride).Count, new Differentiating(this, score, numbers));
        }

        /// <summary>Adds what a tree says to the scores of the rows it was grown from.</summary>
        public void Add(DecisionTree tree, TreeGrower grower, int score)
        {
            foreach ((int node, ReadOnlyMemory<int> rows) in grower.Leaves)
            {
                float value = tree.Nodes[node].Value;
                foreach (int row in rows.Span)
                {
                    _scores[(row * _loss.ScoreCount) + score] += value;
                }
            }
        }

        public void Add(DecisionTree tree, int score)
        {
            for (int row = 0; row < _targets.Length; row++)
            {
                _scores[(row * _loss.ScoreCount) + score] += tree.Predict(Bins, row);
            }
        }

        public void Renew(DecisionTree tree, TreeGrower grower, float learningRate)
        {
            if (_loss.ValueOfResiduals is not { } valueOf)
            {
                return;
            }

            foreach ((int node, ReadOnlyMemory<int> rows) in grower.Leaves)
            {
                float[] residuals = new float[rows.Length];
                for (int i = 0; i < residuals.Length; i++)
                {
                    int row = rows.Span[i];
                    residuals[i] = _targets[row] - _scores[row];
                }

                tree.Nodes[node].Value = valueOf(residuals) * learningRate;
            }
        }

        public double Loss()
        {
            double sum = 0;
            for (int row = 0; row < _targets.Length; row++)
            {
                sum += _loss.Value(_scores.AsSpan(row * _loss.ScoreCount, _loss.ScoreCount), _targets[row]);
            }

            return sum / _targets.Length;
        }

        private readonly struct Differentiating(Part part, int score, float[] numbers) : IWorkItem
        {
            public void Run(int index)
            {
                var blocks = new RowBlocks(part._targets.Length, HistogramKernel.Stride);
                int count = part._loss.ScoreCount;
                for (int row = blocks.Start(index); row < blocks.End(index); row++)
                {
                    Span<float> to = numbers.AsSpan(row * HistogramKernel.Stride, HistogramKernel.Stride);
                    (to[0], to[1]) = part._loss.Slope(part._scores.AsSpan(row * count, count), part._targets[row], score);
                    to[2] = 1;
                }
            }
        }
    }
}

/// <summary>Rows that tell when to stop.</summary>
/// <param name="Columns">As those to learn from.</param>
/// <param name="Targets">One for each row.</param>
public sealed record TreeValidation(IReadOnlyList<FeatureColumn> Columns, float[] Targets);

/// <param name="Round">From 1.</param>
/// <param name="Rounds">At most.</param>
/// <param name="Loss">Mean over the rows of validation, or of training where there is none.</param>
public sealed record TreeProgress(int Round, int Rounds, double Loss);
