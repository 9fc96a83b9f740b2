using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>Cross-entropy of each query's target against a few sampled candidates that all queries share.</summary>
/// <remarks>
/// Bengio and Senécal, "Adaptive Importance Sampling to Accelerate Training of a Neural Probabilistic Language Model", 2008, with the
/// logQ correction of Yi et al., "Sampling-Bias-Corrected Neural Modeling", RecSys 2019. A sample that is a query's own target is left out for it.
/// </remarks>
public static class SampledSoftmax
{
    /// <summary>The mean over the rows.</summary>
    /// <param name="queries">[rows, hidden]</param>
    /// <param name="positives">Vector of each row's target: [rows, hidden].</param>
    /// <param name="negatives">Vectors of the samples: [count, hidden].</param>
    /// <param name="targets">Id of each row's target.</param>
    /// <param name="samples">Id of each sample; repeats count twice.</param>
    /// <param name="sampleLogits">Added to the logit of each sample: zeros for none, −ln(expected count) for the logQ correction.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    public static Tensor Loss(Tensor queries, Tensor positives, Tensor negatives, int[] targets, int[] samples, float[] sampleLogits)
    {
        (int rows, int hidden, int count) = (queries.Rows, queries.Columns, samples.Length);
        ShapeException.Require(count > 0 || rows == 0, $"Sampled softmax needs 1 sample or more; found none.");
        ShapeException.Require(targets.Length == rows, $"Sampled softmax needs a target for each query; found {targets.Length} targets for queries {queries}.");
        ShapeException.Require(
            positives.Rows == rows && positives.Columns == hidden,
            $"Sampled softmax needs the vector of a target for each query; found positives {positives} for queries {queries}.");
        ShapeException.Require(count == sampleLogits.Length, $"Sampled softmax needs a logit to add for each of {count} samples; found {sampleLogits.Length}.");
        ShapeException.Require(
            negatives.Rows == count && negatives.Columns == hidden,
            $"Sampled softmax needs a vector of {hidden} numbers for each of {count} samples; found negatives {negatives}.");

        Tensor weights = Tensor.Uninitialized([rows, count]);         // logits first, then gradients by logit
        Tensor targetWeights = Tensor.Uninitialized([rows]);
        Tensor losses = Tensor.Uninitialized([rows]);
        Tensor loss = Tensor.Result([], [queries, positives, negatives], loss =>
        {
            float factor = loss.Gradient[0];
            Tensor gradient = Tensor.Uninitialized([rows, hidden]);
            Gemm.Multiply(weights.Values, false, negatives.Values, false, gradient.Output, rows, hidden, count, 0);
            RowScaleKernel.AddScaledRows(positives.Values, targetWeights.Values, gradient.Output, hidden);
            Arithmetic.AddScaledGradient(queries, gradient.Values, factor);

            gradient = Tensor.Zeros(rows, hidden);
            RowScaleKernel.AddScaledRows(queries.Values, targetWeights.Values, gradient.Output, hidden);
            Arithmetic.AddScaledGradient(positives, gradient.Values, factor);

            gradient = Tensor.Uninitialized([count, hidden]);
            Gemm.Multiply(weights.Values, true, queries.Values, false, gradient.Output, count, hidden, rows, 0);
            Arithmetic.AddScaledGradient(negatives, gradient.Values, factor);
        });

        Gemm.Multiply(queries.Values, false, negatives.Values, true, weights.Output, rows, count, hidden, 0);
        SampledSoftmaxKernel.Invoke(queries.Values, positives.Values, weights.Output, targets, samples, sampleLogits,
            rows == 0 ? 0 : 1f / rows, targetWeights.Output, losses.Output, rows, count, hidden);
        loss.Output[0] = rows == 0 ? 0 : (float)(TableCrossEntropy.Sum(losses.Values) / rows);
        return loss;
    }
}
