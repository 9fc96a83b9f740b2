namespace Cartwright.Commerce.Assistant;

/// <summary>The likeliest tags of a sentence of which no piece begins in its middle: I-x follows B-x or I-x alone.</summary>
/// <remarks>Viterbi, "Error Bounds for Convolutional Codes", 1967, over the words' own chances with steps that are allowed or not.</remarks>
internal sealed class TagDecoder
{
    private readonly int _count;

    /// <summary>[tag · count + tag before]; a last row before the first word.</summary>
    private readonly bool[,] _isAllowed;

    public TagDecoder(IReadOnlyList<string> tags)
    {
        _count = tags.Count;
        _isAllowed = new bool[_count + 1, _count];
        for (int tag = 0; tag < _count; tag++)
        {
            string slot = UtteranceExample.SlotOf(tags[tag]);
            bool isInside = tags[tag] == $"I-{slot}" && tags.Contains($"B-{slot}", StringComparer.Ordinal);
            for (int before = 0; before <= _count; before++)
            {
                _isAllowed[before, tag] = !isInside || (before < _count && UtteranceExample.SlotOf(tags[before]) == slot);
            }
        }
    }

    /// <param name="chances">[words, tags]</param>
    public int[] Decode(ReadOnlySpan<float> chances)
    {
        int words = chances.Length / _count;
        double[] best = new double[_count];
        double[] next = new double[_count];
        int[] from = new int[words * _count];
        for (int w = 0; w < words; w++)
        {
            for (int tag = 0; tag < _count; tag++)
            {
                double own = Math.Log(Math.Max(chances[(w * _count) + tag], 1e-12f));
                (double score, int place) = (double.NegativeInfinity, 0);
                for (int before = 0; before < (w == 0 ? 1 : _count); before++)
                {
                    double reached = w == 0 ? 0 : best[before];
                    if (_isAllowed[w == 0 ? _count : before, tag] && reached > score)
                    {
                        (score, place) = (reached, before);
                    }
                }

                next[tag] = score + own;
                from[(w * _count) + tag] = place;
            }

            (best, next) = (next, best);
        }

        int[] path = new int[words];
        int last = Array.IndexOf(best, best.Max());
        for (int w = words - 1; w >= 0; w--)
        {
            path[w] = last;
            last = from[(w * _count) + last];
        }

        return path;
    }
}
