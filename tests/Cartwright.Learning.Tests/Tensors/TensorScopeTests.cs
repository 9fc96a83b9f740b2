using System.Runtime.InteropServices;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Tensors;

public sealed class TensorScopeTests
{
    [Fact]
    public void A_tensor_read_after_its_step_throws()
    {
        Tensor sum;
        using (TensorScope.Begin())
        {
            sum = Tensor.From([1, 2], 2) + Tensor.From([3, 4], 2);
            Assert.Equal([4f, 6f], sum.ToArray());
        }

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => sum.ToArray());
        Assert.Contains("ToArray()", e.Message);
    }

    [Fact]
    public void Buffers_go_back_to_the_pool_at_the_end()
    {
        using (TensorScope.Begin())
        {
            Tensor.Zeros(1_000_003);
        }

        long retained = BufferPool.RetainedBytes;
        using (TensorScope.Begin())
        {
            Tensor.Zeros(1_000_003);
            Assert.True(BufferPool.RetainedBytes <= retained - (1_000_003 * sizeof(float)));
        }
    }

    [Fact]
    public void Buffers_begin_at_a_line_of_the_caches_and_hold_what_is_asked()
    {
        foreach (int length in new[] { 0, 1, 63, 64, 65, 80, 81, 97, 1000, 16_384, 16_385, 1_000_003 })
        {
            float[] buffer = BufferPool.Rent(length);
            int start = CacheLines.Start(buffer);

            Assert.Equal(0, (Marshal.UnsafeAddrOfPinnedArrayElement(buffer, start)) % 64);
            Assert.InRange(length, 0, buffer.Length - start);
            BufferPool.Return(buffer);
            Assert.Same(buffer, BufferPool.Rent(length));
            BufferPool.Return(buffer);
        }
    }

    [Fact]
    public void Inner_tensors_end_before_outer_ones()
    {
        using TensorScope outer = TensorScope.Begin();
        Tensor kept = Tensor.From([5], 1);
        using (TensorScope.Begin())
        {
            Assert.Equal([10f], (kept + kept).ToArray());
        }

        Assert.Equal([5f], kept.ToArray());
    }

    [Fact]
    public void A_scope_takes_those_inside_of_it_along_and_they_may_end_again_later()
    {
        using TensorScope around = TensorScope.Begin();
        TensorScope outer = TensorScope.Begin();
        TensorScope inner = TensorScope.Begin();
        Tensor ofInner = Tensor.From([1], 1);

        outer.Dispose();

        Assert.Throws<InvalidOperationException>(() => ofInner.ToArray());
        Assert.Same(around, TensorScope.Current);
        inner.Dispose();
        Assert.Same(around, TensorScope.Current);
        Assert.Equal([3f], Tensor.From([3], 1).ToArray());
    }

    [Fact]
    public void A_scope_that_ends_on_another_thread_says_so_and_spoils_neither()
    {
        using TensorScope around = TensorScope.Begin();
        TensorScope scope = TensorScope.Begin();
        InvalidOperationException? e = null;
        Thread other = new(() =>
        {
            e = Assert.Throws<InvalidOperationException>(scope.Dispose);
            Assert.Null(TensorScope.Current);
        });
        other.Start();
        other.Join();

        Assert.Contains("await", e!.Message, StringComparison.Ordinal);
        Assert.Same(around, TensorScope.Current);
        Assert.Equal([3f], Tensor.From([3], 1).ToArray());
    }

    [Fact]
    public void Dropout_without_a_step_says_what_to_do()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Tensor.Zeros(3).Dropout(0.5f));

        Assert.Contains("TensorScope.Begin(seed)", e.Message);
    }

    [Fact]
    public void The_same_step_seed_draws_the_same_dropout()
    {
        float[][] draws = [.. ((ulong[])[1, 1, 2]).Select(seed =>
        {
            using var scope = TensorScope.Begin(seed);
            return Tensor.Parameter([.. Enumerable.Repeat(1f, 100)], 100).Dropout(0.5f).ToArray();
        })];

        Assert.Equal(draws[0], draws[1]);
        Assert.NotEqual(draws[0], draws[2]);
    }
}
