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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                int n = i + (2 * size);
                Vector<float> reset = GateFunctions.Sigmoid(Sum(row, i));
                Vector<float> update = GateFunctions.Sigmoid(Sum(row, i + size));
                Vector<float> kept = Vector.Load(row.Product + n) + Vector.Load(row.HiddenBias + n);
                Vector<float> candidate = GateFunctions.Tanh(Vector.Load(gates + n) + Vector.Load(row.InputBias + n) + (reset * kept));
                reset.Store(gates + i);
                update.Store(gates + i + size);
                candidate.Store(gates + n);
                kept.Store(row.Kept + i);
                (candidate + (update * (Vector.Load(row.Previous + i) - candidate))).Store(row.Hidden + i);
            }
        }

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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> reset = Vector.Load(gates + i);
                Vector<float> update = Vector.Load(gates + i + size);
                Vector<float> candidate = Vector.Load(gates + i + (2 * size));
                Vector<float> gradHidden = Vector.Load(row.GradOutput + i) + Vector.Load(row.GradHidden + i);
                Vector<float> gradCandidate = gradHidden * (Vector<float>.One - update) * TanhKernel.Slope.Of(candidate);
                Vector<float> gradReset = gradCandidate * Vector.Load(row.Kept + i) * SigmoidKernel.Slope.Of(reset);
                Vector<float> gradUpdate = gradHidden * (Vector.Load(row.Previous + i) - candidate) * SigmoidKernel.Slope.Of(update);
                Vector<float> gradKept = gradCandidate * reset;
                (gradHidden * update).Store(row.GradHidden + i);

                gradReset.Store(gates + i);
                gradReset.Store(product + i);
                gradUpdate.Store(gates + i + size);
                gradUpdate.Store(product + i + size);
                gradCandidate.Store(gates + i + (2 * size));
                gradKept.Store(product + i + (2 * size));
                gradKept.Store(row.Kept + i);
            }
        }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sum(in CellRow row, int i) =>
        Vector.Load(row.Gates + i) + Vector.Load(row.Product + i) + Vector.Load(row.InputBias + i) + Vector.Load(row.HiddenBias + i);

    private static float SumAt(in CellRow row, int i) => row.Gates[i] + row.Product[i] + row.InputBias[i] + row.HiddenBias[i];
}
