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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> input = GateFunctions.Sigmoid(Sum(row, i));
                Vector<float> forget = GateFunctions.Sigmoid(Sum(row, i + size));
                Vector<float> candidate = GateFunctions.Tanh(Sum(row, i + (2 * size)));
                Vector<float> output = GateFunctions.Sigmoid(Sum(row, i + (3 * size)));
                Vector<float> memory = (forget * Vector.Load(row.PreviousKept + i)) + (input * candidate);
                input.Store(gates + i);
                forget.Store(gates + i + size);
                candidate.Store(gates + i + (2 * size));
                output.Store(gates + i + (3 * size));
                memory.Store(row.Kept + i);
                (output * GateFunctions.Tanh(memory)).Store(row.Hidden + i);
            }
        }

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
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> input = Vector.Load(gates + i);
                Vector<float> forget = Vector.Load(gates + i + size);
                Vector<float> candidate = Vector.Load(gates + i + (2 * size));
                Vector<float> output = Vector.Load(gates + i + (3 * size));
                Vector<float> squashed = GateFunctions.Tanh(Vector.Load(row.Kept + i));
                Vector<float> gradHidden = Vector.Load(row.GradOutput + i) + Vector.Load(row.GradHidden + i);
                Vector<float> gradMemory =
                    Vector.Load(row.GradKept + i) + (gradHidden * output * TanhKernel.Slope.Of(squashed));
                (gradMemory * forget).Store(row.GradKept + i);

                Store(row, i, gradMemory * candidate * SigmoidKernel.Slope.Of(input));
                Store(row, i + size, gradMemory * Vector.Load(row.PreviousKept + i) * SigmoidKernel.Slope.Of(forget));
                Store(row, i + (2 * size), gradMemory * input * TanhKernel.Slope.Of(candidate));
                Store(row, i + (3 * size), gradHidden * squashed * SigmoidKernel.Slope.Of(output));
            }
        }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sum(in CellRow row, int i) =>
        Vector.Load(row.Gates + i) + Vector.Load(row.Product + i) + Vector.Load(row.InputBias + i) + Vector.Load(row.HiddenBias + i);

    private static float SumAt(in CellRow row, int i) => row.Gates[i] + row.Product[i] + row.InputBias[i] + row.HiddenBias[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in CellRow row, int i, Vector<float> gradient)
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
