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
    };

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
