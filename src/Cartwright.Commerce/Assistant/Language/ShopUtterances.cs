using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant;

/// <summary>Utterances made from a shop's catalog: <see cref="ShopPhrases"/> filled with its words, some with typing errors.</summary>
internal sealed class ShopUtterances(CatalogWords catalog, int seed)
{
    private const double TypingErrors = 0.12;
    private const double Capitals = 0.15;
    private const int PartsOfWordings = 10;
    private const int LearnedPart = 9;

    /// <summary>How often the catalog's own words are said: most utterances are about products.</summary>
    private static readonly Dictionary<string, int> Counts = new(StringComparer.Ordinal)
    {
        [ShopIntents.FindProduct] = 900,
        [ShopIntents.RefineResults] = 500,
        [ShopIntents.ProductPrice] = 300,
        [ShopIntents.ProductStock] = 300,
        [ShopIntents.ProductDetails] = 350,
        [ShopIntents.CompareProducts] = 300,
        [ShopIntents.AddToBasket] = 400,
        [ShopIntents.RemoveFromBasket] = 250,
        [ShopIntents.OrderStatus] = 450,
        [ShopIntents.ReturnProduct] = 300,
        [ShopIntents.AskPolicy] = 500,
        [ShopIntents.OutOfScope] = 800,
    };

    private const int UsualCount = 150;

    private static readonly Dictionary<string, string[]> Lists = new(StringComparer.Ordinal)
    {
        ["it"] = ["it", "it", "this", "that", "this one", "that one", "these", "them", "this product", "the product", "those", "this item"],
        [ShopSlots.Count] = ["1", "2", "3", "4", "5", "6", "10", "12", "one", "two", "three", "four", "five", "six", "ten", "a couple", "a dozen"],
        [ShopSlots.Ordinal] = ["first", "second", "third", "fourth", "fifth", "last", "1st", "2nd", "3rd", "4th", "middle", "other"],
        [ShopSlots.Sort] = ["cheapest", "cheaper", "newest", "most popular", "best rated", "most expensive", "price", "popularity", "best", "latest", "best selling", "lowest price", "highest price", "rating", "bestselling", "least expensive", "newer"],
        [ShopSlots.Topic] = ["delivery", "shipping", "returns", "return", "refund", "refunds", "payment", "payments", "warranty", "guarantee", "opening hours", "privacy", "gift cards", "gift wrapping", "exchange", "exchanges", "discounts", "coupons", "loyalty program", "delivery costs", "shipping costs", "international shipping", "express delivery", "pickup", "store pickup", "cancellation", "data protection", "contact", "size guide", "repairs", "newsletter", "installation"],
        ["deliver"] = ["delivery", "shipping", "shipment", "express delivery", "standard delivery"],
        ["ship"] = ["ship", "deliver", "send"],
        ["pay"] = ["pay", "pay"],
        ["payments"] = ["payment methods", "cards", "credit cards", "payment options", "payments"],
        ["open"] = ["open", "open", "closed"],
        ["hours"] = ["opening hours", "opening times", "business hours", "hours", "store hours"],
        ["return"] = ["return", "send back", "bring back", "exchange"],
        ["warranty"] = ["warranty", "guarantee"],
        ["located"] = ["located", "based"],
        ["address"] = ["address", "phone number", "email", "email address", "location"],
        ["contact"] = ["contact", "reach", "call", "email"],
        ["privacy"] = ["data", "personal data", "address data", "information", "email address"],
        ["giftcards"] = ["gift cards", "a gift card", "gift vouchers", "vouchers"],
        ["cancelorder"] = ["cancel my order", "cancel an order", "change my order"],
        ["giftwrap"] = ["gift wrap", "wrap"],
        ["discount"] = ["discount", "student discount", "coupon", "promo code", "voucher"],
        ["loyalty"] = ["loyalty program", "bonus program", "loyalty card", "newsletter", "membership"],
    };

    private static readonly HashSet<string> OfTopic =
        ["deliver", "ship", "pay", "payments", "open", "hours", "return", "warranty", "located", "address", "contact", "privacy", "giftcards", "cancelorder", "giftwrap", "discount", "loyalty"];

    private readonly Random _random = Seeds.Random((ulong)seed, 0x51);

    /// <summary>Utterances in parts of which each has wordings that no other has: "do you sell any {category}" is one.</summary>
    public UtterancePart[] Make()
    {
        var made = new List<UtterancePart>();
        foreach ((string intent, string[] patterns) in ShopPhrases.Patterns.Append(new(ShopIntents.OutOfScope, OutOfScopePhrases.Patterns)))
        {
            string[] fitting = [.. patterns.Where(IsFillable)];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            int count = Counts.GetValueOrDefault(intent, UsualCount);
            for (int i = 0; i < count && fitting.Length > 0; i++)
            {
                string wording = PhrasePattern.Choose(fitting[i % fitting.Length], _random);
                Utterance utterance = Fill(wording, intent);
                if (seen.Add(utterance.Text))
                {
                    made.Add(new UtterancePart(utterance, PartOf(wording)));
                }
            }
        }

        return [.. made];
    }

    private bool IsFillable(string pattern) =>
        (catalog.HasTitles || !pattern.Contains("{product}", StringComparison.Ordinal))
        && (catalog.Brands.Count > 0 || !pattern.Contains("{brand}", StringComparison.Ordinal))
        && (catalog.Categories.Count > 0 || !pattern.Contains("{category}", StringComparison.Ordinal))
        && (catalog.Attributes.Count > 0 || !pattern.Contains("{attribute}", StringComparison.Ordinal));

    /// <summary>By the wording's hash. A single word or slot is always learned: there is no other way to say it.</summary>
    private static int PartOf(string wording) =>
        wording.AsSpan().Trim().Contains(' ') ? SHA256.HashData(Encoding.UTF8.GetBytes(wording))[0] % PartsOfWordings : LearnedPart;

    private Utterance Fill(string wording, string intent)
    {
        var words = new List<string>();
        var tags = new List<string>();
        foreach (string token in wording.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int open = token.IndexOf('{', StringComparison.Ordinal);
            int close = token.IndexOf('}', StringComparison.Ordinal);
            if (open < 0 || close < open)
            {
                words.Add(token);
                tags.Add(UtteranceExample.Outside);
                continue;
            }

            string name = token[(open + 1)..close];
            string slot = name == "it" ? ShopSlots.Product : OfTopic.Contains(name) ? ShopSlots.Topic : name;
            bool isSlot = name != "place" && !OutOfScopePhrases.Lists.ContainsKey(name);
            string[] filling = $"{token[..open]}{Filling(name)}{token[(close + 1)..]}".Split(' ', StringSplitOptions.RemoveEmptyEntries);
            words.AddRange(filling);
            tags.AddRange(filling.Select((_, i) => !isSlot ? UtteranceExample.Outside : i == 0 ? $"B-{slot}" : $"I-{slot}"));
        }

        return new Utterance { Text = Typed(words), Intent = intent, Slots = tags };
    }

    private string Filling(string name) => name switch
    {
        ShopSlots.Product => catalog.Title(_random),
        ShopSlots.Brand => Pick(catalog.Brands),
        ShopSlots.Category => Pick(catalog.Categories),
        ShopSlots.Color => Pick(catalog.Colors),
        ShopSlots.Attribute => Pick(catalog.Attributes),
        ShopSlots.PriceMin or ShopSlots.PriceMax => catalog.Price(_random),
        ShopSlots.OrderId => OrderNumber(),
        ShopSlots.Postcode => Postcode(),
        ShopSlots.Topic when catalog.Topics.Count > 0 && _random.Next(3) == 0 => Pick(catalog.Topics),
        "place" => Pick(_random.Next(2) == 0 ? OutOfScopePhrases.Lists["country"] : OutOfScopePhrases.Lists["city"]),
        _ => Pick(Lists.TryGetValue(name, out string[]? list) ? list : OutOfScopePhrases.Lists[name]),
    };

    private string Pick(IReadOnlyList<string> values) => values[_random.Next(values.Count)];

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + _random.Next(10))));

    private string OrderNumber() => _random.Next(6) switch
    {
        0 => $"o{Digits(5)}",
        1 => $"o-{Digits(4)}",
        2 => $"{(char)('A' + _random.Next(26))}{Digits(6)}",
        3 => $"ord-{Digits(5)}",
        4 => $"{(char)('A' + _random.Next(26))}{(char)('A' + _random.Next(26))}-{Digits(5)}",
        _ => Digits(_random.Next(6, 10)),
    };

    private string Postcode() => _random.Next(4) switch
    {
        0 => $"{(char)('A' + _random.Next(26))}{(char)('A' + _random.Next(26))}{Digits(1)} {Digits(1)}{(char)('A' + _random.Next(26))}{(char)('A' + _random.Next(26))}",
        1 => Digits(4),
        _ => Digits(5),
    };

    /// <summary>As it might be typed: mostly in small letters, with or without a mark at the end, now and then with a wrong letter.</summary>
    private string Typed(List<string> words)
    {
        if (_random.NextDouble() < TypingErrors)
        {
            int w = _random.Next(words.Count);
            words[w] = Mistyped(words[w]);
        }

        var text = new StringBuilder(string.Join(' ', words));
        string end = _random.Next(6) switch { 0 => "?", 1 => ".", 2 => "!", _ => "" };
        string typed = text.Append(end == "!" && _random.Next(2) == 0 ? "" : end).ToString();
        return _random.NextDouble() < Capitals ? char.ToUpperInvariant(typed[0]) + typed[1..] : _random.Next(3) == 0 ? typed : typed.ToLowerInvariant();
    }

    /// <summary>Two letters exchanged, one left out, one twice, or one by another.</summary>
    private string Mistyped(string word)
    {
        if (word.Length < 4 || !word.All(char.IsLetter))
        {
            return word;
        }

        int at = _random.Next(1, word.Length - 1);
        return _random.Next(4) switch
        {
            0 => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
            1 => word.Remove(at, 1),
            2 => word.Insert(at, word[at].ToString()),
            _ => $"{word[..at]}{(char)('a' + _random.Next(26))}{word[(at + 1)..]}",
        };
    }
}

/// <summary>An utterance, and which part of the wordings it was made of: from 0 to 9.</summary>
internal sealed record UtterancePart(Utterance Utterance, int Part);
