using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.References;

namespace Cartwright.Learning.Tests.Layers;

public sealed class CrossAttentionTests
{
    private static readonly int[] Offsets = [0, 3, 3, 4, 9], ContextOffsets = [0, 5, 7, 8, 14];

    [Theory]
    [InlineData("all_seen")]
    [InlineData("masked")]
    public void Gives_the_output_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("cross_attention.json", name);
        MultiHeadAttention layer = new(8, 2, 0, new Random(1));
        layer.Load(reference.Inputs.Where(input => input.Key.Contains('.', StringComparison.Ordinal)).ToDictionary());
        bool[] isSeen = [.. reference.Ids("seen").Select(seen => seen == 1)];

        Tensor output = layer.Forward(reference["x"], reference.Ids("offsets"), reference["context"], reference.Ids("context_offsets"), isSeen);
        (output * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(output);
        reference.AssertGradients(layer.Parameters().Append(new("x", reference["x"])).Append(new("context", reference["context"])).ToDictionary());
    }

    [Theory]
    [InlineData(8, 2, false)]
    [InlineData(12, 3, true)]
    public void Has_the_gradient_that_differences_say(int hidden, int heads, bool hasRotaryPositions)
    {
        MultiHeadAttention layer = new(hidden, heads, 0.2f, new Random(2), hasRotaryPositions) { IsTraining = true };
        (Tensor x, Tensor context) = (Draw(1, 9, hidden), Draw(2, 14, hidden));
        Tensor factors = Draw(3, 9, hidden);

        NumericalGradient.Assert(
            () => (layer.Forward(x, Offsets, context, ContextOffsets) * factors).Sum(),
            layer.Parameters().Append(new("x", x)).Append(new("context", context)));
    }

    [Fact]
    public void A_layer_that_looks_at_its_own_tokens_is_self_attention()
    {
        MultiHeadAttention layer = new(8, 2, 0, new Random(2), hasRotaryPositions: true);
        Tensor x = Draw(1, 9, 8);

        float[] across = layer.Forward(x, Offsets, x, Offsets).ToArray();

        Assert.Equal(layer.Forward(x, Offsets, causal: false).ToArray(), across);
    }

    [Fact]
    public void The_map_has_a_column_for_each_token_that_is_looked_at()
    {
        MultiHeadAttention layer = new(8, 2, 0, new Random(2));

        AttentionMap map = Assert.Single(AttentionMap.Record(() => layer.Forward(Draw(1, 9, 8), Offsets, Draw(2, 14, 8), ContextOffsets)));

        Assert.Equal((5, 6), (map.Length(3), map.KeyLength(3)));
        Assert.Equal(30, map.Of(3, 1).Length);
        Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Sum(map.Of(3, 1)[..6]), 1e-5f);
    }

    [Fact]
    public void Sequences_that_do_not_belong_together_are_refused()
    {
        MultiHeadAttention layer = new(8, 2, 0, new Random(2));
        (Tensor x, Tensor context) = (Draw(1, 9, 8), Draw(2, 14, 8));

        Assert.Throws<ShapeException>(() => layer.Forward(x, Offsets, context, [0, 14]));
        Assert.Throws<ShapeException>(() => layer.Forward(x, Offsets, context, ContextOffsets, new bool[14]));
        Assert.Throws<ShapeException>(() => layer.Forward(x, Offsets, context, ContextOffsets, new bool[3]));
    }

    private static Tensor Draw(int seed, int rows, int columns) => Tensor.Parameter(Kernels.Samples.Normal(seed, rows * columns), rows, columns);
}
