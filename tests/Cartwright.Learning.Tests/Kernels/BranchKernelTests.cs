using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Both branches of a transformer block beside the operations that they stand for, which a watcher is shown.</summary>
public sealed class BranchKernelTests
{
    /// <summary>Width, heads, inner size, sequences (some of them empty, one or several parts in all) and dropout.</summary>
    public static TheoryData<int, int, int, int[], bool, float> Blocks => new()
    {
        { 8, 2, 16, [3, 0, 1, 5], true, 0 },
        { 6, 3, 5, [4, 2], false, 0 },
        { 64, 2, 96, [50, 50, 7], true, 0.2f },
        { 12, 1, 33, [.. Enumerable.Range(0, 80).Select(s => s % 37)], true, 0.3f },
        { 12, 2, 20, [.. Enumerable.Repeat(0, 3), 130, 256, 1, 255, 256, 256, .. Enumerable.Repeat(0, 3)], false, 0 },
    };

    [Theory, MemberData(nameof(Blocks))]
    public void A_block_in_one_pass_is_the_block_in_many(int width, int heads, int inner, int[] lengths, bool causal, float dropout)
    {
        TransformerBlock block = Block(width, heads, inner, dropout);
        (float[] x, int[] offsets) = Tokens(width, lengths);

        float[][] fused = Step(block, x, offsets, causal);
        float[][] plain = [];
        int seen = 0;
        OperationWatch.Run(() => plain = Step(block, x, offsets, causal), (_, _) => seen++);

        Assert.True(seen > 8, $"A watcher was shown {seen} operations.");
        for (int i = 0; i < plain.Length; i++)
        {
            // Nothing depends on the keys' bias, so that its gradient is what rounding leaves: beside that of x it is nothing.
            double size = Math.Max(Norm(plain[i]), Norm(plain[1]));
            double distance = Norm([.. plain[i].Zip(fused[i], (p, f) => p - f)]);
            Assert.True(distance <= 1e-5 * size, $"Result {i} is off by {distance / size:E1}.");
        }
    }

    [Fact]
    public void A_block_has_the_same_bits_on_any_thread_count()
    {
        TransformerBlock block = Block(16, 2, 40, 0.1f);
        (float[] x, int[] offsets) = Tokens(16, [.. Enumerable.Range(0, 90).Select(s => 10 + (s % 30))]);

        Samples.AssertSameBitsOnAnyThreadCount(() => Step(block, x, offsets, causal: true));
    }

    [Fact]
    public void Frozen_weights_and_constant_inputs_take_no_gradient()
    {
        TransformerBlock block = Block(8, 2, 16, 0);
        (float[] x, int[] offsets) = Tokens(8, [5, 3]);
        Tensor constant = Tensor.From(x, 8, 8);

        block.Forward(constant, offsets, causal: true).Sum().Backward();

        Assert.False(constant.Storage.HasGradient);
        Assert.All(block.Parameters(), weight => Assert.True(weight.Value.Storage.HasGradient));
    }

    [Fact]
    public void Sequences_that_do_not_hold_the_tokens_are_refused()
    {
        TransformerBlock block = Block(8, 2, 16, 0);

        Assert.Throws<ShapeException>(() => block.Forward(Tensor.Zeros(5, 8), [0, 2, 4], causal: true));
        Assert.Throws<ShapeException>(() => block.Forward(Tensor.Zeros(5, 8), [0, 6, 5], causal: true));
        Assert.Throws<ShapeException>(() => block.Forward(Tensor.Zeros(5, 8), [1, 5], causal: true));
    }

    private static double Norm(float[] numbers) => Math.Sqrt(numbers.Sum(number => (double)number * number));

    private static TransformerBlock Block(int width, int heads, int inner, float dropout)
    {
        TransformerBlock block = new(width, heads, inner, dropout, new Random(1)) { IsTraining = true };
        int seed = 2;
        foreach (Tensor weight in block.Parameters().Select(p => p.Value))
        {
            Samples.Normal(seed++, weight.Length, 0.3f).CopyTo(weight.Output);
        }

        return block;
    }

    private static (float[] X, int[] Offsets) Tokens(int width, int[] lengths)
    {
        int[] offsets = new int[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++)
        {
            offsets[s + 1] = offsets[s] + lengths[s];
        }

        return (Samples.Normal(20, offsets[^1] * width), offsets);
    }

    // The input is used once more, so that its gradient is added to as well as written.
    private static float[][] Step(TransformerBlock block, float[] tokens, int[] offsets, bool causal)
    {
        using var scope = TensorScope.Begin(5);
        int width = tokens.Length / offsets[^1];
        Tensor x = Tensor.Watched(tokens, offsets[^1], width);
        Tensor factors = Tensor.From(Samples.Normal(21, tokens.Length), offsets[^1], width);
        Tensor first = block.Forward(x, offsets, causal);
        Tensor y = block.Forward(first, offsets, causal) + (first * 0.5f);
        (y * factors).Sum().Backward();
        float[][] results = [y.ToArray(), x.Gradient.ToArray(), .. block.Parameters().Select(p => p.Value.Gradient.ToArray())];
        block.ClearGradients();
        return results;
    }
}
