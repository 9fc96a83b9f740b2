using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>What an engine must beat: saying what is most frequent, and comparing mean sounds.</summary>
internal static class VoiceBaselines
{
    private const int Pieces = 6;

    /// <summary>The most frequent value of each slot, whatever the recording.</summary>
    public static Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> MostFrequent(SlotVocabulary vocabulary, IReadOnlyList<Recording> train)
    {
        IReadOnlyDictionary<string, string> said = vocabulary.SaidBy([.. vocabulary.Slots.Select((_, slot) => train.Select(recording => vocabulary.NumbersOf(recording.Slots)[slot])
            .GroupBy(number => number).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key)]);
        return sounds => [.. sounds.Select(_ => said)];
    }

    /// <summary>Of each slot the value whose mean sound is nearest: log-mel rows, averaged in six equal parts of the recording.</summary>
    public static Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> NearestMean(SlotVocabulary vocabulary, IReadOnlyList<Recording> train)
    {
        float[][] sounds = Shapes([.. train.Select(recording => recording.Sound)]);
        int[][] numbers = [.. train.Select(recording => vocabulary.NumbersOf(recording.Slots))];
        float[][][] means = [.. vocabulary.Slots.Select((_, slot) => (float[][])[.. vocabulary.Values[slot].Select((_, value) =>
            Mean([.. sounds.Where((_, i) => numbers[i][slot] == value)]))])];
        return heard => [.. Shapes(heard).Select(sound => vocabulary.SaidBy([.. means.Select(of =>
            Enumerable.Range(0, of.Length).MinBy(value => TensorPrimitives.Distance<float>(of[value], sound)))]))];
    }

    private static float[] Mean(float[][] sounds)
    {
        float[] mean = new float[Pieces * LogMel.BandCount];
        foreach (float[] sound in sounds)
        {
            TensorPrimitives.Add<float>(mean, sound, mean);
        }

        TensorPrimitives.Divide(mean, Math.Max(1, sounds.Length), mean);
        return mean;
    }

    /// <returns>Of each recording [pieces, bands].</returns>
    private static float[][] Shapes(IReadOnlyList<Waveform> sounds)
    {
        var shapes = new float[sounds.Count][];
        Parallel.For(0, sounds.Count, i =>
        {
            float[] rows = LogMel.Rows(sounds[i].Samples);
            int count = rows.Length / LogMel.BandCount;
            float[] shape = new float[Pieces * LogMel.BandCount];
            for (int piece = 0; piece < Pieces; piece++)
            {
                (int start, int end) = (piece * count / Pieces, Math.Max((piece * count / Pieces) + 1, (piece + 1) * count / Pieces));
                Span<float> mean = shape.AsSpan(piece * LogMel.BandCount, LogMel.BandCount);
                for (int row = start; row < end; row++)
                {
                    TensorPrimitives.Add(mean, rows.AsSpan(Math.Min(row, count - 1) * LogMel.BandCount, LogMel.BandCount), mean);
                }

                TensorPrimitives.Divide(mean, end - start, mean);
            }

            shapes[i] = shape;
        });
        return shapes;
    }
}
