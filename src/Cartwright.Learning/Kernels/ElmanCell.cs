using System.Numerics;

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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> h = GateFunctions.Tanh(
                    Vector.Load(gate + i) + Vector.Load(row.Product + i) + Vector.Load(row.InputBias + i) + Vector.Load(row.HiddenBias + i));
                h.Store(gate + i);
                h.Store(row.Hidden + i);
            }
        }

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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> gradient = (Vector.Load(row.GradOutput + i) + Vector.Load(row.GradHidden + i))
                    * TanhKernel.Slope.Of(Vector.Load(gate + i));
                gradient.Store(gate + i);
                gradient.Store(row.Product + i);
            }
        }

        for (; i < size; i++)
        {
            float gradient = (row.GradOutput[i] + row.GradHidden[i]) * TanhKernel.Slope.Of(gate[i]);
            gate[i] = gradient;
            row.Product[i] = gradient;
        }
    }
}
