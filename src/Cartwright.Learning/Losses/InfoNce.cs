using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>Each query should find its own key among the keys of the whole batch.</summary>
/// <remarks>
/// Van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding", 2018, with the temperature of Chen et al.,
/// "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020. The products are taken as they are: give rows of
/// length 1 where cosines are meant.
/// </remarks>
public static class InfoNce
{
    /// <summary>The mean over the rows of −ln softmax(query · keys / temperature) at the row's own key.</summary>
    /// <param name="queries">[rows, size]</param>
    /// <param name="keys">[rows, size]; row i belongs to query i, all others are its negatives.</param>
    /// <param name="temperature">More than 0; smaller looks at the nearest negatives only. For cosines 0.05 to 0.5.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Loss(Tensor queries, Tensor keys, float temperature = 0.1f)
    {
        Ranges.ThrowUnlessPositive(temperature);
        ShapeException.Require(
            keys.Rows == queries.Rows && keys.Columns == queries.Columns,
            $"InfoNCE needs a key for each query, as wide as it; found queries {queries} and keys {keys}.");
        return TableCrossEntropy.Loss(queries.Scale(1 / temperature), keys, [.. Enumerable.Range(0, queries.Rows)]);
    }
}
