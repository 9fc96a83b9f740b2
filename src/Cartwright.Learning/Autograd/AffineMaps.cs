using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>What a dense layer computes, with what comes right after it: one pass over memory in place of two to four.</summary>
public static class AffineMaps
{
    /// <summary>f(x · Wᵀ + b) in one operation: [..., k] gives [..., n].</summary>
    /// <param name="x">[..., k]; axes before the last count as rows.</param>
    /// <param name="weight">[n, k]</param>
    /// <param name="bias">[n]</param>
    /// <param name="activation">f.</param>
    /// <exception cref="ShapeException">The inner sizes differ, the weight is no matrix, or the bias has not n numbers.</exception>
    public static Tensor Affine(this Tensor x, Tensor weight, Tensor bias, Activation activation = Activation.None) => activation switch
    {
        Activation.Relu => Map<ReluKernel>(x, weight, bias, added: null, "Relu"),
        Activation.Gelu => Map<GeluKernel>(x, weight, bias, added: null, "Gelu"),
        _ => Map<Identity>(x, weight, bias, added: null, "Add"),
    };

    /// <summary>x · Wᵀ + b + added: the end of a branch that is added to what it branched from.</summary>
    /// <param name="x">[..., k]; axes before the last count as rows.</param>
    /// <param name="weight">[n, k]</param>
    /// <param name="bias">[n]</param>
    /// <param name="added">[..., n]</param>
    /// <exception cref="ShapeException">The sizes differ, or the weight is no matrix.</exception>
    public static Tensor AffineAdded(this Tensor x, Tensor weight, Tensor bias, Tensor added) =>
        Map<Identity>(x, weight, bias, added, "Add");

    private static Tensor Map<TActivation>(Tensor x, Tensor weight, Tensor bias, Tensor? added, string name)
        where TActivation : struct, IActivation
    {
        ShapeException.Require(weight.Rank == 2, $"The weight of a dense layer is a matrix [outputs, inputs]; found {weight}.");
        (int m, int k, int n) = (x.Rows, x.Columns, weight.Shape[0]);
        ShapeException.Require(k == weight.Shape[1], $"A dense layer with {weight.Shape[1]} inputs takes as many numbers in the last axis; found {x}.");
        ShapeException.Require(bias.Length == n, $"A dense layer with {n} outputs has as many biases; found {bias}.");
        ShapeException.Require(
            added is null || (added.Rows == m && added.Columns == n),
            $"What is added to a dense layer has its shape, {m} rows of {n} numbers; found {added!}.");

        Tensor? slopes = null;
        ReadOnlySpan<Tensor> inputs = added is null ? [x, weight, bias] : [x, weight, bias, added];
        Tensor y = Tensor.Result([.. x.Dimensions[..^1], n], inputs, y =>
        {
            AddGradients<TActivation>(y, slopes ?? y, x, weight, bias);
            if (added is not null)
            {
                Arithmetic.AddGradient(added, y.Gradient);
            }
        }, nameof(Affine));
        if (y.RequiresGradient && !TActivation.HasSlopeOfValue)
        {
            slopes = Tensor.Uninitialized(y.Dimensions);
        }

        AffineKernel.Forward<TActivation>(
            x.Values, weight.Values, bias.Values, added is null ? [] : added.Values, slopes is null ? [] : slopes.Output, y.Output, m, k, n);
        if (OperationTrace.Current is { } trace)
        {
            Record(trace, y, x, weight, bias, added, name);
        }

        return y;
    }

    private static void AddGradients<TActivation>(Tensor y, Tensor slopes, Tensor x, Tensor weight, Tensor bias)
        where TActivation : struct, IActivation
    {
        (int m, int k, int n) = (x.Rows, x.Columns, y.Columns);
        Span<float> gradBias = bias.RequiresGradient ? bias.GradientSum : [];
        if (AffineKernel.HasOnePassBackward(m, k, n))
        {
            (bool isFreshX, bool isFreshWeight) = (false, false);
            Span<float> gradX = x.RequiresGradient ? x.Storage.GradientToFill(out isFreshX) : [];
            Span<float> gradWeight = weight.RequiresGradient ? weight.Storage.GradientToFill(out isFreshWeight) : [];
            AffineKernel.Backward<TActivation>(
                y.Gradient, slopes.Values, x.Values, weight.Values, gradX, isFreshX, gradWeight, isFreshWeight, gradBias, m, k, n);
            return;
        }

        ReadOnlySpan<float> gradient = y.Gradient;
        if (!TActivation.IsIdentity)
        {
            Tensor gradSums = Tensor.Uninitialized(y.Dimensions);
            Elementwise.AddGradient<SlopeKept<TActivation>>(gradient, slopes.Values, gradSums.Output, isFresh: true);
            gradient = gradSums.Values;
        }

        MatrixMultiply.AddGradients(gradient, x, weight, n, transposeY: true);
        if (!gradBias.IsEmpty)
        {
            BiasKernel.Backward(gradient, gradBias, m, n);
        }
    }

    private static void Record(OperationTrace trace, Tensor y, Tensor x, Tensor weight, Tensor bias, Tensor? added, string name)
    {
        bool isMatrix = x.Rank == 2;
        bool isAlone = name == "Add" && added is null;
        if (isMatrix && isAlone)
        {
            trace.Record(y, "Gemm", [x, weight, bias], ("transB", 1L));
            return;
        }

        TracedValue product = isMatrix
            ? trace.Node("Gemm", [x, weight, bias], ("transB", 1L))
            : trace.Node("MatMul", [x, trace.Node("Transpose", [weight], ("perm", new long[] { 1, 0 }))]);
        if (!isMatrix && isAlone)
        {
            trace.Record(y, "Add", [product, bias]);
            return;
        }

        TracedValue sum = isMatrix ? product : trace.Node("Add", [product, bias]);
        trace.Record(y, name, added is null ? [sum] : [sum, added]);
    }
}
