using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>A conversation that somebody wrote down, with what should come of it.</summary>
/// <remarks>"{order}", "{postcode}" and "{shopper}" in its texts stand for those of the order that <see cref="Order"/> chooses, "{title}" and "{brand}" for those of the product that <see cref="Product"/> does: so one file serves any sample shop.</remarks>
internal sealed record WrittenConversation
{
    public required string Name { get; init; }

    /// <summary>What the shopper says, one sentence after the other.</summary>
    public required IReadOnlyList<string> Says { get; init; }

    public required WrittenGoal Goal { get; init; }

    /// <summary>True where the order's shopper is signed in.</summary>
    public bool SignedIn { get; init; }

    /// <summary>Status of the order that it is about: the first with it, a postcode and a shopper.</summary>
    public string? Order { get; init; }

    /// <summary>Word in the title of the product that it is about: the first that is in stock, or the first of all.</summary>
    public string? Product { get; init; }
}

/// <summary>What should come of a conversation.</summary>
internal sealed record WrittenGoal
{
    /// <summary>"product-in-basket", "basket-empty", "product-shown", "price-told", "stock-told", "details-told", "compared", "order-told", "order-not-told", "text-told", "handed-over", "asked" or "declined".</summary>
    public required string Kind { get; init; }

    /// <summary>Words that the product's record must have.</summary>
    public string? Words { get; init; }

    public int? Units { get; init; }

    public decimal? PriceTo { get; init; }

    /// <summary>The id of the text, or what is asked for.</summary>
    public string? Id { get; init; }

    /// <summary>Whose order it is; put in when the conversation is run.</summary>
    [JsonIgnore]
    public string? Shopper { get; init; }

    /// <returns>Why the answers do not reach the goal; null where they do.</returns>
    public string? Missed(IReadOnlyList<ReplyResponse> answers)
    {
        ReplyResponse last = answers[^1];
        ReplySentence[] sentences = [.. answers.SelectMany(answer => answer.Sentences)];
        FactSource[] sources = [.. sentences.SelectMany(sentence => sentence.Sources)];
        bool isReached = Kind switch
        {
            "product-in-basket" => last.Basket.Lines.Any(line => IsMeant(line.Title) && (Units is null || line.Units == Units)),
            "basket-empty" => last.Basket.Lines.Count == 0,
            "product-shown" => last.Products.Count > 0 && IsMeant(last.Products[0].Title) && last.Products.All(product => PriceTo is null || product.Price <= PriceTo),
            "price-told" => Tells("price"),
            "stock-told" => sentences.Any(sentence => IsAbout(sentence)
                && (sentence.Sources.Any(source => source.Field == "stock") || sentence.Text.Contains("sold out", StringComparison.Ordinal) || sentence.Text.Contains("can be ordered", StringComparison.Ordinal))),
            "details-told" => Tells(Id ?? "description"),
            "compared" => last.Products.Count >= 2 && last.Sentences.SelectMany(sentence => sentence.Sources).Where(source => source.Field == "price").Select(source => source.Id).Distinct().Count() >= 2,
            "order-told" => sources.Any(source => source.Kind == FactSource.Order && source.Id == Id && source.Field == "status"),
            "order-not-told" => !sources.Any(source => source.Kind == FactSource.Order),
            "text-told" => last.Sentences.SelectMany(sentence => sentence.Sources).Any(source => source.Kind == FactSource.Text && source.Id == Id),
            "handed-over" => answers.Any(answer => answer.HandOver is not null),
            "asked" => last.Awaiting == Id,
            "declined" => last.Sentences.All(sentence => sentence.Sources.Count == 0) && last.Products.Count == 0,
            _ => false,
        };
        return isReached ? null : $"ended with: {last.Text}";

        bool Tells(string field) => sentences.Any(sentence => IsAbout(sentence) && sentence.Sources.Any(source => source.Field == field));

        bool IsAbout(ReplySentence sentence) => sentence.Sources.Any(source => source.Kind == FactSource.Product && source.Field == "title" && IsMeant(source.Value));
    }

    private bool IsMeant(string title) => Said.Words(Words ?? "").All(word => title.Contains(word, StringComparison.OrdinalIgnoreCase));

    public string InWords => string.Join(' ', ((string?[])[Kind, Words, Id, Units?.ToString(System.Globalization.CultureInfo.InvariantCulture)]).OfType<string>());
}

internal sealed record ConversationFile(IReadOnlyList<WrittenConversation> Conversations)
{
    /// <exception cref="ImportFormatException">The file is not there, or not as it should be.</exception>
    public static ConversationFile Read(string path)
    {
        try
        {
            ConversationFile? read = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConversationJson.Default.ConversationFile);
            return read is { Conversations.Count: > 0 } && read.Conversations.All(one => one.Says is { Count: > 0 } && one.Goal is not null) ? read
                : throw new ImportFormatException(path, null, "it has no conversations; it is { \"conversations\": [{ \"name\", \"says\": [\"…\"], \"goal\": { \"kind\" } }] }.");
        }
        catch (JsonException broken)
        {
            throw new ImportFormatException(path, broken.LineNumber + 1, $"it is not JSON of conversations: {broken.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ImportFormatException(path, null, $"it can't be read: {unreadable.Message}");
        }
    }
}

[JsonSerializable(typeof(ConversationFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class ConversationJson : JsonSerializerContext;
