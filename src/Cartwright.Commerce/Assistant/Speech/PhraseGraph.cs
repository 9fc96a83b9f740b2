namespace Cartwright.Commerce.Assistant.Speech;

/// <param name="Labels">Its letters: <see cref="SpeechAlphabet"/>.</param>
/// <param name="Kind">The slot that it is a value of; <see cref="PhraseOrder.Carrier"/> or <see cref="PhraseOrder.Joint"/>.</param>
/// <param name="Score">ln of how likely it is among those of its kind.</param>
internal sealed record Phrase(string Text, int[] Labels, int Kind, double Score);

/// <summary>Phrases that can follow each other, each slot at most once, as a tree of letters through which recordings are read.</summary>
internal sealed class PhraseGraph
{
    public const int Root = 0;
    public const int Gap = 1;

    private readonly List<int> _labels = [SpeechAlphabet.Blank, SpeechAlphabet.Space];
    private readonly List<List<int>> _children = [[], []];
    private readonly List<List<int>> _ends = [[], []];

    public PhraseGraph(IReadOnlyList<Phrase> phrases, PhraseOrder order)
    {
        (Phrases, Order) = (phrases, order);
        for (int phrase = 0; phrase < phrases.Count; phrase++)
        {
            int node = Root;
            foreach (int label in phrases[phrase].Labels)
            {
                int next = _children[node].Find(child => _labels[child] == label);
                if (next == 0)
                {
                    next = _labels.Count;
                    _labels.Add(label);
                    _children.Add([]);
                    _ends.Add([]);
                    _children[node].Add(next);
                }

                node = next;
            }

            _ends[node].Add(phrase);
        }

        _children[Gap] = _children[Root];
    }

    public IReadOnlyList<Phrase> Phrases { get; }

    public PhraseOrder Order { get; }

    public int NodeCount => _labels.Count;

    /// <summary>The letter that leads to a node.</summary>
    public int LabelOf(int node) => _labels[node];

    public List<int> ChildrenOf(int node) => _children[node];

    /// <summary>Phrases that are complete at a node.</summary>
    public List<int> EndsAt(int node) => _ends[node];
}

/// <summary>What follows what: ln of the chance that a phrase of one kind comes behind one of another.</summary>
internal sealed class PhraseOrder
{
    /// <summary>Counted to every pair, so that nothing is impossible because nobody said it yet.</summary>
    private const double PriorCount = 0.3;

    private readonly double[,] _logs;

    /// <param name="slots">Kinds 0 to this are values of slots.</param>
    /// <param name="sentences">Kinds of the phrases of sentences, in their order; empty where nothing is known.</param>
    public PhraseOrder(int slots, IEnumerable<IReadOnlyList<int>> sentences)
    {
        SlotCount = slots;
        int kinds = Edge(slots) + 1;
        double[,] counts = new double[kinds, kinds];
        foreach (IReadOnlyList<int> sentence in sentences)
        {
            int before = Edge(slots);
            foreach (int kind in sentence.Append(Edge(slots)))
            {
                counts[before, kind]++;
                before = kind;
            }
        }

        _logs = new double[kinds, kinds];
        for (int before = 0; before < kinds; before++)
        {
            // What is asked for begins once.
            bool isPossible(int kind) => kind != Carrier(slots) || before == Edge(slots);
            double sum = Enumerable.Range(0, kinds).Where(isPossible).Sum(kind => counts[before, kind] + PriorCount);
            for (int kind = 0; kind < kinds; kind++)
            {
                _logs[before, kind] = isPossible(kind) ? Math.Log((counts[before, kind] + PriorCount) / sum) : double.NegativeInfinity;
            }
        }
    }

    public int SlotCount { get; }

    /// <summary>The kind of words around what is wanted: "can i get".</summary>
    public static int Carrier(int slots) => slots;

    /// <summary>The kind of words between values: "with".</summary>
    public static int Joint(int slots) => slots + 1;

    /// <summary>Beginning and end of a sentence.</summary>
    public static int Edge(int slots) => slots + 2;

    public double Log(int before, int kind) => _logs[before, kind];
}
