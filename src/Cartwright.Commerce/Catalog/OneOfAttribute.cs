using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>The field holds one of some names. A run with a wrong one is refused at the door, not after it has waited its turn.</summary>
/// <param name="what">What the names are of: "protocol".</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class OneOfAttribute(string what) : ValidationAttribute
{
    protected abstract IReadOnlyCollection<string> Allowed { get; }

    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string word && NearMiss.Refusal(what, word, Allowed) is { } refusal ? new ValidationResult(refusal) : ValidationResult.Success;
}
