using System.Runtime.CompilerServices;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Evaluation;

public sealed class PeakMemoryTests
{
    private const int Size = 300_000_000;

    [Fact]
    public void What_was_taken_and_given_back_before_does_not_count()
    {
        PeakMemory.Restart();
        int touched = Touch();
        long withIt = PeakMemory.Bytes;

        PeakMemory.Restart();
        long after = PeakMemory.Bytes;

        Assert.Equal(1, touched);
        Assert.True(withIt > Size, $"a peak of {withIt:N0} bytes");
        if (OperatingSystem.IsLinux())
        {
            Assert.True(after < withIt - (Size / 2), $"{after:N0} bytes after a peak of {withIt:N0}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Touch()
    {
        byte[] memory = new byte[Size];
        memory.AsSpan().Fill(1);
        return memory[Size / 2];
    }
}
