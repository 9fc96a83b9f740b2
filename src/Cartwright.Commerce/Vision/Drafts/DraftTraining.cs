using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Vision;

/// <summary>Learns what drafts of listings are written with: attributes from what a trained network sees, titles from the shop's own.</summary>
/// <param name="model">The trained network.</param>
/// <param name="set">The pictures that it learned from, and others.</param>
internal sealed class DraftTraining(PictureModel model, PictureSet set, TimeProvider clock)
{
    /// <param name="titled">Products whose titles are learned from.</param>
    public DraftModel Run(PictureLearner learner, IReadOnlyList<Product> titled, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RunProgress("learning attributes", 0, 0, "pictures"));
        IReadOnlyList<AttributeHead> heads = AttributeTraining.Teachable(FactsOf(learner.Train), FactsOf(learner.Validation)).Count == 0 ? []
            : AttributeTraining.Run(Described(learner.Train), Described(learner.Validation), seed, clock, cancellation);
        return new DraftModel(heads, new TitleTraining(clock).Run(titled, seed, progress, cancellation));
    }

    /// <summary>How often each attribute is told right of pictures that were kept aside, the commonest value beside it.</summary>
    /// <param name="judged">Pictures that nothing was learned from.</param>
    public IEnumerable<(string Metric, MetricEstimate Estimate)> Judge(DraftModel drafts, PictureLearner learner, TaughtPictures judged, int seed)
    {
        if (drafts.Heads.Count == 0)
        {
            yield break;
        }

        DescribedPictures pictures = Described(judged);
        int width = model.Network.EmbeddingSize;
        IReadOnlyList<IReadOnlyDictionary<string, string>> taught = FactsOf(learner.Train);
        foreach (AttributeHead head in drafts.Heads)
        {
            int[] known = [.. Enumerable.Range(0, pictures.Count).Where(row => pictures.Facts[row].ContainsKey(head.Name))];
            if (known.Length == 0)
            {
                continue;
            }

            string commonest = taught.Where(facts => facts.ContainsKey(head.Name)).CountBy(facts => facts[head.Name], StringComparer.Ordinal)
                .OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal).First().Key;
            yield return ($"attribute {head.Name} accuracy", Share(row => head.Guess(pictures.Embeddings.AsSpan(row * width, width)).Value));
            yield return ($"attribute {head.Name} commonest accuracy", Share(_ => commonest));

            MetricEstimate Share(Func<int, string> guess)
            {
                BootstrapInterval interval = Bootstrap.Mean([.. known.Select(row => guess(row) == pictures.Facts[row][head.Name] ? 1.0 : 0)], seed);
                return new MetricEstimate(interval.Value, interval.Low, interval.High);
            }
        }
    }

    private DescribedPictures Described(TaughtPictures pictures) => new(model.Embed(pictures.Pictures), FactsOf(pictures));

    private IReadOnlyList<IReadOnlyDictionary<string, string>> FactsOf(TaughtPictures pictures) =>
        [.. pictures.Rows.Select(row => row < set.Products.Count ? AttributeTraining.FactsOf(set.Products[row]) : new Dictionary<string, string>())];
}
