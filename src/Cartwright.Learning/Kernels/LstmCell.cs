using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>i, f, o = σ(·) and g = tanh(·) of W·x + a + U·h' + b; c = f c' + i g; h = o tanh(c).</summary>
/// <remarks>
/// Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, with the forget gate of Gers, Schmidhuber and Cummins, 2000.
/// Gates lie in the order i, f, g, o, as PyTorch has them.
/// </remarks>
internal readonly unsafe struct LstmCell : IRecurrentCell
{
    public static int GateCount => 4;

    public static bool PassesHidden => false;

    public static bool KeepsLastProduct => false;

    public static bool HasMemory => true;

    public static void Forward(in CellRow row, int size)
    {
        float* gates = row.Gates;
        int i = WideLanes.AreSupported ? Forward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Forward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            float input = GateFunctions.Sigmoid(SumAt(row, i));
            float forget = GateFunctions.Sigmoid(SumAt(row, i + size));
            float candidate = GateFunctions.Tanh(SumAt(row, i + (2 * size)));
            float output = GateFunctions.Sigmoid(SumAt(row, i + (3 * size)));
            float memory = (forget * row.PreviousKept[i]) + (input * candidate);
            gates[i] = input;
            gates[i + size] = forget;
            gates[i + (2 * size)] = candidate;
            gates[i + (3 * size)] = output;
            row.Kept[i] = memory;
            row.Hidden[i] = output * GateFunctions.Tanh(memory);
        }
    }

    public static void Backward(in CellRow row, int size)
    {
        float* gates = row.Gates;
        int i = WideLanes.AreSupported ? Backward<WideLanes>(row, 0, size) : 0;
        i = Vector.IsHardwareAccelerated ? Backward<UsualLanes>(row, i, size) : i;

        for (; i < size; i++)
        {
            (float input, float forget, float candidate, float output) =
                (gates[i], gates[i + size], gates[i + (2 * size)], gates[i + (3 * size)]);
            float squashed = GateFunctions.Tanh(row.Kept[i]);
            float gradHidden = row.GradOutput[i] + row.GradHidden[i];
            float gradMemory = row.GradKept[i] + (gradHidden * output * TanhKernel.Slope.Of(squashed));
            row.GradKept[i] = gradMemory * forget;

            StoreAt(row, i, gradMemory * candidate * SigmoidKernel.Slope.Of(input));
            StoreAt(row, i + size, gradMemory * row.PreviousKept[i] * SigmoidKernel.Slope.Of(forget));
            StoreAt(row, i + (2 * size), gradMemory * input * TanhKernel.Slope.Of(candidate));
            StoreAt(row, i + (3 * size), gradHidden * squashed * SigmoidKernel.Slope.Of(output));
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
            TLanes input = GateFunctions.Sigmoid(Sum<TLanes>(row, i));
            TLanes forget = GateFunctions.Sigmoid(Sum<TLanes>(row, i + size));
            TLanes candidate = GateFunctions.Tanh(Sum<TLanes>(row, i + (2 * size)));
            TLanes output = GateFunctions.Sigmoid(Sum<TLanes>(row, i + (3 * size)));
            TLanes memory = (forget * TLanes.Load(row.PreviousKept + i)) + (input * candidate);
            input.Store(gates + i);
            forget.Store(gates + i + size);
            candidate.Store(gates + i + (2 * size));
            output.Store(gates + i + (3 * size));
            memory.Store(row.Kept + i);
            (output * GateFunctions.Tanh(memory)).Store(row.Hidden + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Backward<TLanes>(in CellRow row, int i, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gates = row.Gates;
        for (; i <= size - TLanes.Count; i += TLanes.Count)
        {
            TLanes input = TLanes.Load(gates + i);
            TLanes forget = TLanes.Load(gates + i + size);
            TLanes candidate = TLanes.Load(gates + i + (2 * size));
            TLanes output = TLanes.Load(gates + i + (3 * size));
            TLanes squashed = GateFunctions.Tanh(TLanes.Load(row.Kept + i));
            TLanes gradHidden = TLanes.Load(row.GradOutput + i) + TLanes.Load(row.GradHidden + i);
            TLanes gradMemory =
                TLanes.Load(row.GradKept + i) + (gradHidden * output * GateFunctions.TanhSlope(squashed));
            (gradMemory * forget).Store(row.GradKept + i);

            Store(row, i, gradMemory * candidate * GateFunctions.SigmoidSlope(input));
            Store(row, i + size, gradMemory * TLanes.Load(row.PreviousKept + i) * GateFunctions.SigmoidSlope(forget));
            Store(row, i + (2 * size), gradMemory * input * GateFunctions.TanhSlope(candidate));
            Store(row, i + (3 * size), gradHidden * squashed * GateFunctions.SigmoidSlope(output));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Sum<TLanes>(in CellRow row, int i)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(row.Gates + i) + TLanes.Load(row.Product + i) + TLanes.Load(row.InputBias + i) + TLanes.Load(row.HiddenBias + i);

    private static float SumAt(in CellRow row, int i) => row.Gates[i] + row.Product[i] + row.InputBias[i] + row.HiddenBias[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes>(in CellRow row, int i, TLanes gradient)
        where TLanes : struct, ILanes<TLanes>
    {
        gradient.Store(row.Gates + i);
        gradient.Store(row.Product + i);
    }

    private static void StoreAt(in CellRow row, int i, float gradient)
    {
        row.Gates[i] = gradient;
        row.Product[i] = gradient;
    }
}
