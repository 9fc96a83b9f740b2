namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Finds when each letter was said.</summary>
internal static class LetterAlignment
{
    /// <summary>The likeliest steps of given letters: Viterbi over letters with blanks between (Graves et al., ICML 2006, with the maximum for the sum).</summary>
    /// <param name="logs">ln of the chance of each letter: [steps, <see cref="SpeechAlphabet.ClassCount"/>].</param>
    /// <param name="labels">What was read; it fits into the steps.</param>
    /// <returns>Of each letter its first and last step, and its chance at its best step.</returns>
    public static (int First, int Last, double Chance)[] Align(float[] logs, int[] labels)
    {
        const int Classes = SpeechAlphabet.ClassCount;
        int steps = logs.Length / Classes;
        int states = (2 * labels.Length) + 1;                    // a blank, a letter, a blank, …
        int LabelOf(int state) => state % 2 == 0 ? SpeechAlphabet.Blank : labels[state / 2];
        double[] scores = new double[states];
        Array.Fill(scores, double.NegativeInfinity);
        (scores[0], scores[Math.Min(1, states - 1)]) = (logs[SpeechAlphabet.Blank], logs[LabelOf(Math.Min(1, states - 1))]);
        byte[] moves = new byte[steps * states];
        for (int step = 1; step < steps; step++)
        {
            double[] next = new double[states];
            for (int state = 0; state < states; state++)
            {
                int move = 0;
                bool mayJump = state >= 2 && state % 2 == 1 && LabelOf(state) != LabelOf(state - 2);
                for (int back = 1; back <= (mayJump ? 2 : Math.Min(1, state)); back++)
                {
                    move = scores[state - back] > scores[state - move] ? back : move;
                }

                moves[(step * states) + state] = (byte)move;
                next[state] = scores[state - move] + logs[(step * Classes) + LabelOf(state)];
            }

            scores = next;
        }

        var found = new (int First, int Last, double Chance)[labels.Length];
        int at = states > 1 && scores[^2] > scores[^1] ? states - 2 : states - 1;
        for (int step = steps - 1; step >= 0; step--)
        {
            if (at % 2 == 1)
            {
                double chance = Math.Exp(logs[(step * Classes) + LabelOf(at)]);
                (_, int last, double best) = found[at / 2];
                found[at / 2] = best == 0 ? (step, step, chance) : (step, last, Math.Max(best, chance));
            }

            at -= moves[(step * states) + at];
        }

        return found;
    }
}
