using Cartwright.Learning.Metrics;

namespace Cartwright.Learning.Tests.Metrics;

public sealed class ClassificationTests
{
    [Fact]
    public void Auc_counts_pairs_in_order_and_ties_half()
    {
        Assert.Equal(0.75, Classification.Auc([0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1]));
        Assert.Equal(0.5, Classification.Auc([0.3f, 0.3f, 0.3f], [0, 1, 0]));
        Assert.Equal(1, Classification.Auc([0.1f, 0.2f, 0.3f], [0, 0, 1]));
        Assert.True(double.IsNaN(Classification.Auc([0.1f, 0.2f], [1, 1])));
    }

    [Fact]
    public void Calibration_error_is_the_distance_of_chances_and_shares()
    {
        // Nine of ten came where 0.95 was given: 0.05 off.
        float[] chances = [.. Enumerable.Repeat(0.95f, 10)];
        bool[] came = [.. Enumerable.Range(0, 10).Select(i => i > 0)];

        Assert.Equal(0.05, Classification.CalibrationError(chances, came), 6);
    }

    [Fact]
    public void F1_is_the_harmonic_mean_of_precision_and_recall()
    {
        // Two named, one of them right; two came: precision and recall are both a half.
        Assert.Equal(0.5, Classification.F1([1, 1, 0, 0], [1, 0, 1, 0], ofClass: 1));
        Assert.Equal(0, Classification.F1([0, 0], [0, 0], ofClass: 1));
    }

    [Fact]
    public void Log_loss_of_an_impossible_class_is_large_and_finite()
    {
        Assert.Equal(Math.Log(2), Classification.LogLoss(0.5), 12);
        Assert.InRange(Classification.LogLoss(0), 30, 40);
    }

    [Fact]
    public void A_statistic_has_its_interval_whatever_it_is()
    {
        float[] scores = [.. Enumerable.Range(0, 200).Select(i => i / 200f)];
        int[] classes = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 || i > 150 ? 1 : 0)];
        double Auc(int[] rows) => Classification.Auc(Array.ConvertAll(rows, r => scores[r]), Array.ConvertAll(rows, r => classes[r]));

        BootstrapInterval interval = Bootstrap.Statistic(Auc, 200, seed: 3);

        Assert.Equal(Classification.Auc(scores, classes), interval.Value);
        Assert.InRange(interval.Value, interval.Low, interval.High);
        Assert.Equal(interval, Bootstrap.Statistic(Auc, 200, seed: 3));
    }
}
