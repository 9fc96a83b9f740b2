using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Behavior;

/// <summary>Chances after one event.</summary>
/// <param name="Outcomes">Of <see cref="SessionOutcome"/>; they sum to 1.</param>
/// <param name="Actions">Of <see cref="SessionAction"/>; they sum to 1.</param>
internal readonly record struct Intent(float[] Outcomes, float[] Actions)
{
    public float Purchase => Outcomes[(int)SessionOutcome.Purchase];
}

/// <summary>A trained <see cref="SessionNetwork"/> that answers, with chances that were set right on validation sessions.</summary>
internal sealed class SessionModel(SessionNetwork network, SessionVocabulary vocabulary, SessionCalibration calibration, bool hasTimes)
{
    private const int TokensAtOnce = 20_000;

    public SessionNetwork Network => network;

    public SessionVocabulary Vocabulary => vocabulary;

    public SessionCalibration Calibration => calibration;

    /// <summary>False where it learned from times that only keep an order.</summary>
    public bool HasTimes => hasTimes;

    /// <summary>The chances after every event; after a purchase that of a purchase is 1.</summary>
    public Intent[] Read(SessionBatch batch)
    {
        var intents = new Intent[batch.TokenCount];
        foreach (int[] part in Parts(batch))
        {
            SessionBatch some = part.Length == batch.Count ? batch : batch.Take(part);
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            (Tensor outcomes, Tensor actions, _) = network.Forward(some);
            Fill(some, outcomes.Values, actions.Values, intents.AsSpan(batch.Offsets[part[0]], some.TokenCount));
        }

        return intents;
    }

    /// <summary>Goes on from a state.</summary>
    /// <param name="batch">The events since, as one session.</param>
    /// <param name="state">After the event before; empty at the start.</param>
    /// <returns>The chances and the state after each of the events.</returns>
    public (Intent[] Intents, float[][] States) GoOn(SessionBatch batch, float[] state)
    {
        using var alone = Compute.OnThisThread();
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int size = network.Options.HiddenSize;
        (Tensor outcomes, Tensor actions, Tensor states) = network.Forward(batch, state.Length == 0 ? null : Tensor.From(state, 1, 1, size));
        var intents = new Intent[batch.TokenCount];
        Fill(batch, outcomes.Values, actions.Values, intents);
        float[] all = states.ToArray();
        return (intents, [.. Enumerable.Range(0, batch.TokenCount).Select(i => all[(i * size)..((i + 1) * size)])]);
    }

    private void Fill(SessionBatch batch, ReadOnlySpan<float> outcomes, ReadOnlySpan<float> actions, Span<Intent> intents)
    {
        for (int i = 0; i < batch.TokenCount; i++)
        {
            intents[i] = new Intent(
                batch.Outcomes[i] == SessionBatch.NoTarget ? [1, 0, 0] : calibration.Outcomes(outcomes.Slice(i * SessionNetwork.OutcomeCount, SessionNetwork.OutcomeCount)),
                calibration.Actions(actions.Slice(i * SessionAction.Count, SessionAction.Count)));
        }
    }

    /// <summary>Sessions in a row, few enough to be read at once.</summary>
    private static IEnumerable<int[]> Parts(SessionBatch batch)
    {
        for (int start = 0; start < batch.Count;)
        {
            int end = start + 1;
            while (end < batch.Count && batch.Offsets[end + 1] - batch.Offsets[start] <= TokensAtOnce)
            {
                end++;
            }

            yield return [.. Enumerable.Range(start, end - start)];
            start = end;
        }
    }
}
