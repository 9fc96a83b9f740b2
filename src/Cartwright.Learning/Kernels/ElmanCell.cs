using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>h = tanh(W·x + a + U·h' + b).</summary>
/// <remarks>Elman, "Finding Structure in Time", 1990.</remarks>
internal readonly unsafe struct ElmanCell : IRecurrentCell
{
    public static int GateCount => 1;

    public static bool PassesHidden => false;

    public static bool KeepsLastProduct => false;

    public static bool HasMemory => false;

    public static void Forward(in CellRow row, int size)
    {
        float* gate = row.Gates;
        int i = WideLanes.AreSupported ? Forward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Forward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            float h = GateFunctions.Tanh(gate[i] + row.Product[i] + row.InputBias[i] + row.HiddenBias[i]);
            gate[i] = h;
            row.Hidden[i] = h;
        }
    }

    public static void Backward(in CellRow row, int size)
    {
        float* gate = row.Gates;
        int i = WideLanes.AreSupported ? Backward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Backward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            float gradient = (row.GradOutput[i] + row.GradHidden[i]) * TanhKernel.Slope.Of(gate[i]);
            gate[i] = gradient;
            row.Product[i] = gradient;
        }
    }

    // Whole vectors from i on. A method of its own, as below: in a larger one the compiler no longer inlines the exponentials.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Forward<TLanes>(in CellRow row, int i, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gate = row.Gates;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
        {
            TLanes h = GateFunctions.Tanh(
                TLanes.Load(gate + i) + TLanes.Load(row.Product + i) + TLanes.Load(row.InputBias + i) + TLanes.Load(row.HiddenBias + i));
            h.Store(gate + i);
            h.Store(row.Hidden + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Backward<TLanes>(in CellRow row, int i, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gate = row.Gates;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
        {
            TLanes gradient = (TLanes.Load(row.GradOutput + i) + TLanes.Load(row.GradHidden + i))
                * GateFunctions.TanhSlope(TLanes.Load(gate + i));
            gradient.Store(gate + i);
            gradient.Store(row.Product + i);
        }

        return i;
    }
}
