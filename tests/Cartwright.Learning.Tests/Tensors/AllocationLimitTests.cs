using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Tensors;

public sealed class AllocationLimitTests
{
    [Fact]
    public void Tensors_made_while_it_is_set_count_together()
    {
        using (AllocationLimit.Begin(100))
        {
            Tensor.Zeros(60);

            ShapeException e = Assert.Throws<ShapeException>(() => Tensor.Zeros(41));

            Assert.Contains("Room for 41 more numbers", e.Message);
            Assert.Contains("40 are left of the 100", e.Message);
            Assert.Equal(40, Tensor.Zeros(40).Length);
        }

        Assert.Equal(101, Tensor.Zeros(101).Length);
    }

    [Fact]
    public void The_outer_limit_holds_again_after_an_inner_one()
    {
        using AllocationLimit outer = AllocationLimit.Begin(10);
        using (AllocationLimit.Begin(1000))
        {
            Tensor.Zeros(500);
        }

        Assert.Equal(10, AllocationLimit.Most);
        Assert.False(AllocationLimit.HasRoomFor(11));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(11));
    }
}
