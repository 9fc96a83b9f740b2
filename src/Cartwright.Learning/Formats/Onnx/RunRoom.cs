using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>How many numbers a model from a file may make, so that no file can take all memory.</summary>
/// <remarks>
/// Networks over pictures make many large tensors out of few numbers, but each node makes few out of what it reads. So a node is held to its own
/// inputs; and since a chain of nodes could still multiply without end, the run is held to what the machine has.
/// </remarks>
internal static class RunRoom
{
    /// <summary>Numbers that any node, and any run, may make: 1 GB of floats.</summary>
    private const long Least = 1 << 28;

    /// <summary>Numbers that a node may make for each one it reads, weights counted.</summary>
    private const long PerNumber = 256;

    /// <summary>Limits all that is made in a run to half of the memory that there is.</summary>
    /// <param name="availableBytes">Memory that this process may use.</param>
    public static AllocationLimit BeginRun(long availableBytes) =>
        AllocationLimit.Begin(Math.Max(Least, availableBytes / 2 / sizeof(float)), "a run on this machine");

    /// <summary>Limits what one node makes.</summary>
    /// <param name="given">What it reads; null for an input that is left out.</param>
    public static AllocationLimit BeginNode(IEnumerable<OnnxValue?> given) =>
        AllocationLimit.Begin(Math.Max(Least, PerNumber * given.Sum(value => (long)(value?.Length ?? 0))), "a node with these inputs");
}
