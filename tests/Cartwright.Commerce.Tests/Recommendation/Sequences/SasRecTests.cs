using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class SasRecTests
{
    [Fact]
    public void Its_binary_cross_entropy_is_the_papers_with_a_product_that_is_not_in_the_sequence()
    {
        SasRecOptions options = new() { ProductCount = 4, HiddenSize = 4, Dropout = 0, Loss = SasRecLoss.BinaryCrossEntropy };
        var network = new SasRec(options, new Random(1));
        var content = ProductContent.Of([.. "abcd".Select(id => new Product { Id = id.ToString(), Title = "The " + id })]);
        int[] history = [0, 2, 3, 1], offsets = [0, 2, 4], next = [2, 1, 1, 2];
        int[] onlyStrangers = [3, 3, 0, 0];

        float found = network.Loss(history, offsets, next, content, new Random(2)).Item();

        Tensor expected = network.Forward(network.Vectors(history, content), offsets);
        double sum = 0;
        for (int i = 0; i < history.Length; i++)
        {
            sum += Softplus(-Score(i, next[i])) + Softplus(Score(i, onlyStrangers[i]));
        }

        Assert.Equal(sum / history.Length, found, 1e-5);

        double Score(int row, int product)
        {
            float[] vector = network.Vectors([product], content).ToArray();
            return vector.Select((v, i) => v * (double)expected.Values[(row * options.HiddenSize) + i]).Sum();
        }
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
}
