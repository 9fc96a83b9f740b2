using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Search;

/// <summary>Trains a <see cref="RankNetwork"/> on lists: grades where there are any, places in each list.</summary>
internal static class RankNetworkTraining
{
    private const int ListsOfBatch = 16;
    private const float LearningRate = 0.002f;
    private const float Missing = -1e9f;

    /// <summary>What a deviation of BM25F counts in the logarithm of a product's share.</summary>
    private const float WordsSay = 1.5f;

    /// <summary>Few lists are seen more often.</summary>
    private const int StepsAtLeast = 250, MostEpochs = 20, FewestEpochs = 4;

    /// <param name="progress">Told the epochs; null is told nothing.</param>
    public static RankNetwork Fit(IReadOnlyList<RankList> lists, RankReading reading, RankReader reader, int seed, int? epochs, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var network = new RankNetwork(new RankNetworkOptions { VocabularySize = reading.VocabularySize, NumberCount = RankList.Width }, Seeds.Random((ulong)seed, 0));
        int[] stems = reading.Over(reader.Catalog);
        Begin(network, stems, reader);
        var batches = new ShuffledBatches(lists.Count, ListsOfBatch);
        int most = epochs ?? Math.Clamp(StepsAtLeast / batches.Count, FewestEpochs, MostEpochs);
        var schedule = new OneCycleSchedule(LearningRate, Math.Max(2, most * batches.Count), rise: 0.2f);
        new Trainer(new TrainerOptions { Seed = seed, Epochs = most, MaxGradientNorm = 5 }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate, WeightDecay = 0.1f, Groups = [ParameterGroup.WithoutDecay] }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Loss = step => network.Loss(Batch(lists, batches.Take(step), reading, reader.Catalog, stems, Seeds.Random(step.Seed, 1))),
        }, progress is null ? null : new Epochs(progress), cancellation);
        return network;
    }

    /// <summary>Words that the catalog knows begin with its directions.</summary>
    private static void Begin(RankNetwork network, int[] stems, RankReader reader)
    {
        float[] words = network.Words.ToArray();
        for (int stem = 0; stem < stems.Length; stem++)
        {
            if (stems[stem] > 1)
            {
                reader.Vectors.Of(stem).CopyTo(words.AsSpan(stems[stem] * WordVectors.Size));
            }
        }

        network.Load(network.State().ToDictionary(part => part.Key,
            part => part.Value == network.Words ? Cartwright.Learning.Tensors.Tensor.From(words, [.. network.Words.Shape]) : part.Value, StringComparer.Ordinal));
    }

    /// <summary>Lists of the same length: the judged products, and then others that the index found, drawn anew each time.</summary>
    private static RankBatch Batch(IReadOnlyList<RankList> lists, ReadOnlySpan<int> taken, RankReading reading, RankCatalog catalog, int[] stems, Random random)
    {
        const int Length = RankBatch.ListLength;
        var batch = new RankBatch(taken.Length * Length, RankList.Width);
        for (int l = 0; l < taken.Length; l++)
        {
            RankList list = lists[taken[l]];
            int[] rows = Drawn(list, random);
            double all = rows.Sum(row => reading.Scale.Gain(list.Grades[row]));
            for (int i = 0; i < Length; i++)
            {
                int at = (l * Length) + i;
                if (i >= rows.Length)
                {
                    batch.Before[at] = Missing;
                    continue;
                }

                reading.Fill(batch, at, list, rows[i], catalog, stems);
                batch.Before[at] = WordsSay * list.Standing(rows[i]);
                float grade = list.Grades[rows[i]];
                batch.IsJudged[at] = float.IsNaN(grade) ? 0 : 1;
                batch.Grades[at] = float.IsNaN(grade) ? 0 : (grade - reading.GradeMean) / reading.GradeDeviation;
                batch.Shares[at] = all > 0 ? (float)(reading.Scale.Gain(grade) / all) : 0;
            }
        }

        return batch;
    }

    private static int[] Drawn(RankList list, Random random)
    {
        int[] judged = [.. Enumerable.Range(0, list.Count).Where(row => !float.IsNaN(list.Grades[row]))];
        int[] others = [.. Enumerable.Range(0, list.FoundCount).Where(row => float.IsNaN(list.Grades[row]))];
        random.Shuffle(judged);
        random.Shuffle(others);

        // At least a quarter of a list is what nobody judged, or the network would not learn what to put last.
        int room = others.Length == 0 ? RankBatch.ListLength : Math.Max(RankBatch.ListLength * 3 / 4, RankBatch.ListLength - others.Length);
        return [.. judged.Take(room).Concat(others).Take(RankBatch.ListLength)];
    }

    private sealed class Epochs(IProgress<RunProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochDone)
            {
                progress.Report(new RunProgress("learning to rank", value.Epoch, value.Epochs, "epochs")
                {
                    Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = value.Loss },
                });
            }
        }
    }
}
