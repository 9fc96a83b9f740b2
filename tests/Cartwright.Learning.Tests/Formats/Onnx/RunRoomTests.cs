using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

public sealed class RunRoomTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    /// <summary>A picture of 1000 × 1000 through 8 convolutions of 56 channels: 448 numbers for each that goes in, 56 in each node.</summary>
    [Fact]
    public void A_stack_of_convolutions_may_make_more_in_all_than_one_node()
    {
        OnnxValue picture = Tensor.Zeros(1000, 1000);
        using AllocationLimit run = RunRoom.BeginRun(16L << 30);

        for (int i = 0; i < 8; i++)
        {
            using AllocationLimit node = RunRoom.BeginNode([picture, null]);
            AllocationLimit.Take(56_000_000);
        }
    }

    [Fact]
    public void A_node_is_held_to_what_it_reads_and_a_run_to_half_of_the_memory()
    {
        OnnxValue number = Tensor.Zeros(1);
        using AllocationLimit run = RunRoom.BeginRun(4L << 30);
        using (RunRoom.BeginNode([number]))
        {
            Assert.Contains("a node with these inputs", Assert.Throws<ShapeException>(() => AllocationLimit.Take((1 << 28) + 1)).Message);
        }

        for (int i = 0; i < 2; i++)
        {
            using AllocationLimit node = RunRoom.BeginNode([number]);
            AllocationLimit.Take(1 << 28);
        }

        using AllocationLimit last = RunRoom.BeginNode([number]);
        Assert.Contains("a run on this machine", Assert.Throws<ShapeException>(() => AllocationLimit.Take(1)).Message);
    }

    /// <summary>Each node may make what this does; together they would double without end.</summary>
    [Fact]
    public void Nodes_of_a_chain_that_doubles_count_together()
    {
        var writer = new OnnxWriter();
        writer.Input("y0", Tensor.Zeros(2), ["2"]);
        writer.Initializer("twice", OnnxValue.From([2], 1));
        for (int i = 0; i < 20; i++)
        {
            writer.Node("Tile", [$"y{i}", "twice"], [$"y{i + 1}"], []);
        }

        writer.Output("y20", null, null);
        writer.Write(_file);
        using AllocationLimit limit = AllocationLimit.Begin(1 << 16, "a test");

        ShapeException e = Assert.Throws<ShapeException>(() => OnnxModel.Load(_file).Forward(Tensor.Zeros(2)));

        Assert.Contains("(Tile)", e.Message);
        Assert.Contains("a test may take", e.Message);
    }
}
