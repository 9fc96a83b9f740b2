using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>The merchant's texts, and which of their sentences answer a question.</summary>
/// <remarks>
/// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over whole texts, title and topic counted thrice; then the
/// sentences of the best text by the rarity of the question's words in them. Words are forms of one where they share their beginning, and a few
/// English words stand for each other ("shipping" and "delivery"). A text whose title says what is not so ("What can't be returned") counts less
/// where the question doesn't deny anything, and the others where it asks which things are not. Texts are few, so nothing is indexed.
/// </remarks>
internal sealed class TextShelf
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.5;
    private const int TitleWeight = 3;

    /// <summary>What is left of the score of a text that says what is so where the question asks what is not, and the other way about.</summary>
    private const double ExceptionWeight = 0.8;

    private const int MaxSentences = 3;
    private const int MaxLetters = 400;

    /// <summary>Letters that two forms of a word share at least.</summary>
    private const int SharedLetters = 4;

    /// <summary>Words that shoppers and merchants use for the same thing.</summary>
    private static readonly string[][] Alike =
    [
        ["delivery", "shipping", "postage", "ship", "deliver", "shipment", "dispatch", "arrive"],
        ["cost", "price", "charge", "fee", "much", "free", "costs"],
        ["return", "sending", "send", "back", "returns", "exchange"],
        ["refund", "money", "reimburse", "refunded"],
        ["warranty", "guarantee", "repair", "broken", "breaks", "defective"],
        ["damaged", "broken", "wrong", "faulty"],
        ["open", "opening", "hours", "closed", "close", "sunday", "saturday", "weekend", "when"],
        ["pay", "payment", "invoice", "paypal", "credit", "paying", "visa", "mastercard"],
        ["voucher", "gift card", "code", "discount", "coupon", "promo"],
        ["contact", "phone", "email", "call", "reach", "telephone", "mail"],
        ["country", "countries", "abroad", "international", "overseas", "foreign"],
        ["collect", "pickup", "pick", "collecting", "store"],
        ["cancel", "change", "canceling", "cancelling", "changing"],
        ["wrap", "wrapping", "wrapped", "gift"],
        ["privacy", "data", "personal", "gdpr"],
        ["long", "days", "fast", "quick", "soon", "when", "time"],
        ["address", "where", "located", "location"],
    ];

    private static readonly HashSet<string> Joiners = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "and", "or", "is", "are", "was", "be", "do", "does", "did", "you", "i", "me", "my", "we", "us", "your", "it", "its",
        "this", "that", "what", "which", "how", "can", "could", "will", "would", "there", "here", "about", "have", "has", "if", "get", "please", "tell", "any", "some", "our", "by",
        "t", "s", "m", "d", "ll", "re", "ve", "don", "not", "no", "like", "want", "need", "something", "anything", "from", "now", "then", "so", "but", "am", "go",
    };

    private readonly ShopText[] _texts;
    private readonly Dictionary<string, int>[] _counts;
    private readonly double _meanLength;

    public TextShelf(IReadOnlyList<ShopText> texts)
    {
        _texts = [.. texts];
        _counts = [.. texts.Select(Count)];
        _meanLength = _counts.Length == 0 ? 1 : _counts.Average(counts => (double)counts.Values.Sum());
    }

    public bool IsEmpty => _texts.Length == 0;

    /// <summary>The text that answers best, and its sentences to say; null where no text says anything of it.</summary>
    public TextAnswer? Find(string question)
    {
        string[] words = [.. Words(question).Where(word => !Joiners.Contains(word)).Distinct(StringComparer.Ordinal)];
        double[] worth = [.. words.Select(Rarity)];
        bool denies = Denies(question);
        bool asksForExceptions = denies && Words(question).Any(word => word is "what" or "which");
        int best = -1;
        double bestScore = 0;
        for (int t = 0; t < _texts.Length; t++)
        {
            double length = _counts[t].Values.Sum() / _meanLength;
            double score = 0;
            for (int w = 0; w < words.Length; w++)
            {
                double count = Occurrences(_counts[t], words[w]);
                score += worth[w] * count * (Saturation + 1) / (count + (Saturation * (1 - LengthWeight + (LengthWeight * length))));
            }

            score *= Denies(_texts[t].Title) ? denies ? 1 : ExceptionWeight : asksForExceptions ? ExceptionWeight : 1;
            if (score > bestScore)
            {
                (best, bestScore) = (t, score);
            }
        }

        return best < 0 ? null
            : new TextAnswer(_texts[best], Choose(_texts[best], words, worth), bestScore, words.Count(word => Occurrences(_counts[best], word) > 0) / (double)words.Length);
    }

    /// <summary>The text on delivery that has a name in it, word for word, and the sentences to say; null where none has.</summary>
    public TextAnswer? Naming(string name)
    {
        string[] words = [.. Words(name)];
        foreach (ShopText text in _texts.Where(text => Words($"{text.Topic} {text.Title} {text.Text}").Any(word => IsAlike(word, "delivery"))))
        {
            List<string> naming = [.. Sentences(text.Text).Where(sentence => $" {string.Join(' ', Words(sentence))} ".Contains($" {string.Join(' ', words)} ", StringComparison.Ordinal))];
            if (words.Length > 0 && naming.Count > 0)
            {
                return new TextAnswer(text, [.. naming.Take(MaxSentences)], 0, 1);
            }
        }

        return null;
    }

    /// <summary>The first sentences of a text, as many as an answer should have.</summary>
    public static string Beginning(string text)
    {
        List<string> sentences = Sentences(text);
        string beginning = string.Join(' ', sentences.Take(2));
        return beginning.Length <= MaxLetters ? beginning : string.Concat(beginning.AsSpan(0, MaxLetters - 1), "…");
    }

    /// <summary>All of a short text; of a longer one the sentences with the question's words, in their order.</summary>
    private static List<string> Choose(ShopText text, string[] words, double[] worth)
    {
        List<string> sentences = Sentences(text.Text);
        if (sentences.Count <= MaxSentences && text.Text.Length <= MaxLetters)
        {
            return sentences;
        }

        int[] best = [.. Enumerable.Range(0, sentences.Count)
            .OrderByDescending(s => words.Select((word, w) => Words(sentences[s]).Any(other => IsAlike(word, other)) ? worth[w] : 0).Sum())
            .Take(MaxSentences).Order()];
        return [.. best.Select(s => sentences[s])];
    }

    /// <summary>Cut behind a full stop, a question or an exclamation mark that a space and a capital letter or the end follow: "9:00" and "4.90 EUR" stay whole.</summary>
    private static List<string> Sentences(string text)
    {
        var sentences = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool isEnd = text[i] is '.' or '!' or '?' && (i + 1 == text.Length || (i + 2 < text.Length && char.IsWhiteSpace(text[i + 1]) && !char.IsLower(text[i + 2])));
            if (isEnd || text[i] == '\n' || i + 1 == text.Length)
            {
                string sentence = text[start..(i + 1)].Trim();
                if (sentence.Length > 0)
                {
                    sentences.Add(sentence);
                }

                start = i + 1;
            }
        }

        return sentences;
    }

    private static Dictionary<string, int> Count(ShopText text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Add(Words(text.Text), 1);
        Add(Words(text.Title), TitleWeight);
        Add(Words(text.Topic ?? ""), TitleWeight);
        return counts;

        void Add(IEnumerable<string> words, int weight)
        {
            foreach (string word in words.Where(word => !Joiners.Contains(word)))
            {
                counts[word] = counts.GetValueOrDefault(word) + weight;
            }
        }
    }

    private static bool Denies(string text) => text.Contains("n't", StringComparison.OrdinalIgnoreCase) || text.Contains("n’t", StringComparison.OrdinalIgnoreCase)
        || Words(text).Any(word => word is "not" or "no" or "never" or "cannot" or "without" or "except" or "exceptions");

    /// <summary>ln(1 + (N − n + ½) / (n + ½)) of the n texts that have the word.</summary>
    private double Rarity(string word)
    {
        int with = _counts.Count(counts => Occurrences(counts, word) > 0);
        return with == 0 ? 0 : Math.Log(1 + ((_counts.Length - with + 0.5) / (with + 0.5)));
    }

    /// <summary>How often a word or a form of it stands in a text; one that stands for it counts half.</summary>
    private static double Occurrences(Dictionary<string, int> counts, string word)
    {
        double sum = 0;
        foreach ((string other, int count) in counts)
        {
            sum += IsForm(word, other) ? count : IsAlike(word, other) ? count * 0.5 : 0;
        }

        return sum;
    }

    private static bool IsAlike(string word, string other) => IsForm(word, other)
        || Alike.Any(group => group.Any(one => IsForm(one, word)) && group.Any(one => IsForm(one, other)));

    /// <summary>Equal, or of one beginning with endings of at most three letters.</summary>
    private static bool IsForm(string word, string other)
    {
        if (word == other)
        {
            return true;
        }

        int shared = 0;
        int shorter = Math.Min(word.Length, other.Length);
        while (shared < shorter && word[shared] == other[shared])
        {
            shared++;
        }

        return shared >= SharedLetters && word.Length - shared <= 3 && other.Length - shared <= 3 && shared * 3 >= Math.Max(word.Length, other.Length) * 2;
    }

    private static IEnumerable<string> Words(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isPart = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (isPart && start < 0)
            {
                start = i;
            }
            else if (!isPart && start >= 0)
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }
        }
    }
}

/// <param name="Sentences">Word for word as the merchant wrote them.</param>
/// <param name="Score">Higher is better.</param>
/// <param name="Coverage">Share of the question's words that stand in the text.</param>
internal sealed record TextAnswer(ShopText Text, IReadOnlyList<string> Sentences, double Score, double Coverage);
