using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Assistant;

/// <summary>Trains <see cref="UnderstandingNetwork"/>s that answer together.</summary>
internal static class UnderstandingTrainer
{
    public const int MostEpochs = 60;

    private const int NetworkCount = 2;
    private const int MostOfBatch = 32;
    private const int FewestOfBatch = 8;
    private const int FewestBatches = 60;
    private const int FewestEpochs = 24;
    private const int UtterancesRead = 120_000;
    private const float LearningRate = 0.003f;
    private const float WeightDecay = 0.01f;

    /// <summary>Passes over the utterances where nobody says how many: more for fewer.</summary>
    public static int EpochsFor(int utterances) => Math.Clamp(UtterancesRead / Math.Max(1, utterances), FewestEpochs, MostEpochs);

    /// <param name="validation">Tells when to refuse a sentence.</param>
    public static LanguageModel Train(IReadOnlyList<UtteranceExample> train, IReadOnlyList<UtteranceExample> validation, int seed, int? epochs, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var vocabulary = LanguageVocabulary.Learn(train);
        ReadUtterance[] read = [.. train.Select(example => ReadUtterance.Of(example, vocabulary))];
        int passes = epochs ?? EpochsFor(read.Length);
        var networks = new UnderstandingNetwork[NetworkCount];
        for (int n = 0; n < NetworkCount; n++)
        {
            networks[n] = Train(read, vocabulary, (int)(Seeds.Mix((ulong)seed, (ulong)n) >> 33), passes, clock, progress is null ? null : new Passes(progress, n, passes), cancellation);
        }

        var open = new LanguageModel(networks, vocabulary, ScopeRule.Likelier);
        var scope = ScopeRule.Of(vocabulary, [.. open.Read(validation)], [.. validation.Select(example => example.Intent)]);
        return new LanguageModel(networks, vocabulary, scope);
    }

    private static UnderstandingNetwork Train(ReadUtterance[] train, LanguageVocabulary vocabulary, int seed, int epochs, TimeProvider clock,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var network = new UnderstandingNetwork(new UnderstandingNetworkOptions
        {
            WordCount = vocabulary.WordCount,
            LetterCount = vocabulary.LetterCount,
            GramCount = Math.Max(1, vocabulary.GramCount),
            IntentCount = vocabulary.Intents.Count,
            TagCount = vocabulary.Tags.Count,
        }, Seeds.Random((ulong)seed, 0));
        var batches = new ShuffledBatches(train.Length, Math.Clamp(train.Length / FewestBatches, FewestOfBatch, MostOfBatch));
        var schedule = new OneCycleSchedule(LearningRate, Math.Max(2, epochs * batches.Count), rise: 0.1f);
        var trainer = new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, Patience = epochs, MaxGradientNorm = 5 }, clock);
        trainer.Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions
            {
                LearningRate = LearningRate,
                WeightDecay = WeightDecay,
                UpdatesTouchedRowsOnly = true,
                Groups = [ParameterGroup.WithoutDecay],
            }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Loss = step => network.Loss(UtteranceBatch.Of(Chosen(train, batches.Take(step)), vocabulary, Seeds.Random(step.Seed, 1))),
        }, progress, cancellation);
        return network;
    }

    private static ReadUtterance[] Chosen(ReadUtterance[] utterances, ReadOnlySpan<int> places)
    {
        var chosen = new ReadUtterance[places.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = utterances[places[i]];
        }

        return chosen;
    }

    private sealed class Passes(IProgress<RunProgress> progress, int done, int each) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(
            new RunProgress("learning from utterances", (done * each) + value.Epoch - 1 + ((double)value.Step / value.StepsPerEpoch), NetworkCount * each, "epochs")
            {
                Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = value.Loss },
            });
    }
}
