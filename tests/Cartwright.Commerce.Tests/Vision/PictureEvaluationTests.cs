using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class PictureEvaluationTests
{
    [Fact]
    public void Every_model_and_baseline_is_measured_on_the_same_pictures()
    {
        EvaluationReport report = new PictureEvaluation(TimeProvider.System).Run(new EvaluateRequest { Epochs = 2 }, DrawnPictures.Set(20), test: null, progress: null, CancellationToken.None);

        Assert.Equal(["residual", "cnn", "majority", "color-means"], report.Models.Select(model => model.Model));
        Assert.Equal(["model", "model", "baseline", "baseline"], report.Models.Select(model => model.Role));
        Assert.Equal(("random-80", 12), (report.Protocol, report.TestCount));
        Assert.All(report.Models, model =>
        {
            Assert.Equal(["accuracy", "logLoss", "macroF1"], model.Metrics.Keys);
            Assert.All(model.Metrics.Values, metric => Assert.InRange(metric.Value, metric.Low, metric.High));
        });
    }

    [Fact]
    public void A_test_set_of_its_own_is_tested_whole_and_labels_nobody_taught_are_wrong()
    {
        PictureSet others = DrawnPictures.Set(5, seed: 3);
        var strange = new PictureSet("strange", others.Ids, [.. others.Labels.Select(_ => "spiral")], others.Parts, (i, enough) => others.Read(i, enough));

        EvaluationReport report = new PictureEvaluation(TimeProvider.System).Run(
            new EvaluateRequest { Epochs = 1, Model = "cnn" }, DrawnPictures.Set(20), strange, progress: null, CancellationToken.None);

        Assert.Equal(("test-folder", 15), (report.Protocol, report.TestCount));
        Assert.All(report.Models, model => Assert.Equal(0, model.Metrics["accuracy"].Value));
    }

    [Fact]
    public void Too_few_pictures_are_refused_with_what_counts()
    {
        var refused = Assert.Throws<ValidationException>(() =>
            new PictureEvaluation(TimeProvider.System).Run(new EvaluateRequest(), DrawnPictures.Set(4), test: null, progress: null, CancellationToken.None));

        Assert.Contains("20 with 2 labels are the fewest", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_too_sure_is_cooled_down()
    {
        var random = new Random(2);
        int[] targets = [.. Enumerable.Range(0, 4_000).Select(_ => random.Next(2))];

        // Right in 7 of 10 and as sure as 0.98: the logits are log(0.98 / 0.02), those that are true log(0.7 / 0.3).
        float[] logits = [.. targets.SelectMany(target => (random.NextDouble() < 0.7 ? target : 1 - target) == 0 ? new[] { 3.892f, 0 } : [0, 3.892f])];

        Assert.Equal(3.892 / Math.Log(0.7 / 0.3), PictureTemperature.Fit(logits, targets), 0.3);
    }

    [Fact]
    public void Colors_alone_tell_pictures_of_different_colors()
    {
        Picture Plain(int i) => new([.. Enumerable.Repeat((byte)(i % 2 == 0 ? 40 + i : 200 - i), 12 * 12 * 3)], 12, 12);
        TaughtPictures taught = new([.. Enumerable.Range(0, 20).Select(Plain)], [.. Enumerable.Range(0, 20).Select(i => i % 2)]);

        float[] chances = PictureBaselines.Fit("color-means", 2, taught, taught)(taught.Pictures);

        Assert.Equal(1, new PictureMeasure(2, taught.Classes, 1).Estimate(chances)["accuracy"].Value);
    }
}
