using System.Runtime.InteropServices;

namespace Cartwright.Learning.Kernels;

/// <summary>A row of zeros for every block of work, added up in the order of the blocks at the end.</summary>
internal readonly unsafe struct PartialSums : IDisposable
{
    private readonly float* _sums;
    private readonly int _count;
    private readonly int _size;

    public PartialSums(int count, int size)
    {
        _count = count;
        _size = size;
        _sums = (float*)NativeMemory.AllocZeroed((nuint)count * (nuint)size + 1, sizeof(float));
    }

    public float* Of(int index) => _sums + ((nint)index * _size);

    /// <summary>Adds the numbers from <paramref name="start"/> on of every block to <paramref name="total"/>.</summary>
    public void AddTo(float* total, int start, int count)
    {
        for (int i = 0; i < _count; i++)
        {
            Reduce.Add(Of(i) + start, total, count);
        }
    }

    public void Dispose() => NativeMemory.Free(_sums);
}
