using System.Runtime.InteropServices;
using System.Text;

namespace Cartwright.Learning.Distributed;

/// <summary>The functions of the system's Open MPI that a training needs, loaded when it is first asked for.</summary>
/// <remarks>
/// Debian's <c>libopenmpi3</c>, version 4. Handles such as MPI_COMM_WORLD are addresses of exported objects there; other
/// implementations of MPI have numbers in their place and can't be used. The standard: "MPI: A Message-Passing Interface
/// Standard", version 3.1, 2015.
/// </remarks>
internal sealed unsafe class OpenMpi
{
    private const string File = "libmpi.so.40";

    /// <summary>Calls come from more than one thread, never from two at one time.</summary>
    private const int Serialized = 2;

    private const int LongestError = 512;

    private readonly nint _library;
    private readonly nint _world;
    private readonly nint _float;
    private readonly nint _double;
    private readonly nint _int;
    private readonly nint _byte;
    private readonly nint _sum;
    private readonly nint _max;

    private OpenMpi(nint library)
    {
        _library = library;
        _world = Symbol("ompi_mpi_comm_world");
        _float = Symbol("ompi_mpi_float");
        _double = Symbol("ompi_mpi_double");
        _int = Symbol("ompi_mpi_int");
        _byte = Symbol("ompi_mpi_byte");
        _sum = Symbol("ompi_mpi_op_sum");
        _max = Symbol("ompi_mpi_op_max");
    }

    /// <summary>True where the library is on this machine.</summary>
    public static bool IsInstalled
    {
        get
        {
            bool isThere = NativeLibrary.TryLoad(File, out nint library);
            if (isThere)
            {
                NativeLibrary.Free(library);
            }

            return isThere;
        }
    }

    /// <exception cref="DistributedException">The library is missing or did not start.</exception>
    public static OpenMpi Start()
    {
        if (!NativeLibrary.TryLoad(File, out nint library))
        {
            throw new DistributedException($"{File} is missing. Install Open MPI (Debian: apt-get install openmpi-bin libopenmpi3), or train without mpirun.");
        }

        var mpi = new OpenMpi(library);
        int provided;
        mpi.Check(((delegate* unmanaged<nint, nint, int, int*, int>)mpi.Symbol("MPI_Init_thread"))(0, 0, Serialized, &provided));
        if (provided < Serialized)
        {
            throw new DistributedException($"Open MPI allows threads of level {provided}; {Serialized} is needed. Use a build with thread support, as Debian's is.");
        }

        // Without this an error ends the process inside the library, before anything can be said.
        mpi.Check(((delegate* unmanaged<nint, nint, int>)mpi.Symbol("MPI_Comm_set_errhandler"))(mpi._world, mpi.Symbol("ompi_mpi_errors_return")));
        return mpi;
    }

    public int Rank
    {
        get
        {
            int rank;
            Check(((delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_rank"))(_world, &rank));
            return rank;
        }
    }

    public int Size
    {
        get
        {
            int size;
            Check(((delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_size"))(_world, &size));
            return size;
        }
    }

    /// <summary>Every rank's numbers become the sum over all ranks.</summary>
    public void Sum(Span<float> values)
    {
        fixed (float* buffer = values)
        {
            Reduce(buffer, values.Length, _float, _sum);
        }
    }

    public void Sum(Span<double> values)
    {
        fixed (double* buffer = values)
        {
            Reduce(buffer, values.Length, _double, _sum);
        }
    }

    /// <summary>Every rank's numbers become the largest over all ranks.</summary>
    public void Max(Span<int> values)
    {
        fixed (int* buffer = values)
        {
            Reduce(buffer, values.Length, _int, _max);
        }
    }

    /// <summary>Every rank's bytes become those of rank 0.</summary>
    public void Broadcast(Span<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            Check(((delegate* unmanaged<void*, int, nint, int, nint, int>)Symbol("MPI_Bcast"))(buffer, bytes.Length, _byte, 0, _world));
        }
    }

    /// <summary>The bytes of all ranks one after the other; rank r gives <paramref name="counts"/>[r] of them.</summary>
    public void Gather(ReadOnlySpan<byte> own, Span<byte> all, ReadOnlySpan<int> counts, ReadOnlySpan<int> starts)
    {
        fixed (byte* from = own, to = all)
        fixed (int* count = counts, start = starts)
        {
            Check(((delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, int>)Symbol("MPI_Allgatherv"))(
                from, own.Length, _byte, to, count, start, _byte, _world));
        }
    }

    public void End() => Check(((delegate* unmanaged<int>)Symbol("MPI_Finalize"))());

    private void Reduce(void* buffer, int count, nint type, nint operation)
    {
        // MPI_IN_PLACE is the address 1.
        Check(((delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Symbol("MPI_Allreduce"))((void*)1, buffer, count, type, operation, _world));
    }

    private nint Symbol(string name) => NativeLibrary.GetExport(_library, name);

    private void Check(int code)
    {
        if (code == 0)
        {
            return;
        }

        byte* text = stackalloc byte[LongestError];
        int length = 0;
        ((delegate* unmanaged<int, byte*, int*, int>)Symbol("MPI_Error_string"))(code, text, &length);
        throw new DistributedException(
            $"Another rank was lost or can't be reached ({Encoding.UTF8.GetString(text, length)}). The last checkpoint is unharmed; a training that is resumed goes on from it.");
    }
}
