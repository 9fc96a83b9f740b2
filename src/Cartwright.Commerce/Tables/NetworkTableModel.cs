using System.Numerics.Tensors;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Tables;
using Cartwright.Learning.Training;
using Tensor = Cartwright.Learning.Tensors.Tensor;

namespace Cartwright.Commerce.Tables;

/// <summary>A network over the table's columns; the epoch is chosen on validation.</summary>
/// <param name="scale">Of a number; null for counts and classes.</param>
/// <param name="lift">What the mean of a number is more than the back-turned mean of its logarithm.</param>
internal sealed class NetworkTableModel(LearnedTarget target, TableNetwork network, TableNetworkOptions options, TargetScale? scale, float lift) : IBlendableModel
{
    public string Name => "network";

    public TableNetwork Network => network;

    public TableNetworkOptions Options => options;

    public TargetScale? Scale => scale;

    public float Lift => lift;

    public static NetworkTableModel Fit(TableLearning learning, TableEncoder encoder, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        LearnedTarget target = learning.Target;
        EncodedRows rows = learning.Train.Rows;
        TableNetworkOptions options = new()
        {
            Target = target.Kind,
            ClassCount = Math.Max(2, target.Classes.Count),
            NumberCount = encoder.NumberCount,
            CategoryCounts = encoder.CategoryCounts,
            VocabularySizes = encoder.VocabularySizes,
            Dropout = rows.Count < 20_000 ? 0.3f : 0.1f,
        };
        TableNetwork network = new(options, NumberPieces.Learn(rows.Network.Numbers, options.PieceCount), Seeds.Random((ulong)learning.Seed, 0));
        TargetScale? scale = target.Kind == TableTarget.Number ? TargetScale.Of(target.IsLog, learning.Train.Targets) : null;
        float[] wanted = scale?.Scale(learning.Validation.Targets) ?? learning.Validation.Targets;
        TableNetworkTraining.Fit(network, rows.Network, scale?.Scale(learning.Train.Targets) ?? learning.Train.Targets, (learning.Validation.Rows.Network, wanted),
            new TableTrainingOptions { Seed = learning.Seed, Epochs = learning.Epochs ?? 60 }, learning.Clock, progress, cancellation);

        var model = new NetworkTableModel(target, network, options, scale, lift: 1);
        return scale is { IsLog: true } && !target.CountsRatios
            ? new NetworkTableModel(target, network, options, scale, Smear(model.Predict(learning.Validation.Rows).Values, learning.Validation.Targets))
            : model;
    }

    public TablePredictions Predict(EncodedRows rows)
    {
        int outputs = options.OutputCount;
        float[] raw = TableNetworkTraining.Predict(network, rows.Network, outputs);
        switch (options.Target)
        {
            case TableTarget.Class:
                for (int row = 0; row < rows.Count; row++)
                {
                    Span<float> chances = raw.AsSpan(row * outputs, outputs);
                    TensorPrimitives.Subtract(chances, TensorPrimitives.Max<float>(chances), chances);
                    TensorPrimitives.SoftMax(chances, chances);
                }

                return new TablePredictions(raw);
            case TableTarget.Count:
                return new TablePredictions([.. Enumerable.Range(0, rows.Count).Select(row => MathF.Exp(Math.Clamp(raw[row * outputs], -20, 20)))]);
            default:
                float[] Column(int output, float factor) => [.. Enumerable.Range(0, rows.Count).Select(row => scale!.Back(raw[(row * outputs) + output]) * factor)];
                return new TablePredictions(Column(0, lift), Column(1, 1), Column(2, 1));
        }
    }

    public double[] Attribute(EncodedRows pair, TablePlaces places)
    {
        Attribution scores = TableAttribution.Attribute(network, Score, pair.Network);
        double slope = options.Target == TableTarget.Class ? 1 : PathSlopes.Of(Answer, [scores.BaselineScore], [scores.Score])[0];
        return places.Sum([.. scores.Values.Select(value => slope * value)], places.Network);
    }

    private Tensor Score(Tensor outputs) => options.Target == TableTarget.Class
        ? outputs.Softmax().Slice(1, options.OutputCount - 1)
        : outputs.Slice(1, 0, 1);

    private double Answer(double[] scores) => target.Mixed(options.Target == TableTarget.Count ? Math.Exp(Math.Clamp(scores[0], -20, 20)) : scale!.Back(scores[0]) * lift);

    /// <summary>Duan, "Smearing Estimate: A Nonparametric Retransformation Method", 1983.</summary>
    private static float Smear(float[] predicted, float[] targets) =>
        Math.Clamp((float)(targets.Sum(y => (double)y) / predicted.Sum(p => (double)p)), 0.8f, 1.25f);
}
