using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>What a discriminator learns by: high logits for real examples, low ones for made ones.</summary>
/// <remarks>
/// Goodfellow et al., "Generative Adversarial Nets", NIPS 2014; the hinge of Lim and Ye, "Geometric GAN", 2017, and Miyato et al.,
/// "Spectral Normalization for Generative Adversarial Networks", ICLR 2018.
/// </remarks>
public static class GanDiscriminator
{
    /// <summary>The mean over the real examples plus the mean over the made ones.</summary>
    /// <param name="real">The discriminator's logits of real examples: [batch], or [batch, 1].</param>
    /// <param name="made">Its logits of what the generator made; not necessarily as many.</param>
    /// <returns>
    /// A scalar: the means of −ln σ(real) and −ln(1 − σ(made)), or with <see cref="GanObjective.Hinge"/> of max(0, 1 − real) and
    /// max(0, 1 + made).
    /// </returns>
    /// <remarks>Compute <paramref name="made"/> under <see cref="Autograd.NoGradient"/> up to the discriminator, which saves the generator's backward.</remarks>
    public static Tensor Loss(Tensor real, Tensor made, GanObjective objective) => objective == GanObjective.Hinge
        ? Hinge.Loss(real, Filled(real, 1)) + Hinge.Loss(made, Filled(made, -1))
        : BinaryCrossEntropy.Loss(real, Filled(real, 1)) + BinaryCrossEntropy.Loss(made, Filled(made, 0));

    internal static Tensor Filled(Tensor like, float value)
    {
        Tensor filled = Tensor.Uninitialized(like.Dimensions);
        filled.Output.Fill(value);
        return filled;
    }
}
