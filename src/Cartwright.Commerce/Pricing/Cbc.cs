using System.Runtime.InteropServices;
using System.Text;

namespace Cartwright.Commerce.Pricing;

/// <summary>The system's COIN-OR branch-and-cut solver, where it is installed.</summary>
/// <remarks>
/// Debian's <c>coinor-libcbc3</c>, through the C functions of <c>Cbc_C_Interface.h</c>, version 2.10.
/// Forrest and Lougee-Heimer, "CBC User Guide", INFORMS Tutorials in Operations Research, 2005.
/// </remarks>
internal static unsafe class Cbc
{
    private const string File = "libCbcSolver.so.3";

    private static readonly nint Library = NativeLibrary.TryLoad(File, out nint library) ? library : 0;

    /// <summary>The solver keeps state of its own outside of a model, so one problem is solved at a time.</summary>
    private static readonly Lock OneAtATime = new();

    public static bool IsInstalled => Library != 0;

    /// <summary>"cbc 2.10.8".</summary>
    public static string Name => "cbc " + Marshal.PtrToStringAnsi(((delegate* unmanaged<nint>)Symbol("Cbc_getVersion"))());

    /// <param name="seconds">Longest time to search, on the clock.</param>
    public static MixedSolution Solve(MixedProgram program, double seconds)
    {
        // Without a whole number in it the solver takes another path, which prints and keeps no solution.
        if (!Enumerable.Range(0, program.ColumnCount).Any(program.IsWhole))
        {
            program.Column(0, 1, isWhole: true);
        }

        lock (OneAtATime)
        {
            nint model = ((delegate* unmanaged<nint>)Symbol("Cbc_newModel"))();
            try
            {
                Load(model, program);
                Set(model, "log", "0");
                Set(model, "timeMode", "elapsed");
                Set(model, "sec", FormattableString.Invariant($"{Math.Max(0.1, seconds):0.###}"));
                ((delegate* unmanaged<nint, int>)Symbol("Cbc_solve"))(model);
                return Read(model, program.ColumnCount);
            }
            finally
            {
                ((delegate* unmanaged<nint, void>)Symbol("Cbc_deleteModel"))(model);
            }
        }
    }

    private static void Load(nint model, MixedProgram program)
    {
        (int[] starts, int[] rows, double[] values) = program.ByColumn();
        double[] objective = [.. program.Objective];
        double[] lower = new double[program.ColumnCount];
        double[] upper = [.. program.Upper];
        double[] rowLow = [.. program.RowLow];
        double[] rowHigh = [.. program.RowHigh];
        fixed (int* start = starts, row = rows)
        fixed (double* value = values, cost = objective, from = lower, to = upper, low = rowLow, high = rowHigh)
        {
            ((delegate* unmanaged<nint, int, int, int*, int*, double*, double*, double*, double*, double*, double*, void>)Symbol("Cbc_loadProblem"))(
                model, program.ColumnCount, program.RowCount, start, row, value, from, to, cost, low, high);
        }

        ((delegate* unmanaged<nint, double, void>)Symbol("Cbc_setObjSense"))(model, -1);      // maximize
        var setInteger = (delegate* unmanaged<nint, int, void>)Symbol("Cbc_setInteger");
        for (int i = 0; i < program.ColumnCount; i++)
        {
            if (program.IsWhole(i))
            {
                setInteger(model, i);
            }
        }
    }

    private static MixedSolution Read(nint model, int columns)
    {
        bool isOptimal = Is(model, "Cbc_isProvenOptimal");
        bool isInfeasible = Is(model, "Cbc_isProvenInfeasible");
        nint best = ((delegate* unmanaged<nint, nint>)Symbol("Cbc_bestSolution"))(model);
        if (isInfeasible || best == 0)
        {
            return new MixedSolution(isOptimal, isInfeasible, double.NaN, Number(model, "Cbc_getBestPossibleObjValue"), null);
        }

        double[] values = new ReadOnlySpan<double>((double*)best, columns).ToArray();
        double objective = Number(model, "Cbc_getObjValue");
        return new MixedSolution(isOptimal, isInfeasible, objective, isOptimal ? objective : Number(model, "Cbc_getBestPossibleObjValue"), values);
    }

    private static void Set(nint model, string name, string value)
    {
        fixed (byte* key = Encoding.ASCII.GetBytes(name + "\0"), text = Encoding.ASCII.GetBytes(value + "\0"))
        {
            ((delegate* unmanaged<nint, byte*, byte*, void>)Symbol("Cbc_setParameter"))(model, key, text);
        }
    }

    private static bool Is(nint model, string question) => ((delegate* unmanaged<nint, int>)Symbol(question))(model) != 0;

    private static double Number(nint model, string question) => ((delegate* unmanaged<nint, double>)Symbol(question))(model);

    private static nint Symbol(string name) => NativeLibrary.GetExport(Library, name);
}
