using Cartwright.Learning.Inspection;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>The two branches of a transformer block, norm, layers, dropout and sum, each in one operation.</summary>
/// <remarks>Xiong et al., "On Layer Normalization in the Transformer Architecture", ICML 2020: norms come first.</remarks>
internal static class TransformerBranches
{
    /// <summary>Longer sequences fill the second cache by themselves, and have work for several threads in one of them.</summary>
    private const int MostTokens = 256;

    /// <summary>Whether nobody wants to see the operations that a branch is made of, and its sizes are worth it.</summary>
    /// <param name="columns">Numbers of a token before the middle.</param>
    /// <param name="inner">Numbers of a token behind the middle.</param>
    public static bool AreWorthwhile(int width, int columns, int inner) =>
        OperationTrace.Current is null && !OperationWatch.IsOn && !AttentionMap.IsRecording && BranchShape.IsWorthwhile(width, columns, inner);

    /// <summary>The same for the attention of these sequences.</summary>
    public static bool AreShort(ReadOnlySpan<int> offsets)
    {
        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] - offsets[s - 1] > MostTokens)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>x + drop(W₂ · drop(gelu(W₁ · norm(x) + b₁)) + b₂).</summary>
    /// <param name="x">[tokens, width]</param>
    /// <param name="dropout">Share dropped, 0 to below 1. Needs a step's seed where above 0.</param>
    public static Tensor AddNetwork(this Tensor x, BranchTensors branch, float dropout)
    {
        int inner = branch.OutWeight.Columns;
        BranchShape shape = ShapeOf(x, branch, inner, inner, dropout, middleSeed: dropout > 0 ? TensorScope.NextSeed() : 0);
        Tensor means = Tensor.Uninitialized([x.Rows]);
        Tensor inverses = Tensor.Uninitialized([x.Rows]);
        Tensor middle = Tensor.Uninitialized([x.Rows, inner]);
        Tensor? slopes = null;
        Tensor y = Tensor.Result(x.Dimensions, [x, .. branch.All], y =>
        {
            Span<float> gradX = GradientOf(x, out bool isFresh);
            NetworkBranchKernel.Backward<GeluKernel>(shape, branch.Values, y.Gradient, x.Values, means.Values, inverses.Values,
                slopes!.Values, middle.Values, gradX, isFresh, branch.Gradients);
        });
        slopes = y.RequiresGradient ? Tensor.Uninitialized(middle.Dimensions) : null;
        NetworkBranchKernel.Forward<GeluKernel>(shape, branch.Values, x.Values, means.Output, inverses.Output,
            slopes is null ? [] : slopes.Output, middle.Output, y.Output);
        return y;
    }

    /// <summary>x + drop(W₂ · attend(W₁ · norm(x) + b₁) + b₂), where W₁ stands for the three maps to queries, keys and values.</summary>
    /// <param name="x">[tokens, width], the sequences one after the other.</param>
    /// <param name="branch">Its first map is that to the queries.</param>
    /// <param name="keys">The map to the keys: [inner, width] and [inner].</param>
    /// <param name="values">The map to the values: the same.</param>
    /// <param name="attentionDropout">Share of the attention weights zeroed, 0 to below 1. Needs a step's seed where above 0.</param>
    /// <param name="dropout">Share of the branch's result dropped, the same.</param>
    public static Tensor AddAttention(
        this Tensor x,
        BranchTensors branch,
        (Tensor Weight, Tensor Bias) keys,
        (Tensor Weight, Tensor Bias) values,
        int[] offsets,
        int heads,
        bool causal,
        float attentionDropout,
        float dropout)
    {
        int inner = branch.OutWeight.Columns;
        ulong seed = attentionDropout > 0 ? TensorScope.NextSeed() : 0;
        BranchShape shape = ShapeOf(x, branch, AttentionBranchKernel.Inputs * inner, inner, dropout, middleSeed: 0);
        Tensor weight = SideBySide([branch.InWeight, keys.Weight, values.Weight], shape.Columns, shape.Width);
        Tensor bias = SideBySide([branch.InBias, keys.Bias, values.Bias], shape.Columns);
        Tensor means = Tensor.Uninitialized([x.Rows]);
        Tensor inverses = Tensor.Uninitialized([x.Rows]);
        Tensor inputs = Tensor.Uninitialized([x.Rows, shape.Columns]);
        Tensor logSumExp = Tensor.Uninitialized([x.Rows, heads]);
        Tensor middle = Tensor.Uninitialized([x.Rows, inner]);
        Tensor y = Tensor.Result(x.Dimensions, [x, .. branch.All, keys.Weight, keys.Bias, values.Weight, values.Bias], y =>
        {
            Span<float> gradX = GradientOf(x, out bool isFresh);
            Tensor gradWeight = Tensor.Zeros(weight.Dimensions);
            Tensor gradBias = Tensor.Zeros(bias.Dimensions);
            AttentionBranchKernel.Backward(shape, Settings(), Together(branch.Values, weight, bias), y.Gradient, x.Values, means.Values,
                inverses.Values, inputs.Values, logSumExp.Values, middle.Values, gradX, isFresh, Together(branch.Gradients, gradWeight, gradBias));
            AddGradients(gradWeight, [branch.InWeight, keys.Weight, values.Weight]);
            AddGradients(gradBias, [branch.InBias, keys.Bias, values.Bias]);
        });
        AttentionBranchKernel.Forward(shape, Settings(), Together(branch.Values, weight, bias), x.Values, means.Output, inverses.Output,
            inputs.Output, logSumExp.Output, middle.Output, y.Output);
        return y;

        AttentionSettings Settings() =>
            new() { Offsets = offsets, Heads = heads, IsCausal = causal, Dropout = attentionDropout, Seed = seed };
    }

    private static BranchShape ShapeOf(Tensor x, BranchTensors branch, int columns, int inner, float dropout, ulong middleSeed) =>
        new(x.Rows, x.Columns, columns, inner, branch.Epsilon, dropout, middleSeed, dropout > 0 ? TensorScope.NextSeed() : 0);

    private static Span<float> GradientOf(Tensor x, out bool isFresh)
    {
        isFresh = true;
        return x.RequiresGradient ? x.Storage.GradientToFill(out isFresh) : Tensor.Uninitialized(x.Dimensions).Output;
    }

    private static Tensor SideBySide(ReadOnlySpan<Tensor> parts, params ReadOnlySpan<int> shape)
    {
        Tensor whole = Tensor.Uninitialized(shape);
        Span<float> rest = whole.Output;
        foreach (Tensor part in parts)
        {
            part.Values.CopyTo(rest);
            rest = rest[part.Length..];
        }

        ShapeException.Require(rest.Length == 0, $"Parts that are put together leave {rest.Length} numbers of the whole unfilled.");
        return whole;
    }

    private static void AddGradients(Tensor gradient, ReadOnlySpan<Tensor> parts)
    {
        ReadOnlySpan<float> rest = gradient.Values;
        foreach (Tensor part in parts)
        {
            Arithmetic.AddGradient(part, rest[..part.Length]);
            rest = rest[part.Length..];
        }
    }

    private static BranchWeights Together(in BranchWeights weights, Tensor inWeight, Tensor inBias) => new()
    {
        Gain = weights.Gain,
        Shift = weights.Shift,
        InWeight = inWeight.Output,
        InBias = inBias.Output,
        OutWeight = weights.OutWeight,
        OutBias = weights.OutBias,
    };
}
