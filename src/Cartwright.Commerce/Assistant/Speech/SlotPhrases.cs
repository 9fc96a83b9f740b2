using System.Text;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>How the values of slots are said, and which are read from words that were heard.</summary>
internal sealed class SlotPhrases
{
    /// <summary>Counted to every text, so that nothing is impossible because nobody said it yet.</summary>
    private const double PriorCount = 0.5;

    private readonly Dictionary<string, List<(string Slot, string Value)>> _bySpoken = new(StringComparer.Ordinal);
    private readonly int _longest;

    public SlotPhrases(SlotVocabulary vocabulary)
    {
        Spoken = [.. vocabulary.Slots.Select((slot, i) => (IReadOnlyList<string>)[.. Combined([.. vocabulary.Values[i].Where(value => value.Length > 0)])
            .Select(value => Add(slot, value)).Where(spoken => spoken.Length > 0).Distinct(StringComparer.Ordinal)])];
        _longest = _bySpoken.Keys.Select(spoken => spoken.Split(' ').Length).DefaultIfEmpty().Max();
    }

    /// <summary>Of each slot, how its values are said.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Spoken { get; }

    /// <summary>Words that people say around what they want. None is of a trade: a merchant's own come from a file of sentences.</summary>
    public static IReadOnlyList<string> Carriers { get; } =
    [
        "can i get", "can i have", "could i get", "could i have", "may i have", "i want", "i would like", "i'd like", "i need", "i'll have", "i'll take", "i'm looking for",
        "get me", "give me", "make me", "bring me", "show me", "find me", "order", "please", "do you have", "we want", "we would like", "let me have", "let me get",
    ];

    /// <summary>Words between values.</summary>
    public static IReadOnlyList<string> Joints { get; } = ["a", "an", "the", "with", "and", "of", "in", "for", "please", "or"];

    /// <summary>The values that words speak of: from the left, the longest that fits; where a slot is said twice, the last.</summary>
    /// <param name="text">In small letters, a space between words.</param>
    public IReadOnlyDictionary<string, string> Read(string text)
    {
        var said = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int at = 0; at < words.Length;)
        {
            int length = Math.Min(_longest, words.Length - at);
            while (length > 0 && !_bySpoken.ContainsKey(string.Join(' ', words[at..(at + length)])))
            {
                length--;
            }

            if (length > 0)
            {
                List<(string Slot, string Value)> meant = _bySpoken[string.Join(' ', words[at..(at + length)])];
                (string slot, string value) = meant.Find(of => !said.ContainsKey(of.Slot)) is { Slot: not null } open ? open : meant[0];
                said[slot] = value;
            }

            at += Math.Max(1, length);
        }

        return said;
    }

    /// <summary>All that can be said, for a <see cref="PhraseGraph"/>: the values of the slots, and the words around them.</summary>
    /// <param name="vocabulary">The slots whose values these are.</param>
    /// <param name="counts">How often each text was said, by kind and text; an empty one where that is not known.</param>
    /// <param name="only">Values to leave the others out for, by slot; null for all.</param>
    public IReadOnlyList<Phrase> Phrases(SlotVocabulary vocabulary, IReadOnlyDictionary<(int Kind, string Text), int> counts, IReadOnlyDictionary<string, string>? only = null)
    {
        int slots = vocabulary.Slots.Count;
        IEnumerable<(int Kind, IReadOnlyList<string> Texts)> kinds = [.. Spoken.Select((texts, slot) => (slot, texts)), (PhraseOrder.Carrier(slots), Carriers), (PhraseOrder.Joint(slots), Joints)];
        var phrases = new List<Phrase>();
        foreach ((int kind, IReadOnlyList<string> texts) in kinds)
        {
            double sum = texts.Sum(text => counts.GetValueOrDefault((kind, text)) + PriorCount);
            foreach (string text in texts)
            {
                if (only is null || kind >= slots || (only.TryGetValue(vocabulary.Slots[kind], out string? value) && PhraseFile.Spoken(value) == text))
                {
                    phrases.Add(new Phrase(text, SpeechAlphabet.Encode(text), kind, Math.Log((counts.GetValueOrDefault((kind, text)) + PriorCount) / sum)));
                }
            }
        }

        return phrases;
    }

    /// <summary>A grammar of the values in any order, with the words around them.</summary>
    /// <param name="isLabeled">Whether one value alone is said.</param>
    public string Grammar(bool isLabeled, IReadOnlyCollection<string> otherWords)
    {
        var grammar = new StringBuilder("#JSGF V1.0;\ngrammar shop;\n");
        string values = string.Join(" | ", Spoken.SelectMany(of => of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return isLabeled
            ? grammar.Append("public <said> = ").Append(values).Append(";\n").ToString()
            : grammar.Append("<carrier> = ").AppendJoin(" | ", Carriers).Append(";\n")
                .Append("<joint> = ").AppendJoin(" | ", Joints.Union(otherWords, StringComparer.Ordinal)).Append(";\n")
                .Append("<value> = ").Append(values).Append(";\n")
                .Append("public <said> = [<carrier>] (<joint> | <value>)+;\n").ToString();
    }

    /// <summary>Values that are made of the same parts: where "some milk", "some cream", "lots of milk" and "milk" are there, "lots of cream" can be said too.</summary>
    private static IEnumerable<string> Combined(IReadOnlyList<string> values)
    {
        // A beginning that two values or more have before another value.
        var beginnings = (from value in values from ending in values
                          where value.Length > ending.Length + 1 && value.EndsWith(' ' + ending, StringComparison.Ordinal)
                          group ending by value[..^(ending.Length + 1)]).Where(group => group.Count() > 1).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        string[] endings = [.. beginnings.Values.SelectMany(of => of).Distinct(StringComparer.Ordinal)];
        return values.Concat(beginnings.Keys.SelectMany(beginning => endings.Select(ending => $"{beginning} {ending}"))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private string Add(string slot, string value)
    {
        string spoken = PhraseFile.Spoken(value);
        if (spoken.Length > 0)
        {
            if (!_bySpoken.TryGetValue(spoken, out List<(string Slot, string Value)>? meant))
            {
                _bySpoken[spoken] = meant = [];
            }

            meant.Add((slot, value));
        }

        return spoken;
    }
}
