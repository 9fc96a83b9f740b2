using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cartwright.Commerce.Assistant;

/// <summary>What a sentence says, as values: numbers, places in a list, words to look for.</summary>
internal sealed partial class Said(string text, Understanding understanding)
{
    /// <summary>The last of what was shown.</summary>
    public const int Last = -1;

    private const int MostCount = 99;

    private static readonly FrozenDictionary<string, int> Numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11,
        ["twelve"] = 12, ["fifteen"] = 15, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80,
        ["ninety"] = 90, ["hundred"] = 100, ["couple"] = 2, ["pair"] = 2, ["dozen"] = 12,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int> Places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["first"] = 1, ["second"] = 2, ["third"] = 3, ["fourth"] = 4, ["fifth"] = 5, ["sixth"] = 6,
        ["seventh"] = 7, ["eighth"] = 8, ["ninth"] = 9, ["tenth"] = 10, ["last"] = Last, ["1st"] = 1, ["2nd"] = 2, ["3rd"] = 3, ["4th"] = 4, ["5th"] = 5,
        ["6th"] = 6, ["7th"] = 7, ["8th"] = 8, ["9th"] = 9, ["10th"] = 10,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Words that name no product.</summary>
    private static readonly FrozenSet<string> Joiners = FrozenSet.ToFrozenSet(
    [
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "and", "or", "is", "are", "was", "be", "do", "does", "did", "you", "i", "me", "my", "we", "us", "your", "it", "its",
        "this", "that", "these", "those", "them", "they", "one", "ones", "what", "which", "how", "much", "many", "any", "some", "have", "has", "got", "get", "want", "would", "like", "need",
        "looking", "look", "search", "find", "show", "give", "please", "can", "could", "will", "there", "here", "buy", "sell", "something", "anything", "im", "i'm", "i'd", "hi", "hello",
        "just", "also", "about", "cost", "costs", "price", "stock", "available", "tell", "more", "under", "over", "below", "above", "than", "less", "up", "between", "around", "from",
        "euro", "euros", "eur", "dollars", "usd", "€", "$", "cheap", "cheaper", "cheapest", "best", "good", "nice", "add", "put", "basket", "cart", "into", "take", "remove", "compare", "vs",
        "versus", "difference", "product", "products", "item", "items", "thing", "things", "actually", "again", "instead", "then", "now", "too",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Words that point at a thing, or only carry the sentence on.</summary>
    private static readonly FrozenSet<string> Pronouns = FrozenSet.ToFrozenSet(
        ["it", "this", "that", "them", "these", "those", "one", "ones", "both", "they", "all", "the", "of", "and", "its",
        "actually", "again", "instead", "then", "now", "too", "please", "out", "back", "off"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What stands behind "deliver to" and is no country or town.</summary>
    private static readonly FrozenSet<string> Homes = FrozenSet.ToFrozenSet(
        ["me", "us", "my", "our", "your", "a", "an", "any", "other", "another", "different", "home", "work", "somebody", "someone", "this", "that", "these", "it", "be"], StringComparer.OrdinalIgnoreCase);

    public string Text { get; } = text;

    public Understanding Understanding { get; } = understanding;

    public string Intent => Understanding.InScope ? Understanding.Intent : ShopIntents.OutOfScope;

    public string? Slot(string name) => Slots(name).FirstOrDefault();

    public IEnumerable<string> Slots(string name) => Understanding.Slots.Where(slot => slot.Name == name).Select(slot => slot.Value.Trim(' ', '?', '!', ',', '.', '"', '“', '”'))
        .Where(value => value.Length > 0);

    public bool Has(string word) => Words(Text).Contains(word, StringComparer.OrdinalIgnoreCase);

    public decimal? PriceFrom => Slot(ShopSlots.PriceMin) is { } said ? Amount(said) : null;

    public decimal? PriceTo => Slot(ShopSlots.PriceMax) is { } said ? Amount(said) : null;

    /// <summary>Units that were named, 0 or less where less than one was; null where none were.</summary>
    public int? Count => Slots(ShopSlots.Count).Select(Amount).FirstOrDefault() is { } count ? (int)Math.Min(count, MostCount) * (Below().IsMatch(Text) ? -1 : 1)
        : Below().IsMatch(Text) ? -1 : null;

    /// <summary>Places in a list that were named, from 1; <see cref="Last"/> for the last.</summary>
    public IReadOnlyList<int> Ordinals => [.. Slots(ShopSlots.Ordinal).SelectMany(Words).Select(PlaceOf).OfType<int>()];

    /// <summary>Places in a list that stand anywhere in the sentence, marked or not.</summary>
    public IReadOnlyList<string> PlaceWords => [.. Words(Text).Where(word => PlaceOf(word) is not null)];

    /// <summary>True where all of the basket is to go: "clear my basket", "take everything out".</summary>
    public bool ClearsBasket => Clearing().IsMatch(Text);

    /// <summary>Where something is asked to be delivered to: "Norway"; null where that is not what is asked.</summary>
    public string? DeliveryPlace => Delivering().Match(Text) is { Success: true } match && !Homes.Contains(match.Groups["place"].Value.Split(' ')[0])
        ? match.Groups["place"].Value : null;

    /// <summary>The order that was asked for; null where none was.</summary>
    public string? Sort => OrderOf(string.Join(' ', Slots(ShopSlots.Sort)));

    /// <summary>What the thing is called: the pieces that name it, in the order of the sentence; empty where there are none but "it" and "that one".</summary>
    public string Naming(params string[] slots) => string.Join(' ', Understanding.Slots.Where(slot => slots.Contains(slot.Name)).Select(slot => slot.Value)
        .SelectMany(Words).Where(word => !Pronouns.Contains(word) && PlaceOf(word) is null));

    /// <summary>The words of the sentence that may name a thing, for where no piece was found.</summary>
    public string ContentWords => string.Join(' ', Words(Text).Where(word => !Joiners.Contains(word) && !decimal.TryParse(word, CultureInfo.InvariantCulture, out _)));

    /// <summary>Words as they stand, without what stands around them.</summary>
    public static IEnumerable<string> Words(string text) => text.Split((char[])[' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.Trim('?', '!', ',', '.', ';', ':', '"', '“', '”', '(', ')', '\'')).Where(word => word.Length > 0);

    /// <summary>What may be the number of an order or a parcel: it has a digit, and no space.</summary>
    public IEnumerable<string> Codes => Words(Text).Select(word => word.TrimStart('#')).Where(word => word.Any(char.IsAsciiDigit) && word.Length is >= 3 and <= 200);

    /// <summary>The last of <see cref="Codes"/>.</summary>
    public string? Code => Codes.LastOrDefault();

    /// <summary>A postcode: what is marked as one, or the last word with a digit, with the short word before it where that has one too ("SW1A 1AA").</summary>
    /// <param name="beside">The order's number, which is none.</param>
    public string? Postcode(string? beside)
    {
        if (Slot(ShopSlots.Postcode) is { } marked && !string.Equals(marked.TrimStart('#'), beside, StringComparison.OrdinalIgnoreCase))
        {
            return marked;
        }

        string[] words = [.. Words(Text).Select(word => word.TrimStart('#')).Where(word => !string.Equals(word, beside, StringComparison.OrdinalIgnoreCase))];
        int at = Array.FindLastIndex(words, word => word.Any(char.IsAsciiDigit) && word.Length is >= 3 and <= 10);
        return at < 0 ? null
            : at > 0 && words[at].Length <= 4 && words[at - 1].Length <= 4 && words[at - 1].Any(char.IsAsciiDigit) ? words[at - 1] + words[at]
            : words[at];
    }

    /// <summary>"price", "-price" or "newest"; null where the words ask for no order.</summary>
    public static string? OrderOf(string words) => words switch
    {
        _ when Contains(words, "cheap") || Contains(words, "low") || Contains(words, "least exp") || Contains(words, "less exp") => "price",
        _ when Contains(words, "expensive") || Contains(words, "dear") || Contains(words, "high") => "-price",
        _ when Contains(words, "new") || Contains(words, "latest") || Contains(words, "recent") => "newest",
        _ => null,
    };

    /// <summary>"€1,299.50", "40", "twenty five"; null where there is no number.</summary>
    public static decimal? Amount(string said)
    {
        if (NumberPattern().Match(said) is { Success: true } match)
        {
            string digits = match.Value.Replace(",", match.Value.Length - match.Value.LastIndexOf(',') == 4 ? "" : ".", StringComparison.Ordinal);
            return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount) && amount <= 1_000_000_000m ? amount : null;
        }

        int sum = 0;
        bool isNumber = false;
        foreach (string word in Words(said.Replace('-', ' ')))
        {
            if (Numbers.TryGetValue(word, out int number))
            {
                sum = number == 100 ? Math.Max(sum, 1) * number : sum + number;
                isNumber = true;
            }
        }

        return isNumber ? sum : null;
    }

    /// <summary>The place that a word names, from 1; <see cref="Last"/> for the last; null where it names none.</summary>
    public static int? PlaceOf(string word) => Places.TryGetValue(word, out int place) ? place : null;

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\d{1,9}([.,]\d{3})*([.,]\d{1,2})?")]
    private static partial Regex NumberPattern();

    /// <summary>A number with a minus before it: "-5", "minus 5".</summary>
    [GeneratedRegex(@"(?:^|\s)(?:[-−–]|minus\s)\d", RegexOptions.IgnoreCase)]
    private static partial Regex Below();

    [GeneratedRegex(@"^\W*(?:(?:please|now|ok|okay|just|then|and|can|could|would|will|you|i|want|like|to|let's|let|us|me)\W+)*(?:(?:empty|clear|delete|reset|drop|discard)(?:\s+out)?\s+(?:my|the|our|this)(?:\s+(?:whole|entire|shopping))*\s+(?:basket|cart|bag)\b|(?:remove|delete|throw|clear|take\s+out)(?:\s+out)?\s+(?:everything|all(?:\s+of\s+(?:it|them)|\s+items|\s+things|\s+products)?)(?:\s+(?:out|away|in|from|of|my|the|basket|cart|bag|please))*\s*[?.!]*$|take\s+(?:everything|all(?:\s+of\s+(?:it|them)|\s+items|\s+things|\s+products)?)\s+(?:out|away|from)\b(?:\s+(?:out|away|in|from|of|my|the|basket|cart|bag|please))*\s*[?.!]*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Clearing();

    /// <summary>"do you deliver to Norway?", "can you ship it to the Faroe Islands"; not "how long does delivery to Norway take", which asks something else.</summary>
    [GeneratedRegex(@"^(?:hi|hello|hey|and|,|\s)*(?:do|does|can|could|will|would|is it possible for)\s+(?:you|the shop|it|this|that|they)\s+(?:also\s+)?(?:deliver|ship|send|post|dispatch)(?:\s+(?:it|this|that|them|things|orders|parcels|goods))?\s+to\s+(?:the\s+)?(?<place>\p{L}[\p{L}'’.-]*(?:\s+\p{L}[\p{L}'’.-]*){0,3}?)(?:\s+(?:too|also|please|as well|at all))?\s*[?.!]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Delivering();
}
