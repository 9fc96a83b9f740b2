namespace Cartwright.Learning.Losses;

/// <summary>What the two networks of a generative adversarial network play for.</summary>
public enum GanObjective
{
    /// <summary>The generator lowers the probability of being found out. Its gradient vanishes while the discriminator is sure.</summary>
    Minimax,

    /// <summary>The generator raises the probability of being believed; the discriminator plays as in <see cref="Minimax"/>.</summary>
    NonSaturating,

    /// <summary>Margins in place of probabilities.</summary>
    Hinge,
}
