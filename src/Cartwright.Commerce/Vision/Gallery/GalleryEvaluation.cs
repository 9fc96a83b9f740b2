using Cartwright.Commerce.Catalog;
using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Vision;

/// <summary>Measures the gallery: pictures that train are its rows, those that test are looked for in it.</summary>
internal sealed class GalleryEvaluation(TimeProvider clock)
{
    private const int Near = 10;
    private const int LeastForeign = 5;
    private const int MostStrangers = 300;

    /// <exception cref="ValidationException">There is too little to learn from or to test.</exception>
    /// <param name="strangers">Pictures that don't belong among those of the set; null for none.</param>
    public EvaluationReport Run(EvaluateGalleryRequest request, PictureSet set, PictureSet? strangers, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        (int[] train, int[] validation, int[] held) = set.Divide(request.Seed);
        Backbone? backbone = request.Backbone is { } path ? Backbone.Load(path, []) : null;
        var learner = new PictureLearner(set, train, validation, request.Seed, request.Epochs, clock, backbone);
        (TaughtPictures tested, _) = learner.Load(held, cancellation);
        if (tested.Count == 0)
        {
            throw new ValidationException("There are no pictures to test. Give more of each label.");
        }

        TaughtPictures? odd = strangers is null ? null : learner.Load(strangers, Some(strangers.Count), cancellation).Pictures;
        long start = clock.GetTimestamp();
        PictureModel model = learner.Fit(backbone is null ? PictureLesson.Residual : BackboneNetwork.Name, progress, cancellation);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        (SeenPictures gallery, SeenPictures asked, SeenPictures? foreign) = (Seen(learner.Train)!, Seen(tested)!, Seen(odd));
        (SeenPictures colors, SeenPictures askedColors, SeenPictures? foreignColors) = (Colors(learner.Train)!, Colors(tested)!, Colors(odd));
        progress?.Report(new RunProgress("testing", 0, tested.Count, "pictures"));
        return new EvaluationReport
        {
            Data = set.Name,
            Protocol = set.HasTest ? "split-file" : "random-80",
            Seed = request.Seed,
            TestCount = tested.Count,
            Candidates = learner.Train.Count,
            Models =
            [
                new ModelEvaluation($"match-{model.Name}", "model", Matches(gallery, asked, request.Seed), seconds, PeakMemory.Bytes),
                new ModelEvaluation("match-color-histogram", "baseline", Matches(colors, askedColors, request.Seed), 0, PeakMemory.Bytes),
                new ModelEvaluation("odd-autoencoder", "model", Odd(gallery, asked, foreign, request.Seed, Errors, cancellation), seconds, PeakMemory.Bytes),
                new ModelEvaluation("odd-distance", "baseline", Odd(gallery, asked, foreign, request.Seed, Distances, cancellation), 0, PeakMemory.Bytes),
                new ModelEvaluation("odd-color-histogram", "baseline", Odd(colors, askedColors, foreignColors, request.Seed, Distances, cancellation), 0, PeakMemory.Bytes),
            ],
        };

        SeenPictures? Seen(TaughtPictures? pictures) => pictures is null ? null : new(pictures, model.Embed(pictures.Pictures), model.Network.EmbeddingSize);

        static SeenPictures? Colors(TaughtPictures? pictures) => pictures is null ? null : new(pictures, ColorHistogram.Of(pictures.Pictures), ColorHistogram.Size);

        static int[] Some(int count) => [.. Enumerable.Range(0, Math.Min(count, MostStrangers)).Select(i => (int)((long)i * count / Math.Min(count, MostStrangers)))];

        double[] Errors(float[] known, float[] others, int width) => new OddPictures(known, width, request.Seed, clock, cancellation).Errors(others);
    }

    /// <summary>Share of the nearest that show the same, and of the pictures that have such a one among the nearest.</summary>
    private static SortedDictionary<string, MetricEstimate> Matches(SeenPictures gallery, SeenPictures asked, int seed)
    {
        var rows = new GalleryRows(new GalleryEntry[gallery.Count], gallery.Embeddings, gallery.Width);
        double[] first = new double[asked.Count], precision = new double[asked.Count], found = new double[asked.Count];
        for (int i = 0; i < asked.Count; i++)
        {
            int[] nearest = GalleryRows.Nearest(rows.Similarities(asked.Row(i)), Near);
            bool[] isSame = [.. nearest.Select(row => gallery.Classes[row] == asked.Classes[i])];
            first[i] = isSame[0] ? 1 : 0;
            precision[i] = isSame.Count(same => same) / (double)nearest.Length;
            found[i] = isSame.Contains(true) ? 1 : 0;
        }

        return new(StringComparer.Ordinal) { ["precision@1"] = Mean(first, seed), [$"precision@{Near}"] = Mean(precision, seed), [$"recall@{Near}"] = Mean(found, seed) };
    }

    /// <summary>For each label: how well pictures of the others are told from its own, by what is known of its pictures; the mean over labels. And how well strangers are told from all of them.</summary>
    private static SortedDictionary<string, MetricEstimate> Odd(SeenPictures gallery, SeenPictures asked, SeenPictures? strangers, int seed, Func<float[], float[], int, double[]> judge, CancellationToken cancellation)
    {
        var metrics = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        var areas = new List<double>();
        foreach (int of in gallery.Classes.Distinct().Order())
        {
            cancellation.ThrowIfCancellationRequested();
            float[] known = gallery.Of(of);
            int[] isForeign = [.. asked.Classes.Select(c => c == of ? 0 : 1)];
            if (known.Length / gallery.Width >= OddPictures.FewestPictures && isForeign.Count(foreign => foreign == 0) >= LeastForeign)
            {
                areas.Add(Classification.Auc([.. judge(known, asked.Embeddings, gallery.Width).Select(error => (float)error)], isForeign));
            }
        }

        // Few pictures of every label: nothing is usual, and there is nothing to measure.
        if (areas.Count > 0)
        {
            metrics["auc"] = Mean([.. areas], seed);
        }

        if (strangers is not null)
        {
            float[] errors = [.. judge(gallery.Embeddings, [.. asked.Embeddings, .. strangers.Embeddings], gallery.Width).Select(error => (float)error)];
            int[] isStranger = [.. Enumerable.Range(0, errors.Length).Select(i => i < asked.Count ? 0 : 1)];
            BootstrapInterval area = Bootstrap.Statistic(rows => Classification.Auc([.. rows.Select(row => errors[row])], [.. rows.Select(row => isStranger[row])]), errors.Length, seed);
            metrics["strangersAuc"] = new MetricEstimate(area.Value, area.Low, area.High);
        }

        return metrics;
    }

    private static double[] Distances(float[] known, float[] others, int width)
    {
        (float[] Means, float[] Deviations) scale = EmbeddingScale.Of(known, width);
        float[] scaled = EmbeddingScale.Apply(others, scale);
        return [.. Enumerable.Range(0, scaled.Length / width).Select(row => (double)System.Numerics.Tensors.TensorPrimitives.Norm<float>(scaled.AsSpan(row * width, width)))];
    }

    private static MetricEstimate Mean(double[] values, int seed)
    {
        BootstrapInterval interval = Bootstrap.Mean(values, seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }

    /// <summary>Pictures by what was seen in them: [pictures, width].</summary>
    private sealed class SeenPictures(TaughtPictures pictures, float[] embeddings, int width)
    {
        public int Count => pictures.Count;

        public int Width => width;

        public int[] Classes => pictures.Classes;

        /// <summary>A copy.</summary>
        public float[] Embeddings => [.. embeddings];

        public ReadOnlySpan<float> Row(int i) => embeddings.AsSpan(i * width, width);

        public float[] Of(int label) => [.. Enumerable.Range(0, Count).Where(i => Classes[i] == label).SelectMany(i => embeddings[(i * width)..((i + 1) * width)])];
    }
}
