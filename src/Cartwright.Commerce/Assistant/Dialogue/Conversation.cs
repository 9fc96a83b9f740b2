namespace Cartwright.Commerce.Assistant;

/// <summary>What a conversation has come to. Changed by one sentence at a time.</summary>
internal sealed class Conversation(string id, string? shopperId)
{
    public const int MaxUnits = 99;

    private const int KeptLines = 12;
    private const int KeptLetters = 600;

    private readonly List<SaidLine> _lines = [];

    public string Id { get; } = id;

    /// <summary>Who is signed in, by the word of the caller; null for a guest.</summary>
    public string? ShopperId { get; } = shopperId;

    /// <summary>The visit that the basket is counted under.</summary>
    public string SessionId { get; set; } = $"assistant-{id}";

    /// <summary>What is looked for.</summary>
    public Wish Wish { get; set; } = new();

    /// <summary>Ids of the products that were shown last, in the order they were named.</summary>
    public IReadOnlyList<string> Shown { get; set; } = [];

    /// <summary>Id of the product that "it" means; null where it might be several.</summary>
    public string? Focus { get; set; }

    public List<BasketUnits> Basket { get; set; } = [];

    /// <summary>What was asked and waits for an answer; null where nothing does.</summary>
    public Pending? Pending { get; set; }

    /// <summary>Orders that may be told of: the shopper proved to know them.</summary>
    public HashSet<string> KnownOrders { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Times that an order and a postcode did not belong together.</summary>
    public int FailedOrders { get; set; }

    /// <summary>Sentences in a row that were not understood.</summary>
    public int NotUnderstood { get; set; }

    /// <summary>What waits for a person; null where nothing does.</summary>
    public HandOver? HandOver { get; set; }

    public IReadOnlyList<SaidLine> Lines => _lines;

    /// <summary>Sentences that were answered.</summary>
    public int TurnCount { get; private set; }

    public SemaphoreSlim Turn { get; } = new(1, 1);

    public void Keep(string said, string answered)
    {
        TurnCount++;
        _lines.Add(new SaidLine(IsShopper: true, Cut(said)));
        _lines.Add(new SaidLine(IsShopper: false, Cut(answered)));
        _lines.RemoveRange(0, Math.Max(0, _lines.Count - KeptLines));
    }

    /// <summary>Bytes that it may hold at most, by its own limits: what <see cref="Conversations"/> counts with.</summary>
    public const int MostBytes = (KeptLines * KeptLetters * 2) + (ReplyRequest.MaxLines * 512) + 8_192;

    private static string Cut(string text) => text.Length <= KeptLetters ? text : string.Concat(text.AsSpan(0, KeptLetters - 1), "…");
}

/// <summary>What a shopper looks for, as it grew over several sentences.</summary>
internal sealed record Wish
{
    /// <summary>The thing itself.</summary>
    public string Words { get; init; } = "";

    public string? Brand { get; init; }

    public string? Color { get; init; }

    /// <summary>Values of other attributes.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    public decimal? PriceFrom { get; init; }

    public decimal? PriceTo { get; init; }

    public string Sort { get; init; } = "relevance";

    public int Offset { get; init; }

    /// <summary>All words of it, as they are looked for.</summary>
    public string Query => string.Join(' ', ((string?[])[.. Attributes, Color, Brand, Words]).Where(words => !string.IsNullOrWhiteSpace(words)));

    public bool IsEmpty => Query.Length == 0 && PriceFrom is null && PriceTo is null;
}

/// <summary>A question that the assistant asked.</summary>
/// <param name="Awaiting">As <see cref="ReplyResponse.Awaiting"/> says it.</param>
internal sealed record Pending(string Awaiting)
{
    public const string Product = "product";
    public const string Intent = "intent";
    public const string Wish = "wish";
    public const string Order = "order";
    public const string Postcode = "postcode";
    public const string YesOrNo = "yes-or-no";
    public const string Contact = "contact";
    public const string Count = "count";

    /// <summary>What to do once it is answered: an intent of <see cref="ShopIntents"/>.</summary>
    public string? Then { get; init; }

    /// <summary>Products to choose from.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    public int Units { get; init; } = 1;

    /// <summary>The order that a postcode is asked for.</summary>
    public string? OrderId { get; init; }

    /// <summary>Why a person would be asked.</summary>
    public string? Reason { get; init; }

    /// <summary>The sentence that made the assistant ask.</summary>
    public Said? Of { get; init; }
}
