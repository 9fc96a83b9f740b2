using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Learns to draw what some pictures show, and says how near the drawings came to them.</summary>
/// <param name="looker">The network by whose features drawings are compared with pictures.</param>
internal sealed class PictureDrawing(PictureModel looker)
{
    private const int Width = 32;
    private const int BatchSize = 32;
    private const int Looks = 8;
    private const int Judged = 192;
    private const float LearningRate = 4e-4f;
    private const float Momentum = 0.5f;
    private const float Memory = 0.995f;

    private static readonly PictureColors FromMinusToOne = BackboneNetwork.Colors;
    private static readonly PictureAugmentation Changes = new() { LeastArea = 0.8f, MostStretch = 1.1f, MostColor = 0.1f };

    /// <param name="pictures">Real ones, four or more.</param>
    /// <param name="steps">Of training; more draw better and take longer.</param>
    public TrainedGenerator Train(IReadOnlyList<Picture> pictures, int steps, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        PictureGenerator generator = NewGenerator((ulong)seed);
        generator.IsTraining = true;
        var discriminator = new PictureDiscriminator(Width, Seeds.Random((ulong)seed, 2)) { IsTraining = true };
        var painting = new Adam(generator, new AdamOptions { LearningRate = LearningRate, Beta1 = Momentum });
        var judging = new Adam(discriminator, new AdamOptions { LearningRate = LearningRate, Beta1 = Momentum });
        var average = new WeightAverage(generator, Memory);

        // What the drawings are held against is as small as they are.
        Picture[] small = [.. pictures.Select(picture => PictureScaling.Scale(picture, PictureGenerator.Side, PictureGenerator.Side))];
        float[] seen = looker.Embed(small);
        int width = looker.Network.EmbeddingSize, half = small.Length / 2 * width;
        var distance = new FrechetDistance(seen, width);
        double floor = new FrechetDistance(seen[..half], width).To(seen[half..]);
        List<DrawingStage> stages = [new(0, Distance())];
        int every = Math.Max(1, steps / Looks);
        for (int step = 1; step <= steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using (TensorScope.Begin((ulong)step))
            {
                Random random = Seeds.Random((ulong)seed, (ulong)step + 1000);
                Tensor drawn = generator.Forward(Noise(BatchSize, random));
                Tensor copy = Tensor.From(drawn.Values, [.. drawn.Shape]);
                GanDiscriminator.Loss(discriminator.Forward(Real(pictures, random)), discriminator.Forward(copy), GanObjective.NonSaturating).Backward();
                judging.Step();
                GanGenerator.Loss(discriminator.Forward(drawn), GanObjective.NonSaturating).Backward();
                painting.Step();
                discriminator.ClearGradients();
                average.Update();
            }

            if (step % every == 0 || step == steps)
            {
                stages.Add(new DrawingStage(step, Distance()));
                progress?.Report(new RunProgress("learning to draw", step, steps, "steps") { Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["distance"] = stages[^1].Distance } });
            }
        }

        average.Swap();                                      // what draws from now on
        generator.IsTraining = false;
        return new TrainedGenerator(generator, stages, Math.Round(floor, 3));

        double Distance()
        {
            bool isAveraged = average.StepCount > 0;
            if (isAveraged)
            {
                average.Swap();
            }

            generator.IsTraining = false;
            double reached = Math.Round(distance.To(looker.Embed(Draw(generator, Judged, Seeds.Random((ulong)seed, 3)))), 3);
            generator.IsTraining = true;
            if (isAveraged)
            {
                average.Swap();
            }

            return reached;
        }
    }

    public static PictureGenerator NewGenerator(ulong seed) => new(Width, Seeds.Random(seed, 1));

    /// <summary>New pictures, by what is drawn from <paramref name="random"/>.</summary>
    /// <param name="generator">Not in training.</param>
    public static Picture[] Draw(PictureGenerator generator, int count, Random random)
    {
        const int Places = PictureGenerator.Side * PictureGenerator.Side;
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        float[] colors = generator.Forward(Noise(count, random)).ToArray();
        return [.. colors.Chunk(Picture.Channels * Places).Select(planes => new Picture(
            [.. Enumerable.Range(0, Places * Picture.Channels).Select(i => (byte)Math.Clamp((planes[(i % Picture.Channels * Places) + (i / Picture.Channels)] + 1) * 127.5f, 0, 255))],
            PictureGenerator.Side, PictureGenerator.Side))];
    }

    private static Tensor Noise(int count, Random random) =>
        Tensor.From([.. Enumerable.Range(0, count * PictureGenerator.NoiseSize).Select(_ => (2 * random.NextSingle()) - 1)], count, PictureGenerator.NoiseSize);

    private static Tensor Real(IReadOnlyList<Picture> pictures, Random random)
    {
        const int Length = Picture.Channels * PictureGenerator.Side * PictureGenerator.Side;
        float[] batch = new float[BatchSize * Length];
        for (int i = 0; i < BatchSize; i++)
        {
            Changes.Write(pictures[random.Next(pictures.Count)], PictureGenerator.Side, random, [.. FromMinusToOne.Means], batch.AsSpan(i * Length, Length));
            FromMinusToOne.Normalize(batch.AsSpan(i * Length, Length));
        }

        return Tensor.From(batch, BatchSize, Picture.Channels, PictureGenerator.Side, PictureGenerator.Side);
    }
}

/// <summary>What a training left: the generator, how near it came, and how near one can come.</summary>
internal sealed record TrainedGenerator(PictureGenerator Generator, IReadOnlyList<DrawingStage> Stages, double Floor);
