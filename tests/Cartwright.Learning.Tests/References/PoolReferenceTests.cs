using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Bags of rows and adaptive pools over sequences beside PyTorch's, which pools.py wrote.</summary>
public sealed class PoolReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, Tensor>> Operations = new()
    {
        ["bag_mean"] = r => r["x"].Bags(r.Ids("rows"), r.Ids("offsets")),
        ["bag_sum"] = r => r["x"].Bags(r.Ids("rows"), r.Ids("offsets"), BagMode.Sum),
        ["bag_max"] = r => r["x"].Bags(r.Ids("rows"), r.Ids("offsets"), BagMode.Max),
        ["adaptive_max_pool1d"] = r => r["x"].AdaptiveMaxPool1d(3),
        ["adaptive_average_pool1d"] = r => r["x"].AdaptiveAveragePool1d(3),
        ["global_max_pool1d"] = r => r["x"].AdaptiveMaxPool1d(1),
        ["global_average_pool1d"] = r => r["x"].AdaptiveAveragePool1d(1),
    };

    public static TheoryData<string> Names => Reference.Names("pools.json");

    [Theory, MemberData(nameof(Names))]
    public void Bags_and_pools_give_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("pools.json", name);

        Tensor output = Operations[name](reference);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(reference.Inputs);
    }
}
