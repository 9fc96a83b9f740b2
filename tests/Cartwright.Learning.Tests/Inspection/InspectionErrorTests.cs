using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Inspection;

/// <summary>What the functions that look into a model say to questions without an answer.</summary>
public sealed class InspectionErrorTests
{
    private static readonly Tensor Input = Tensor.From([1, 2, 3], 3);
    private static readonly Tensor Zeros = Tensor.Zeros(3);

    [Fact]
    public void Shapley_sampling_says_what_its_background_and_parts_have_to_be()
    {
        Refuses("each of the input's shape", () => Sample(Tensor.Zeros(2, 4)));
        Refuses("each of the input's shape", () => Sample(Tensor.Zeros(0, 3)));
        Refuses("each of the input's shape", () => Sample(Tensor.Zeros(6)));
        Refuses("Number 1 of the input is in part 0 and again in part 1", () => Sample(Tensor.Zeros(2, 3), [[0, 1], [1, 2]]));
        Refuses("Part 1 holds position 3", () => Sample(Tensor.Zeros(2, 3), [[0], [3]]));
        Refuses("samples", () => Sample(Tensor.Zeros(2, 3), samples: 0));
        Refuses("an input with numbers", () => ShapleySampling.Attribute(Sum, Tensor.Zeros(0), Tensor.Zeros(2, 0), [], 1, new Random(1)));
    }

    [Fact]
    public void Ways_from_a_baseline_need_one_of_the_same_shape_and_a_step()
    {
        Refuses("baseline of the input's shape", () => IntegratedGradients.Attribute(Sum, Input, Tensor.Zeros(1, 3)));
        Refuses("baseline of the input's shape", () => IntegratedGradients.Attribute(Sum, Input, Tensor.Zeros(4)));
        Refuses("steps", () => IntegratedGradients.Attribute(Sum, Input, Zeros, steps: 0));
        Refuses("one number for each example", () => IntegratedGradients.Attribute(x => x, Input, Zeros));
    }

    [Fact]
    public void Occlusion_hides_parts_that_are_there()
    {
        Refuses("size", () => Occlusion.Squares(1, 4, 4, size: 0, stride: 1));
        Refuses("stride", () => Occlusion.Squares(1, 4, 4, size: 2, stride: 0));
        Refuses("more than a whole picture of 4 by 6", () => Occlusion.Squares(1, 4, 6, size: 7, stride: 1));
        Refuses("found 0, 4 and 4", () => Occlusion.Squares(0, 4, 4, size: 1, stride: 1));
        Refuses("Part 0 holds position -1", () => Occlusion.Attribute(Sum, Input, Zeros, [[-1]]));
        Refuses("baseline of the input's shape", () => Occlusion.Attribute(Sum, Input, Tensor.Zeros(3, 1), [[0]]));
    }

    [Fact]
    public void Robustness_takes_strengths_of_0_or_more_and_a_class_for_each_example()
    {
        Refuses("strengths must be 0 or more", () => Measure([0, 1], [-0.1f]));
        Refuses("strengths must be 0 or more", () => Measure([0, 1], [0.1f, float.NaN]));
        Refuses("found 3 classes", () => Measure([0, 1, 0], [0.1f]));
        Refuses("smallest must be at most", () => Robustness.Measure(x => x, Tensor.Zeros(2, 3), [0, 1], [0.1f], 1, 0, new Random(1)));
    }

    [Fact]
    public void A_model_without_attention_has_no_maps_and_a_map_says_how_many_heads_it_has()
    {
        var dense = new Dense(3, 2, new Random(1));
        var attention = new MultiHeadAttention(4, 2, 0, new Random(1));

        Assert.Empty(AttentionMap.Record(() => dense.Forward(Tensor.Zeros(2, 3))));
        AttentionMap map = Assert.Single(AttentionMap.Record(() => attention.Forward(Tensor.Zeros(3, 4), [0, 3], causal: false)));
        Refuses("1 sequences", () => map.Of(1, 0));
        Refuses("2 heads", () => map.Of(0, 2));
    }

    private static Tensor Sum(Tensor x) => x.Reshape(x.Shape[0], -1).Sum([1]);

    private static void Sample(Tensor background, int[][]? parts = null, int samples = 2) =>
        ShapleySampling.Attribute(Sum, Input, background, parts ?? [[0], [1], [2]], samples, new Random(1));

    private static void Measure(int[] classes, float[] strengths) =>
        Robustness.Measure(x => x, Tensor.Zeros(2, 3), classes, strengths, 0, 1, new Random(1));

    private static void Refuses(string says, Action ask)
    {
        Exception error = Record.Exception(ask)!;

        PlainWords.Assert(error);
        Assert.Contains(says, error.Message);
    }
}
