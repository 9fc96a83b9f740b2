using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Our losses beside the numbers that loss_family.py wrote.</summary>
public sealed class LossReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, Tensor>> Cases = new()
    {
        ["mean_squared_error"] = r => MeanSquaredError.Loss(r["x"], r["y"]),
        ["mean_absolute_error"] = r => MeanAbsoluteError.Loss(r["x"], r["y"]),
        ["huber"] = r => Huber.Loss(r["x"], r["y"]),
        ["huber_delta"] = r => Huber.Loss(r["x"], r["y"], delta: 2.5f),
        ["binary_cross_entropy"] = r => BinaryCrossEntropy.Loss(r["x"], r.Parameter("targets")),
        ["binary_cross_entropy_weighted"] = r => BinaryCrossEntropy.Loss(r["x"], r.Parameter("targets"), positiveWeight: 3.5f),
        ["binary_cross_entropy_extreme"] = r => BinaryCrossEntropy.Loss(r["x"], r.Parameter("targets")),
        ["hinge"] = r => Hinge.Loss(r["x"], r.Parameter("targets")),
        ["gan_discriminator"] = r => GanDiscriminator.Loss(r["real"], r["made"], GanObjective.NonSaturating),
        ["gan_discriminator_hinge"] = r => GanDiscriminator.Loss(r["real"], r["made"], GanObjective.Hinge),
        ["gan_generator_minimax"] = r => GanGenerator.Loss(r["made"], GanObjective.Minimax),
        ["gan_generator_non_saturating"] = r => GanGenerator.Loss(r["made"], GanObjective.NonSaturating),
        ["gan_generator_hinge"] = r => GanGenerator.Loss(r["made"], GanObjective.Hinge),
        ["label_smoothing"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets"), new() { LabelSmoothing = 0.1f }),
        ["class_weights"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets"), new() { ClassWeights = ClassWeights }),
        ["smoothing_and_weights"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets"), new() { LabelSmoothing = 0.25f, ClassWeights = ClassWeights }),
        ["label_smoothing_extreme"] = r => CrossEntropy.Loss(r["logits"], r.Ids("targets"), new() { LabelSmoothing = 0.1f }),
        ["bpr"] = r => Bpr.Loss(r["positives"], r["negatives"]),
        ["bpr_max"] = r => BprMax.Loss(r["scores"], r.Ids("targets"), regularization: 0),
        ["bpr_max_regularized"] = r => BprMax.Loss(r["scores"], r.Ids("targets"), regularization: 1.5f),
        ["top1_max"] = r => Top1Max.Loss(r["scores"], r.Ids("targets")),
        ["triplet"] = r => Triplet.Loss(r["anchors"], r["positives"], r["negatives"], margin: 2),
        ["info_nce"] = r => InfoNce.Loss(r["queries"], r["keys"], temperature: 0.25f),
        ["distillation"] = r => Distillation.Loss(r["student"], r.Parameter("teacher"), temperature: 3),
        ["distillation_extreme"] = r => Distillation.Loss(r["student"], r.Parameter("teacher")),
        ["gaussian_likelihood"] = r => GaussianLikelihood.Loss(r["mean"], r["log_variance"], r.Parameter("targets")),
        ["gaussian_divergence"] = r => GaussianDivergence.Loss(r["mean"], r["log_variance"]),
        ["pinball"] = r => Pinball.Loss(r["x"], r.Parameter("targets"), r.Parameter("levels").Values),
        ["negative_binomial"] = r => NegativeBinomialLikelihood.Loss(r["mean"], r["dispersion"], r.Parameter("counts")),
        ["zero_inflated"] = r => ZeroInflatedLogNormal.Loss(r["outputs"], r.Parameter("targets")),
        ["zero_inflated_extreme"] = r => ZeroInflatedLogNormal.Loss(r["outputs"], r.Parameter("targets")),
    };

    private static float[] ClassWeights => [0.5f, 1, 2.5f, 0, 1.5f, 3];

    public static TheoryData<string> Names => Reference.Names("loss_family.json");

    [Theory, MemberData(nameof(Names))]
    public void A_loss_gives_the_value_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("loss_family.json", name);

        Tensor loss = Cases[name](reference);
        loss.Backward();

        reference.AssertOutput(loss);
        reference.AssertGradients(reference.Inputs);
    }
}
