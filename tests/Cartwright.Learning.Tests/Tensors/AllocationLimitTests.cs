using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Tensors;

public sealed class AllocationLimitTests
{
    [Fact]
    public void Tensors_made_while_it_is_set_count_together()
    {
        using (AllocationLimit.Begin(100, "a test"))
        {
            Tensor.Zeros(60);

            ShapeException e = Assert.Throws<ShapeException>(() => Tensor.Zeros(41));

            Assert.Contains("Room for 41 more numbers", e.Message);
            Assert.Contains("40 are left of the 100 that a test may take", e.Message);
            Assert.Equal(40, Tensor.Zeros(40).Length);
        }

        Assert.Equal(101, Tensor.Zeros(101).Length);
    }

    [Fact]
    public void What_an_inner_limit_allows_counts_for_the_outer_one()
    {
        using AllocationLimit outer = AllocationLimit.Begin(10, "the whole");
        for (int i = 0; i < 2; i++)
        {
            using AllocationLimit inner = AllocationLimit.Begin(5, "a part");
            Assert.Equal(5, AllocationLimit.Most);
            Assert.Contains("a part", Assert.Throws<ShapeException>(() => Tensor.Zeros(6)).Message);
            Tensor.Zeros(4);
        }

        Assert.Equal(10, AllocationLimit.Most);
        Assert.False(AllocationLimit.HasRoomFor(11));
        Assert.Contains("2 are left of the 10 that the whole", Assert.Throws<ShapeException>(() => Tensor.Zeros(3)).Message);
    }
}
