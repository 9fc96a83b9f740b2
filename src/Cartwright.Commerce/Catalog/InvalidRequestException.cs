using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>A request that breaks the rules of its record: which fields, and how.</summary>
public sealed class InvalidRequestException(IReadOnlyDictionary<string, string[]> errors)
    : ValidationException(string.Join(' ', errors.Values.SelectMany(messages => messages)))
{
    public InvalidRequestException(string field, string message)
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] })
    {
    }

    /// <summary>Messages by field, named as in JSON: "interactions[3].price".</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}
