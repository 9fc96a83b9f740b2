using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>r, z = σ(W·x + a + U·h' + b); n = tanh(W·x + a + r (U·h' + b)); h = (1 − z) n + z h'.</summary>
/// <remarks>
/// Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014, in the variant of PyTorch and cuDNN: the
/// reset gate multiplies the product with the state and its bias, not the state. Gates lie in the order r, z, n.
/// Kept is U·h' + b of the candidate n.
/// </remarks>
internal readonly unsafe struct GruCell : IRecurrentCell
{
    public static int GateCount => 3;

    public static bool PassesHidden => true;

    public static bool KeepsLastProduct => true;

    public static bool HasMemory => false;

    public static void Forward(in CellRow row, int size)
    {
        float* gates = row.Gates;
        int i = WideLanes.AreSupported ? Forward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Forward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            int n = i + (2 * size);
            float reset = GateFunctions.Sigmoid(SumAt(row, i));
            float update = GateFunctions.Sigmoid(SumAt(row, i + size));
            float kept = row.Product[n] + row.HiddenBias[n];
            float candidate = GateFunctions.Tanh(gates[n] + row.InputBias[n] + (reset * kept));
            gates[i] = reset;
            gates[i + size] = update;
            gates[n] = candidate;
            row.Kept[i] = kept;
            row.Hidden[i] = candidate + (update * (row.Previous[i] - candidate));
        }
    }

    public static void Backward(in CellRow row, int size)
    {
        float* gates = row.Gates;
        float* product = row.Product;
        int i = WideLanes.AreSupported ? Backward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Backward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            (float reset, float update, float candidate) = (gates[i], gates[i + size], gates[i + (2 * size)]);
            float gradHidden = row.GradOutput[i] + row.GradHidden[i];
            float gradCandidate = gradHidden * (1 - update) * TanhKernel.Slope.Of(candidate);
            float gradKept = gradCandidate * reset;
            gates[i] = product[i] = gradCandidate * row.Kept[i] * SigmoidKernel.Slope.Of(reset);
            gates[i + size] = product[i + size] = gradHidden * (row.Previous[i] - candidate) * SigmoidKernel.Slope.Of(update);
            gates[i + (2 * size)] = gradCandidate;
            product[i + (2 * size)] = row.Kept[i] = gradKept;
            row.GradHidden[i] = gradHidden * update;
        }
    }

    // Whole vectors from i on. A method of its own, as below: in a larger one the compiler no longer inlines the exponentials.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Forward<TLanes>(in CellRow row, int i, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gates = row.Gates;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
        {
            int n = i + (2 * size);
            TLanes reset = GateFunctions.Sigmoid(Sum<TLanes>(row, i));
            TLanes update = GateFunctions.Sigmoid(Sum<TLanes>(row, i + size));
            TLanes kept = TLanes.Load(row.Product + n) + TLanes.Load(row.HiddenBias + n);
            TLanes candidate = GateFunctions.Tanh(TLanes.Load(gates + n) + TLanes.Load(row.InputBias + n) + (reset * kept));
            reset.Store(gates + i);
            update.Store(gates + i + size);
            candidate.Store(gates + n);
            kept.Store(row.Kept + i);
            (candidate + (update * (TLanes.Load(row.Previous + i) - candidate))).Store(row.Hidden + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Backward<TLanes>(in CellRow row, int i, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gates = row.Gates;
        float* product = row.Product;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
        {
            TLanes reset = TLanes.Load(gates + i);
            TLanes update = TLanes.Load(gates + i + size);
            TLanes candidate = TLanes.Load(gates + i + (2 * size));
            TLanes gradHidden = TLanes.Load(row.GradOutput + i) + TLanes.Load(row.GradHidden + i);
            TLanes gradCandidate = gradHidden * (TLanes.Repeat(1) - update) * GateFunctions.TanhSlope(candidate);
            TLanes gradReset = gradCandidate * TLanes.Load(row.Kept + i) * GateFunctions.SigmoidSlope(reset);
            TLanes gradUpdate = gradHidden * (TLanes.Load(row.Previous + i) - candidate) * GateFunctions.SigmoidSlope(update);
            TLanes gradKept = gradCandidate * reset;
            (gradHidden * update).Store(row.GradHidden + i);

            gradReset.Store(gates + i);
            gradReset.Store(product + i);
            gradUpdate.Store(gates + i + size);
            gradUpdate.Store(product + i + size);
            gradCandidate.Store(gates + i + (2 * size));
            gradKept.Store(product + i + (2 * size));
            gradKept.Store(row.Kept + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Sum<TLanes>(in CellRow row, int i)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(row.Gates + i) + TLanes.Load(row.Product + i) + TLanes.Load(row.InputBias + i) + TLanes.Load(row.HiddenBias + i);

    private static float SumAt(in CellRow row, int i) => row.Gates[i] + row.Product[i] + row.InputBias[i] + row.HiddenBias[i];
}
