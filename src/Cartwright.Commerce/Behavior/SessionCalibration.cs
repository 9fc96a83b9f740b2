using Cartwright.Learning.Metrics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Cartwright.Commerce.Behavior;

/// <summary>Sets chances right: softmax(logits / temperature + shift), found on sessions that nothing was learned from.</summary>
/// <remarks>Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017: temperature scaling, here with a shift of the
/// outcomes as in Platt's.</remarks>
/// <param name="Temperature">Of the outcomes, more than 0; more than 1 where the network was too sure.</param>
/// <param name="PurchaseShift">Added to the logit of a purchase.</param>
/// <param name="AbandonmentShift">Added to the logit of an abandonment.</param>
/// <param name="ActionTemperature">Of the next action.</param>
internal sealed record SessionCalibration(float Temperature = 1, float PurchaseShift = 0, float AbandonmentShift = 0, float ActionTemperature = 1)
{
    private const int MostRows = 20_000;

    /// <param name="outcomes">Logits: [rows, 3].</param>
    /// <param name="outcomeTargets">As <see cref="SessionOutcome"/>, or <see cref="SessionBatch.NoTarget"/>: [rows].</param>
    /// <param name="actions">Logits: [rows, 8].</param>
    public static SessionCalibration Fit(float[] outcomes, int[] outcomeTargets, float[] actions, int[] actionTargets)
    {
        int[] rows = Thinned([.. Enumerable.Range(0, outcomeTargets.Length).Where(row => outcomeTargets[row] != SessionBatch.NoTarget)]);
        int[] all = Thinned([.. Enumerable.Range(0, actionTargets.Length)]);
        if (rows.Length == 0)
        {
            return new SessionCalibration();
        }

        Vector<double> of = Simplex.Minimum(ObjectiveFunction.Value(v => Mean(rows, row =>
            Of(v).Outcomes(outcomes.AsSpan(row * SessionNetwork.OutcomeCount, SessionNetwork.OutcomeCount))[outcomeTargets[row]])),
            Vector<double>.Build.Dense(3), Vector<double>.Build.Dense(3, 0.3));
        Vector<double> next = Simplex.Minimum(ObjectiveFunction.Value(v => Mean(all, row =>
            Softmax(actions.AsSpan(row * SessionAction.Count, SessionAction.Count), (float)Math.Exp(v[0]), [])[actionTargets[row]])),
            Vector<double>.Build.Dense(1), Vector<double>.Build.Dense(1, 0.3));
        return Of(of) with { ActionTemperature = (float)Math.Exp(next[0]) };
    }

    public float[] Outcomes(ReadOnlySpan<float> logits) => Softmax(logits, Temperature, [PurchaseShift, AbandonmentShift, 0]);

    public float[] Actions(ReadOnlySpan<float> logits) => Softmax(logits, ActionTemperature, []);

    private static SessionCalibration Of(Vector<double> v) => new((float)Math.Exp(v[0]), (float)v[1], (float)v[2]);

    private static double Mean(int[] rows, Func<int, float> chance)
    {
        double sum = 0;
        foreach (int row in rows)
        {
            sum += Classification.LogLoss(chance(row));
        }

        return sum / rows.Length;
    }

    private static int[] Thinned(int[] rows)
    {
        int step = (rows.Length / MostRows) + 1;
        return [.. rows.Where((_, i) => i % step == 0)];
    }

    private static float[] Softmax(ReadOnlySpan<float> logits, float temperature, ReadOnlySpan<float> shift)
    {
        float[] chances = new float[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            chances[i] = (logits[i] / temperature) + (shift.IsEmpty ? 0 : shift[i]);
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(chances, System.Numerics.Tensors.TensorPrimitives.Max<float>(chances), chances);
        System.Numerics.Tensors.TensorPrimitives.SoftMax<float>(chances, chances);
        return chances;
    }
}
