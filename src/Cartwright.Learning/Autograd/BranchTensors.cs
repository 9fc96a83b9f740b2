using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>The weights of a branch of a transformer block.</summary>
/// <param name="Gain">[width]: of the layer norm.</param>
/// <param name="Shift">[width]: of the layer norm.</param>
/// <param name="Epsilon">Of the layer norm.</param>
/// <param name="InWeight">[inner, width]</param>
/// <param name="InBias">[inner]</param>
/// <param name="OutWeight">[width, inner]</param>
/// <param name="OutBias">[width]</param>
internal sealed record BranchTensors(
    Tensor Gain, Tensor Shift, float Epsilon, Tensor InWeight, Tensor InBias, Tensor OutWeight, Tensor OutBias)
{
    public Tensor[] All => [Gain, Shift, InWeight, InBias, OutWeight, OutBias];

    public BranchWeights Values => new()
    {
        Gain = Gain.Output,
        Shift = Shift.Output,
        InWeight = InWeight.Output,
        InBias = InBias.Output,
        OutWeight = OutWeight.Output,
        OutBias = OutBias.Output,
    };

    /// <summary>Those that are asked for.</summary>
    public BranchWeights Gradients => new()
    {
        Gain = Sum(Gain),
        Shift = Sum(Shift),
        InWeight = Sum(InWeight),
        InBias = Sum(InBias),
        OutWeight = Sum(OutWeight),
        OutBias = Sum(OutBias),
    };

    private static Span<float> Sum(Tensor weight) => weight.RequiresGradient ? weight.GradientSum : [];
}
