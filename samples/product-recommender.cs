#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// What a shopper will buy next, from what was bought before: 64 and 32 units, and a softmax over all products.
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

const int productCount = 500;
var random = new Random(1);
var network = new ProductRecommender(productCount, random);
var optimizer = new Adam(network, new AdamOptions { LearningRate = 0.01f, UpdatesTouchedRowsOnly = true });
for (int step = 1; step <= 600; step++)
{
    using var scope = TensorScope.Begin((ulong)step);
    (int[] bought, int[] offsets, int[] next) = Shoppers.Draw(128, random);
    Tensor loss = network.Loss(bought, offsets, next);
    loss.Backward();
    optimizer.Step();
    if (step % 100 == 0)
    {
        Console.WriteLine($"step {step}: loss {loss.Item():F3}");
    }
}

using var answering = TensorScope.Begin();
(int[] histories, int[] starts, int[] expected) = Shoppers.Draw(1000, random);
Tensor scores = network.Forward(histories, starts);
int hits = Enumerable.Range(0, 1000).Count(i => Enumerable.Range(0, productCount)
    .OrderByDescending(product => scores.Values[(i * productCount) + product]).Take(10).Contains(expected[i]));
Console.WriteLine($"For {hits / 10.0:F1} % of 1,000 new shoppers the next product is among the first ten of {productCount}.");

internal sealed class ProductRecommender(int productCount, Random random) : Module
{
    private readonly EmbeddingBag _products = new(productCount, 64, random);
    private readonly Dense _inner = new(64, 32, random);
    private readonly Dense _output = new(32, productCount, random);

    protected override IEnumerable<Part> Parts => [new("products", _products), new("inner", _inner), new("output", _output)];

    /// <param name="bought">Products of all shoppers, one shopper after the other.</param>
    /// <param name="offsets">Where each shopper's begin, and where the last one's end.</param>
    /// <returns>A logit for every product: [shoppers, products].</returns>
    public Tensor Forward(int[] bought, int[] offsets) => _output.Forward(_inner.Forward(_products.Forward(bought, offsets)).Relu());

    public Tensor Loss(int[] bought, int[] offsets, int[] next) => CrossEntropy.Loss(Forward(bought, offsets), next);
}

internal static class Shoppers
{
    private const int DepartmentSize = 10;

    /// <summary>Each shopper buys in one department, now and then elsewhere, and next something else of the department.</summary>
    public static (int[] Bought, int[] Offsets, int[] Next) Draw(int count, Random random)
    {
        List<int> bought = [];
        int[] offsets = new int[count + 1];
        int[] next = new int[count];
        for (int i = 0; i < count; i++)
        {
            int department = random.Next(500 / DepartmentSize);
            int length = random.Next(2, 8);
            for (int j = 0; j < length; j++)
            {
                bought.Add(random.Next(5) == 0 ? random.Next(500) : (department * DepartmentSize) + random.Next(DepartmentSize));
            }

            offsets[i + 1] = bought.Count;
            next[i] = (department * DepartmentSize) + random.Next(DepartmentSize);
        }

        return ([.. bought], offsets, next);
    }
}
