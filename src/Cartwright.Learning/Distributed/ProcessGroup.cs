using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cartwright.Learning.Distributed;

/// <summary>The processes that <c>mpirun -np N</c> started, of which this is one. They train one model together.</summary>
/// <remarks>
/// Every method is a meeting: all ranks call it, in the same order. One thread at a time may be in a meeting; a lock sees to that.
/// </remarks>
public sealed class ProcessGroup : IDisposable
{
    private readonly OpenMpi _mpi;
    private readonly Lock _meeting = new();
    private bool _isBroken;

    private ProcessGroup(OpenMpi mpi) => (_mpi, Rank, Size) = (mpi, mpi.Rank, mpi.Size);

    /// <summary>True where Open MPI is on this machine. Without it everything but training in several processes works.</summary>
    public static bool IsAvailable => OpenMpi.IsInstalled;

    /// <summary>Number of this process, from 0. Rank 0 writes checkpoints, validates and reports.</summary>
    public int Rank { get; }

    /// <summary>Processes in all, 1 or more.</summary>
    public int Size { get; }

    /// <summary>The rank that Open MPI's mpirun gave this process, known before it joins; null where mpirun did not start it.</summary>
    public static int? StartedRank =>
        int.TryParse(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK"), CultureInfo.InvariantCulture, out int rank) ? rank : null;

    /// <summary>Joins the processes that mpirun started. Call it once in a process, before training.</summary>
    /// <returns>Null where this process was not started by Open MPI's mpirun.</returns>
    /// <exception cref="DistributedException">It was, and the library is missing or does not start.</exception>
    public static ProcessGroup? Join() => StartedRank is null ? null : new ProcessGroup(OpenMpi.Start());

    /// <summary>The part of <paramref name="count"/> examples that belongs to this rank: parts differ by one at most and follow the order of ranks.</summary>
    /// <returns>The first example and the one after the last.</returns>
    public (int Start, int End) PartOf(int count) =>
        ((int)((long)count * Rank / Size), (int)((long)count * (Rank + 1) / Size));

    /// <summary>Every rank's numbers become the sum over all ranks, the same bits everywhere.</summary>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public void Sum(Span<float> values)
    {
        lock (_meeting)
        {
            _mpi.Sum(values);
        }
    }

    /// <inheritdoc cref="Sum(Span{float})"/>
    public void Sum(Span<double> values)
    {
        lock (_meeting)
        {
            _mpi.Sum(values);
        }
    }

    /// <summary>Every rank's numbers become the largest over all ranks.</summary>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public void Max(Span<int> values)
    {
        lock (_meeting)
        {
            _mpi.Max(values);
        }
    }

    /// <summary>Every rank's values become those of rank 0.</summary>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public void Broadcast<T>(Span<T> values)
        where T : unmanaged
    {
        lock (_meeting)
        {
            _mpi.Broadcast(MemoryMarshal.AsBytes(values));
        }
    }

    /// <summary>The values of all ranks, rank by rank; a rank may have none.</summary>
    /// <param name="own">What this rank gives.</param>
    /// <param name="all">Room for them; made anew where it is too small.</param>
    /// <param name="counts">Is given how many values are of each rank: [<see cref="Size"/>].</param>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public void Gather<T>(ReadOnlySpan<T> own, ref T[] all, Span<int> counts)
        where T : unmanaged
    {
        lock (_meeting)
        {
            counts.Clear();
            counts[Rank] = own.Length;
            _mpi.Max(counts);

            Span<int> sizes = stackalloc int[Size];
            Span<int> starts = stackalloc int[Size];
            int total = 0;
            for (int rank = 0; rank < Size; rank++)
            {
                starts[rank] = checked(total * Unsafe.SizeOf<T>());
                sizes[rank] = checked(counts[rank] * Unsafe.SizeOf<T>());
                total += counts[rank];
            }

            if (all.Length < total)
            {
                all = new T[BitOperations.RoundUpToPowerOf2((uint)total)];
            }

            _mpi.Gather(MemoryMarshal.AsBytes(own), MemoryMarshal.AsBytes(all.AsSpan(0, total)), sizes, starts);
        }
    }

    /// <summary>Waits for the other ranks and leaves; after <see cref="Break"/> leaves at once. A process can't join again.</summary>
    public void Dispose()
    {
        lock (_meeting)
        {
            if (!_isBroken)
            {
                _mpi.End();
            }
        }
    }

    /// <summary>Says that this rank can't go on. The process should end with an exit code above 0: mpirun then ends the others.</summary>
    internal void Break() => _isBroken = true;
}
