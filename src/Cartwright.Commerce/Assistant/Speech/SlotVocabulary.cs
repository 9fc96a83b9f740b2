namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The slots that recordings speak of, and what each can be.</summary>
internal sealed class SlotVocabulary
{
    private const string Absent = "";

    private readonly Dictionary<string, int>[] _numbers;

    /// <param name="said">What was said in the recordings that are learned from.</param>
    public SlotVocabulary(IEnumerable<IReadOnlyDictionary<string, string>> said)
    {
        IReadOnlyDictionary<string, string>[] all = [.. said];
        Slots = [.. all.SelectMany(slots => slots.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Values = [.. Slots.Select(slot => (IReadOnlyList<string>)[.. all.Select(slots => slots.GetValueOrDefault(slot, Absent)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])];
        _numbers = [.. Values.Select(values => values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal))];
    }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> Slots { get; }

    /// <summary>Of each slot, in alphabetical order; the empty text is that nothing was said of it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Values { get; }

    /// <returns>Of each slot the number of its value; -1 for one that is not known.</returns>
    public int[] NumbersOf(IReadOnlyDictionary<string, string> said) =>
        [.. Slots.Select((slot, i) => _numbers[i].GetValueOrDefault(said.GetValueOrDefault(slot, Absent), -1))];

    /// <param name="numbers">Of each slot the number of its value.</param>
    public IReadOnlyDictionary<string, string> SaidBy(IReadOnlyList<int> numbers)
    {
        var said = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < Slots.Count; i++)
        {
            if (Values[i][numbers[i]] is { Length: > 0 } value)
            {
                said[Slots[i]] = value;
            }
        }

        return said;
    }
}
