using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>What a generator learns by: high logits of the discriminator for what it made.</summary>
/// <remarks>The other side of <see cref="GanDiscriminator"/>, with its sources.</remarks>
public static class GanGenerator
{
    /// <summary>The mean over the examples.</summary>
    /// <param name="made">The discriminator's logits of what the generator made: [batch], or [batch, 1].</param>
    /// <returns>
    /// A scalar: the mean of ln(1 − σ(made)), which is below 0, for <see cref="GanObjective.Minimax"/>, of −ln σ(made) for
    /// <see cref="GanObjective.NonSaturating"/>, of −made for <see cref="GanObjective.Hinge"/>.
    /// </returns>
    /// <remarks>The discriminator gets a gradient too: clear it, or let only the generator's optimizer step.</remarks>
    public static Tensor Loss(Tensor made, GanObjective objective) => objective switch
    {
        GanObjective.Minimax => BinaryCrossEntropy.Loss(made, GanDiscriminator.Filled(made, 0)) * -1,
        GanObjective.NonSaturating => BinaryCrossEntropy.Loss(made, GanDiscriminator.Filled(made, 1)),
        GanObjective.Hinge => made.Mean() * -1,
        _ => throw new ArgumentOutOfRangeException(nameof(objective), objective, "Not one of the objectives."),
    };
}
