using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="SasRec"/> with the loss of its paper, yes to the next product and no to a drawn one, from ids alone.</summary>
/// <remarks>What papers mean by SASRec: the measure of what a better loss and attributes are worth. Size and dropout are those of "sasrec".</remarks>
internal sealed class SasRecBceTrainer : IRecommendationTrainer
{
    private readonly SasRecTrainer _trainer = new()
    {
        Network = new SasRecOptions { ProductCount = 1, Loss = SasRecLoss.BinaryCrossEntropy },
        UsesContent = false,
    };

    public string Name => "sasrec-bce";

    public bool IsBaseline => false;

    public bool SharesTraining => true;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        _trainer.Fit(data, options, progress, cancellationToken);

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        _trainer.Refit(chosen, whole, options, progress, cancellationToken);

    public IRecommendationModel Load(string folder) => SasRecModel.Load(folder);
}
