using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Cartwright.Commerce.Catalog;

/// <summary>What a row of the catalog must keep, whichever door it comes through.</summary>
internal static class CatalogRules
{
    public const int MaxIdLength = 200;
    public const int MaxTextLength = 100_000;
    public const int MaxNameLength = 2_000;
    public const int MaxAttributeCount = 1_000;
    public const int MaxTagCount = 1_000;
    public const int MaxShownCount = 10_000;
    public const int MaxPosition = 1_000_000;
    public const double MaxQuantity = 1e9;
    public const double MaxValue = 1e9;

    /// <summary>Prices lie from 0 to this, and are kept to <see cref="PriceDecimals"/> decimals.</summary>
    public const decimal MaxPrice = 10_000_000_000m;
    public const int PriceDecimals = 8;

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Check(Product product)
        => Id("id", product.Id) ?? Text("title", product.Title, MaxNameLength) ?? Text("description", product.Description, MaxTextLength)
            ?? Text("category", product.Category, MaxNameLength) ?? Text("brand", product.Brand, MaxNameLength)
            ?? Price("price", product.Price) ?? Price("cost", product.Cost)
            ?? (product.Stock is < 0 ? $"stock is {product.Stock}; it is 0 or more" : null)
            ?? Image(product.Image) ?? Tags(product.Tags) ?? Attributes(product.Attributes);

    /// <summary>What shoppers see of it. Whoever puts a product gives one; a file of products may have no titles at all, and its products are called by their ids.</summary>
    /// <returns>What is wrong; null where it has one.</returns>
    public static string? CheckTitle(Product product) => string.IsNullOrWhiteSpace(product.Title) ? $"title is empty; say what the product '{product.Id}' is called" : null;

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Shopper shopper) => Id("id", shopper.Id) ?? Attributes(shopper.Attributes);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Interaction interaction)
        => OptionalId("id", interaction.Id) ?? OptionalId("shopper", interaction.Shopper) ?? OptionalId("session", interaction.Session)
            ?? (interaction.Shopper is null && interaction.Session is null ? "shopper and session are both empty; one says whose it is" : null)
            ?? (Enum.IsDefined(interaction.Kind) ? null : $"kind {(int)interaction.Kind} is unknown")
            ?? (interaction.Product is null
                ? (interaction.Kind == InteractionKind.Search ? null : "product is empty; only a search may have none")
                : Id("product", interaction.Product))
            ?? (interaction.Quantity is { } quantity && !(quantity >= 0 && quantity <= MaxQuantity)
                ? $"quantity is {quantity}; it lies from 0 to {MaxQuantity:0}" : null)
            ?? Price("price", interaction.Price) ?? Text("query", interaction.Query, MaxNameLength)
            ?? (interaction.Position is < 1 or > MaxPosition ? $"position is {interaction.Position}; it lies from 1 to {MaxPosition}" : null)
            ?? (interaction.Value is { } value && !(Math.Abs(value) <= MaxValue) ? $"value is {value}; it is a number of at most {MaxValue:0}, above or below 0" : null)
            ?? (interaction.Kind == InteractionKind.Rating && interaction.Value is null ? "value is empty; a rating needs its grade there" : null);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Sale sale)
        => Id("product", sale.Product) ?? Text("store", sale.Store, MaxIdLength)
            ?? (Math.Abs(sale.Units) <= 1e12 ? null : $"units is {sale.Units}; it is a number of at most 1e12")
            ?? (sale.Promoted is < 0 or > 1 or double.NaN ? $"promoted is {sale.Promoted}; it lies from 0 to 1" : null)
            ?? Price("price", sale.Price) ?? Attributes(sale.Covariates);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Review review)
        => OptionalId("id", review.Id) ?? OptionalId("shopper", review.Shopper) ?? Id("product", review.Product)
            ?? Finite("rating", review.Rating) ?? Text("title", review.Title, MaxNameLength) ?? Text("text", review.Text, MaxTextLength)
            ?? (review.Rating is null && review.Title is null && review.Text is null ? "rating, title and text are all empty" : null);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(CompetitorPrice price)
        => Id("product", price.Product) ?? Id("competitor", price.Competitor) ?? Price("price", price.Price);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Search search)
    {
        string? reason = OptionalId("id", search.Id) ?? OptionalId("session", search.Session) ?? OptionalId("shopper", search.Shopper)
            ?? (search.Query.Length == 0 ? "query is empty" : Text("query", search.Query, MaxNameLength))
            ?? (search.Shown.Count > MaxShownCount ? $"shown has {search.Shown.Count} products; at most {MaxShownCount} are allowed" : null);
        for (int i = 0; i < search.Shown.Count && reason is null; i++)
        {
            reason = search.Shown[i].Contains(' ') ? $"shown has the id '{search.Shown[i]}' with a space in it" : Id("shown", search.Shown[i]);
        }

        for (int i = 0; i < search.Clicked.Count && reason is null; i++)
        {
            reason = search.Clicked[i] < 1 || search.Clicked[i] > search.Shown.Count
                ? $"clicked says place {search.Clicked[i]} of {search.Shown.Count} shown" : null;
        }

        return reason;
    }

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Judgment judgment)
        => (judgment.Query.Length == 0 ? "query is empty" : Text("query", judgment.Query, MaxNameLength))
            ?? Id("product", judgment.Product) ?? Finite("grade", judgment.Grade);

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Utterance utterance)
    {
        int tokenCount = utterance.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return (utterance.Text.Length == 0 ? "text is empty" : Text("text", utterance.Text, MaxTextLength))
            ?? Id("intent", utterance.Intent)
            ?? (utterance.Slots.Count != 0 && utterance.Slots.Count != tokenCount
                ? $"slots has {utterance.Slots.Count} tags for {tokenCount} tokens" : null)
            ?? (utterance.Split is null or "train" or "valid" or "test" ? null : $"split is '{utterance.Split}'; it is train, valid, test or empty");
    }

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(ShopText text)
        => Id("id", text.Id) ?? Text("topic", text.Topic, MaxIdLength)
            ?? (text.Title.Length == 0 ? "title is empty" : Text("title", text.Title, MaxNameLength))
            ?? (text.Text.Length == 0 ? "text is empty" : Text("text", text.Text, MaxTextLength));

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(Order order)
    {
        string? reason = Id("id", order.Id) ?? OptionalId("shopper", order.Shopper) ?? Id("status", order.Status)
            ?? OptionalId("carrier", order.Carrier) ?? OptionalId("tracking", order.Tracking) ?? OptionalId("postcode", order.Postcode)
            ?? (order.Products.Count > MaxShownCount ? $"products has {order.Products.Count} ids; at most {MaxShownCount} are allowed" : null);
        for (int i = 0; i < order.Products.Count && reason is null; i++)
        {
            reason = order.Products[i].Contains('|') ? $"products has the id '{order.Products[i]}' with a | in it" : Id("products", order.Products[i]);
        }

        return reason;
    }

    /// <inheritdoc cref="Check(Product)"/>
    public static string? Check(SplitPart part)
        => (part.Kind is "interaction" or "session" or "shopper" or "product"
                ? null : $"kind is '{part.Kind}'; it is interaction, session, shopper or product")
            ?? Id("id", part.Id)
            ?? (part.Part is "train" or "valid" or "test" || (part.Part.StartsWith("fold", StringComparison.Ordinal)
                    && int.TryParse(part.Part.AsSpan(4), out int fold) && fold > 0)
                ? null : $"part is '{part.Part}'; it is train, valid, test or fold1, fold2, …");

    /// <summary>The reason as a validator says it, with the field that it begins with.</summary>
    public static ValidationResult Result<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRecord>(string reason)
    {
        string? field = typeof(TRecord).GetProperties().Select(p => p.Name)
            .FirstOrDefault(name => reason.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase));
        return new ValidationResult(reason, field is null ? [] : [field]);
    }

    private static string? OptionalId(string field, string? id) => id is null ? null : Id(field, id);

    private static string? Id(string field, string id)
    {
        if (id.Length == 0)
        {
            return $"{field} is empty";
        }

        if (id.Length > MaxIdLength)
        {
            return $"{field} is {id.Length} characters long; at most {MaxIdLength} are allowed";
        }

        foreach (char c in id)
        {
            if (char.IsControl(c))
            {
                return $"{field} has a control character (U+{(int)c:X4}) in it";
            }
        }

        return char.IsWhiteSpace(id[0]) || char.IsWhiteSpace(id[^1]) ? $"{field} starts or ends with a space" : Unicode(field, id);
    }

    private static string? Text(string field, string? text, int maxLength)
        => text is null ? null
            : text.Length > maxLength ? $"{field} is {text.Length} characters long; at most {maxLength} are allowed"
            : text.Contains('\0') ? $"{field} has a NUL character in it"
            : Unicode(field, text);

    /// <summary>Half of a surrogate pair can't be written as UTF-8, so it would come back as something else.</summary>
    private static string? Unicode(string field, string text)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return $"{field} has half of a surrogate pair in it";
            }
        }

        return null;
    }

    private static string? Price(string field, decimal? price)
        => price is < 0 or > MaxPrice ? $"{field} is {price}; it lies from 0 to {MaxPrice}" : null;

    private static string? Finite(string field, double? value)
        => value is { } number && !double.IsFinite(number) ? $"{field} is {number}; it is a finite number" : null;

    /// <summary>A picture stays inside the shop folder, whatever the path's dialect.</summary>
    private static string? Image(string? image)
    {
        if (image is null)
        {
            return null;
        }

        string path = image.Replace('\\', '/');
        bool isInside = !path.StartsWith('/') && !path.Contains(':') && !path.Split('/').Contains("..");
        return isInside ? Text("image", image, MaxNameLength) : $"image '{image}' leads out of the shop folder; it is a path inside it";
    }

    private static string? Tags(IReadOnlyList<string> tags)
    {
        if (tags.Count > MaxTagCount)
        {
            return $"tags has {tags.Count}; at most {MaxTagCount} are allowed";
        }

        foreach (string tag in tags)
        {
            if (tag.Contains('|') || tag.Trim().Length != tag.Length || tag.Length == 0)
            {
                return $"the tag '{tag}' is empty, has a | in it, or starts or ends with a space";
            }

            if (Text("tags", tag, MaxIdLength) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? Attributes(IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.Count > MaxAttributeCount)
        {
            return $"there are {attributes.Count} attributes; at most {MaxAttributeCount} are allowed";
        }

        foreach ((string name, string value) in attributes)
        {
            string? reason = (name.Length == 0 ? "an attribute has no name" : Text("an attribute's name", name, MaxIdLength))
                ?? Text(name, value, MaxTextLength);
            if (reason is not null)
            {
                return reason;
            }
        }

        return null;
    }
}
