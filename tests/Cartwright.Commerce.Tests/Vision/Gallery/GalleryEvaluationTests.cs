using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class GalleryEvaluationTests
{
    [Fact]
    public void Look_alikes_and_odd_pictures_are_measured_beside_baselines()
    {
        EvaluationReport report = new GalleryEvaluation(TimeProvider.System).Run(new EvaluateGalleryRequest { Data = "drawn", Epochs = 6 }, DrawnPictures.Set(60), Noise(), null, CancellationToken.None);

        Assert.Equal(["match-residual", "match-color-histogram", "odd-autoencoder", "odd-distance", "odd-color-histogram"], report.Models.Select(model => model.Model));
        Assert.Equal(["precision@1", "precision@10", "recall@10"], report.Models[0].Metrics.Keys);
        Assert.True(report.Models[0].Metrics["precision@10"].Value > report.Models[1].Metrics["precision@10"].Value);
        Assert.InRange(report.Models[2].Metrics["auc"].Value, 0.5, 1);
        Assert.InRange(report.Models[2].Metrics["strangersAuc"].Value, 0.9, 1);
        Assert.All(report.Models.SelectMany(model => model.Metrics.Values), metric => Assert.InRange(metric.Value, metric.Low - 1e-9, metric.High + 1e-9));
    }

    [Fact]
    public void Pictures_unlike_all_known_ones_come_back_worse()
    {
        var random = new Random(8);
        float[] known = [.. Enumerable.Range(0, 200).SelectMany(_ => Line(random.NextSingle()))];
        float[] strange = [.. Enumerable.Range(0, 20 * 8).Select(_ => random.NextSingle())];

        var odd = new OddPictures(known, 8, seed: 1, TimeProvider.System, CancellationToken.None);
        double[] errors = odd.Errors(strange);

        Assert.Equal(200, odd.KnownErrors.Length);
        Assert.True(errors.Average() > 5 * odd.Usual, $"{errors.Average()} against {odd.Usual}");
        Assert.True(odd.Percentile(errors.Max()) > 0.99);
        Assert.Equal(odd.KnownErrors, new OddPictures(known, 8, seed: 1, TimeProvider.System, CancellationToken.None).KnownErrors);

        float[] Line(float at) => [.. Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? at : 1 - at) + (0.02f * random.NextSingle()))];
    }

    private static PictureSet Noise()
    {
        const int Count = 40;
        var random = new Random(4);
        Picture[] pictures = [.. Enumerable.Range(0, Count).Select(_ =>
        {
            byte[] rgb = new byte[DrawnPictures.Side * DrawnPictures.Side * Picture.Channels];
            random.NextBytes(rgb);
            return new Picture(rgb, DrawnPictures.Side, DrawnPictures.Side);
        })];
        return new PictureSet("noise", [.. pictures.Select((_, i) => $"n{i}")], [.. pictures.Select(_ => "noise")], new PicturePart[Count], (i, _) => pictures[i]);
    }
}
