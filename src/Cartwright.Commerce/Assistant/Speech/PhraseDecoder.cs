namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Finds the likeliest sequence of phrases for what a network heard.</summary>
/// <remarks>
/// Viterbi's search with the topology of CTC (a letter may last, blanks lie between; Graves et al., ICML 2006) over a tree of the phrases' letters: token
/// passing as Young, Russell and Thornton, "Token Passing: A Simple Conceptual Model for Connected Speech Recognition Systems", 1989. A token knows
/// which slots were said, so that none is said twice.
/// </remarks>
internal sealed class PhraseDecoder(PhraseGraph graph)
{
    private const double Beam = 16;
    private const int MostTokens = 800;
    private const int MostSlots = 60;                            // bits of a token's memory
    private const int Start = -1;

    private readonly List<(ulong Said, int Before)> _contexts = [];
    private readonly Dictionary<(ulong, int), int> _numbers = [];
    private readonly List<(int Before, int Phrase)> _history = [];

    private int Edge => PhraseOrder.Edge(graph.Order.SlotCount);

    /// <param name="logs">ln of the chance of each letter: [steps, <see cref="SpeechAlphabet.ClassCount"/>].</param>
    /// <param name="needsAll">Whether every slot of the graph's phrases must be said: to find how a known sentence was said.</param>
    /// <returns>Phrases by their number, in order, and ln of their chance with the letters'; null where none fits.</returns>
    public (IReadOnlyList<int> Phrases, double Score)? Decode(float[] logs, bool needsAll)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(graph.Order.SlotCount, MostSlots);
        ulong all = 0;
        foreach (Phrase phrase in graph.Phrases.Where(phrase => phrase.Kind < graph.Order.SlotCount))
        {
            all |= 1UL << phrase.Kind;
        }

        var tokens = new Dictionary<long, Token> { [Key(Context(0, Edge), PhraseGraph.Root, isLabel: false)] = new Token(0, Start) };
        for (int step = 0; step < logs.Length; step += SpeechAlphabet.ClassCount)
        {
            tokens = Next(tokens, logs.AsSpan(step, SpeechAlphabet.ClassCount));
        }

        (double score, int history, bool isFound) = (double.NegativeInfinity, Start, false);
        foreach ((long key, Token token) in tokens)
        {
            (int context, int node, _) = Parts(key);
            (ulong said, int before) = _contexts[context];
            if (node is PhraseGraph.Gap or PhraseGraph.Root && (!needsAll || said == all) && token.Score + graph.Order.Log(before, Edge) is var whole && whole > score)
            {
                (score, history, isFound) = (whole, token.History, true);
            }

            foreach (int phrase in graph.EndsAt(node))
            {
                double ended = token.Score + Cost(said, before, phrase) + graph.Order.Log(graph.Phrases[phrase].Kind, Edge);
                if (ended > score && (!needsAll || SaidWith(said, phrase) == all))
                {
                    _history.Add((token.History, phrase));
                    (score, history, isFound) = (ended, _history.Count - 1, true);
                }
            }
        }

        return isFound ? (Phrases(history), score) : null;
    }

    private Dictionary<long, Token> Next(Dictionary<long, Token> tokens, ReadOnlySpan<float> logs)
    {
        var next = new Dictionary<long, Token>(tokens.Count * 2);
        double best = double.NegativeInfinity;
        foreach ((long key, Token token) in tokens)
        {
            (int context, int node, bool isLabel) = Parts(key);
            int label = graph.LabelOf(node);
            Offer(next, Key(context, node, isLabel: false), token.Score + logs[SpeechAlphabet.Blank], token.History, ref best);
            if (isLabel)
            {
                Offer(next, key, token.Score + logs[label], token.History, ref best);
            }

            foreach (int child in graph.ChildrenOf(node))
            {
                // The same letter twice needs a blank between.
                if (!isLabel || graph.LabelOf(child) != label)
                {
                    Offer(next, Key(context, child, isLabel: true), token.Score + logs[graph.LabelOf(child)], token.History, ref best);
                }
            }

            foreach (int phrase in graph.EndsAt(node))
            {
                (ulong said, int before) = _contexts[context];
                double ended = token.Score + Cost(said, before, phrase) + logs[SpeechAlphabet.Space];
                if (ended > best - Beam)
                {
                    _history.Add((token.History, phrase));
                    Offer(next, Key(Context(SaidWith(said, phrase), graph.Phrases[phrase].Kind), PhraseGraph.Gap, isLabel: true), ended, _history.Count - 1, ref best);
                }
            }
        }

        return Pruned(next, best);
    }

    private static Dictionary<long, Token> Pruned(Dictionary<long, Token> tokens, double best)
    {
        double least = best - Beam;
        if (tokens.Count > MostTokens)
        {
            double[] scores = [.. tokens.Values.Select(token => token.Score).OrderDescending().Take(MostTokens)];
            least = Math.Max(least, scores[^1]);
        }

        return tokens.Where(token => token.Value.Score >= least).ToDictionary();
    }

    private static void Offer(Dictionary<long, Token> tokens, long key, double score, int history, ref double best)
    {
        if (score > best - Beam && (!tokens.TryGetValue(key, out Token there) || score > there.Score))
        {
            tokens[key] = new Token(score, history);
            best = Math.Max(best, score);
        }
    }

    /// <summary>What the language has against a phrase here; minus infinity where its slot was said before.</summary>
    private double Cost(ulong said, int before, int phrase)
    {
        Phrase of = graph.Phrases[phrase];
        return SaidWith(said, phrase) == said && of.Kind < graph.Order.SlotCount ? double.NegativeInfinity : graph.Order.Log(before, of.Kind) + of.Score;
    }

    private ulong SaidWith(ulong said, int phrase) => graph.Phrases[phrase].Kind is var kind && kind < graph.Order.SlotCount ? said | (1UL << kind) : said;

    private int Context(ulong said, int before)
    {
        if (!_numbers.TryGetValue((said, before), out int number))
        {
            _numbers[(said, before)] = number = _contexts.Count;
            _contexts.Add((said, before));
        }

        return number;
    }

    private long Key(int context, int node, bool isLabel) => ((((long)context * graph.NodeCount) + node) * 2) + (isLabel ? 1 : 0);

    private (int Context, int Node, bool IsLabel) Parts(long key) =>
        ((int)(key / 2 / graph.NodeCount), (int)(key / 2 % graph.NodeCount), key % 2 == 1);

    private List<int> Phrases(int history)
    {
        List<int> phrases = [];
        for (; history != Start; history = _history[history].Before)
        {
            phrases.Add(_history[history].Phrase);
        }

        phrases.Reverse();
        return phrases;
    }

    private readonly record struct Token(double Score, int History);
}
