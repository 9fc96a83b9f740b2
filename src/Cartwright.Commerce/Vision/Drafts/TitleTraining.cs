using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Vision;

/// <summary>Learns to write titles from a shop's own, in seconds.</summary>
/// <remarks>
/// A draft is told a part of what the catalog knows, and may not say the rest. So each title is learned with a part of its facts, drawn anew in every pass,
/// and without the words that only the others say, that no other title of its category has, or that have a digit: else the network would expect a
/// brand or a name before everything, and say anything in place of it.
/// </remarks>
internal sealed class TitleTraining(TimeProvider clock)
{
    /// <summary>Titles below which none are learned from.</summary>
    public const int FewestTitles = 5;

    private const int MostTitles = 10_000;
    private const int MostWords = 24;
    private const int BatchSize = 32;
    private const int TitlesLearned = 60_000;

    /// <summary>Titles that are learned by words that may come next: what takes the time.</summary>
    private const long WordsWeighed = 40_000_000;
    private const int FewestEpochs = 3;
    private const int MostEpochs = 60;
    private const int HeldOf = 10;
    private const float LearningRate = 5e-3f;

    /// <summary>Facts that are not told in a pass: what is predicted of a picture is never all that the catalog knows.</summary>
    private const double Untold = 0.3;

    /// <summary>Share of a category's titles that have a word that may be said of anything in it.</summary>
    private const double LeastUsual = 0.1;

    /// <returns>Null where the shop has too few titles.</returns>
    public TitleWriter? Run(IReadOnlyList<Product> products, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        Product[] titled = [.. products.Where(IsTitled)];
        if (titled.Length < FewestTitles)
        {
            return null;
        }

        Seeds.Random((ulong)seed, 41).Shuffle(titled);
        titled = titled[..Math.Min(titled.Length, MostTitles)];
        var words = TitleWords.Of(titled.Select(product => product.Title));
        var facts = TitleFacts.Of(titled);
        ReadTitle[] all = Read(titled, words, facts);
        ReadTitle[] held = [.. all.Where((_, i) => IsHeld(titled[i].Id))], learned = [.. all.Where((_, i) => !IsHeld(titled[i].Id))];
        if (held.Length < 2 || learned.Length < 2)
        {
            (held, learned) = (all, all);                        // a handful: nothing can be kept aside
        }

        var network = new TitleNetwork(new TitleNetworkOptions(words.Count, facts.Facts.Count), Seeds.Random((ulong)seed, 42));
        var batches = new ShuffledBatches(learned.Length, Math.Min(BatchSize, learned.Length));
        int epochs = Math.Clamp((int)Math.Min(TitlesLearned, WordsWeighed / words.Count) / learned.Length, FewestEpochs, MostEpochs);
        var schedule = new OneCycleSchedule(LearningRate, Math.Max(2, epochs * batches.Count), 0.1f);
        new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, Patience = 8, MaxGradientNorm = 5 }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step =>
            {
                Random random = Seeds.Random(step.Seed, 0);
                return network.Loss(new TitleBatch([.. batches.Take(step).ToArray().Select(row => learned[row].With(
                    [.. learned[row].Facts.Where(_ => random.NextDouble() >= Untold)]))], words.Count));
            },
            Validate = () => [Loss(network, held, words.Count)],
        }, progress is null ? null : new Epochs(progress), cancellation);
        network.IsTraining = false;
        return new TitleWriter(network, words, facts, Math.Exp(Loss(network, held, words.Count)));
    }

    public static bool IsTitled(Product product) => product.Title.Length > 0 && product.Title != product.Id;

    /// <summary>−ln of the chance of a word of the titles, in the mean, with all that is known of each told.</summary>
    private static double Loss(TitleNetwork network, IReadOnlyList<ReadTitle> titles, int wordCount)
    {
        (double sum, int count) = (0, 0);
        foreach (ReadTitle[] some in titles.Chunk(BatchSize))
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            var batch = new TitleBatch([.. some.Select(title => title.With(title.Facts))], wordCount);
            sum += (double)network.Loss(batch).Item() * batch.Words.Length;
            count += batch.Words.Length;
        }

        return sum / count;
    }

    private static ReadTitle[] Read(Product[] products, TitleWords words, TitleFacts facts)
    {
        int[][] titles = [.. products.Select(product => words.Read(product.Title).Take(MostWords).ToArray())];
        HashSet<int> claims = [.. products.SelectMany(TitleFacts.Of).Where(fact => fact.Name != TitleFacts.Category).Select(fact => fact.Value)
            .Distinct(StringComparer.Ordinal).SelectMany(words.Read)];
        var inCategory = products.CountBy(product => product.Category ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var uses = titles.SelectMany((title, i) => title.Distinct().Select(word => (products[i].Category ?? "", word))).CountBy(use => use).ToDictionary();
        return [.. products.Select((product, i) => new ReadTitle(titles[i],
            [.. titles[i].Select(word => word != TitleWords.Unknown && !claims.Contains(word) && !words.KeyOf(word).Any(char.IsAsciiDigit) && IsUsual(product.Category ?? "", word))],
            [.. TitleFacts.Of(product).Select(fact => facts.Read(fact.Name, fact.Value, words)).OfType<TitleFact>()]))];

        bool IsUsual(string category, int word) => category.Length == 0 || uses[(category, word)] > Math.Max(1, LeastUsual * inCategory[category]);
    }

    private static bool IsHeld(string id) => SHA256.HashData(Encoding.UTF8.GetBytes($"title {id}"))[0] % HeldOf == 0;

    /// <param name="Words">As the title has them.</param>
    /// <param name="IsFree">Whether each may be said of anything of its kind.</param>
    private sealed record ReadTitle(int[] Words, bool[] IsFree, IReadOnlyList<TitleFact> Facts)
    {
        /// <summary>What of the title may be said where these facts are told.</summary>
        public (int[] Words, IReadOnlyList<TitleFact> Facts) With(IReadOnlyList<TitleFact> told)
        {
            HashSet<int> said = [.. told.SelectMany(fact => fact.Words)];
            return ([TitleWords.End, .. Words.Where((word, i) => IsFree[i] || said.Contains(word))], told);
        }
    }

    private sealed class Epochs(IProgress<RunProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochDone)
            {
                progress.Report(new RunProgress("learning to write titles", value.Epoch, value.Epochs, "epochs"));
            }
        }
    }
}
