using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>The general tensor operations beside PyTorch's, which tensors.py wrote.</summary>
public sealed class TensorReferenceTests
{
    private static readonly Dictionary<string, Func<Reference, Tensor>> Operations = new()
    {
        ["add_column"] = r => r["x"] + r["y"],
        ["add_outer"] = r => r["x"] + r["y"],
        ["add_to_row"] = r => r["x"] + r["y"],
        ["subtract_row"] = r => r["x"] - r["y"],
        ["multiply_column"] = r => r["x"] * r["y"],
        ["multiply_scalar"] = r => r["x"] * r["y"],
        ["divide"] = r => r["x"] / r["y"],
        ["divide_column"] = r => r["x"] / r["y"],
        ["pow"] = r => r["x"].Pow(r["y"]),
        ["maximum"] = r => r["x"].Maximum(r["y"]),
        ["maximum_ties"] = r => r["x"].Maximum(r["y"]),
        ["minimum_column"] = r => r["x"].Minimum(r["y"]),
        ["exp"] = r => r["x"].Exp(),
        ["log"] = r => r["x"].Log(),
        ["sqrt"] = r => r["x"].Sqrt(),
        ["abs"] = r => r["x"].Abs(),
        ["negate"] = r => -r["x"],
        ["erf"] = r => r["x"].Erf(),
        ["clip"] = r => r["x"].Clip(-0.5f, 0.75f),
        ["sum_middle"] = r => r["x"].Sum([1]),
        ["sum_ends"] = r => r["x"].Sum([0, 2], keepsAxes: true),
        ["mean_last"] = r => r["x"].Mean([-1], keepsAxes: true),
        ["max_first"] = r => r["x"].Max([0]),
        ["max_ties"] = r => r["x"].Max([1]),
        ["min_last"] = r => r["x"].Min([2]),
        ["prod_zeros"] = r => r["x"].Prod([1]),
        ["prod_middle"] = r => r["x"].Prod([1], keepsAxes: true),
        ["l2"] = r => r["x"].L2Norm([1, 2]),
        ["transpose"] = r => r["x"].Transpose(2, 0, 1),
        ["slice_steps"] = r => r["x"].Slice(0, 1, 6, 2),
        ["slice_back"] = r => r["x"].Slice(0, -1, int.MinValue, -3),
        ["concat"] = r => Arrangement.Concat(1, r["x"], r["y"]),
        ["split"] = r => r["x"].Split(2, 2, 2) is [var first, var second] ? (first * 2) + second : throw new InvalidOperationException(),
        ["pad_constant"] = r => r["x"].Pad(2, 1, 2, value: 0.5f),
        ["pad_reflect"] = r => r["x"].Pad(2, 3, 2, PaddingKind.Reflect),
        ["pad_edge"] = r => r["x"].Pad(2, 3, 2, PaddingKind.Edge),
        ["expand"] = r => r["x"].Expand(2, 3, 4),
        ["where"] = r => Selection.Where(r["x"].Clip(0, float.MaxValue), r["x"] * 2, r["y"]),
        ["gather_middle"] = r => r["x"].Gather(1, r.Ids("places"), 2, 2),
        ["gather_first"] = r => r["x"].Gather(0, r.Ids("places")),
        ["matmul_batches"] = r => r["x"].MatMul(r["y"]),
        ["matmul_broadcast"] = r => r["x"].MatMul(r["y"], transposeY: true),
        ["top_k"] = r => r["x"].TopK(2, 1).Values,
        ["cumulative_sum"] = r => r["x"].CumulativeSum(1),
        ["resize_nearest"] = r => r["x"].ResizeNearest(7, 3),
        ["resize_linear"] = r => r["x"].ResizeLinear(7, 3),
    };

    public static TheoryData<string> Names => Reference.Names("tensors.json");

    [Theory, MemberData(nameof(Names))]
    public void An_operation_gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("tensors.json", name);

        Tensor output = Operations[name](reference);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(reference.Inputs);
    }
}
