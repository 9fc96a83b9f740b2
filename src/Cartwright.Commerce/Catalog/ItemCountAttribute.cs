using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Cartwright.Commerce.Catalog;

/// <summary>How many items a list may hold.</summary>
/// <remarks>In place of <see cref="MinLengthAttribute"/> and <see cref="MaxLengthAttribute"/>, which reflect and break trimming.</remarks>
/// <param name="least">0 or more.</param>
/// <param name="most">No fewer than <paramref name="least"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemCountAttribute(int least, int most) : ValidationAttribute
{
    /// <summary>"1 to 10", or "at most 200" where none is as good.</summary>
    public string Words => least == 0 ? FormattableString.Invariant($"at most {most:#,0}") : FormattableString.Invariant($"{least:#,0} to {most:#,0}");

    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        int? count = (value as ICollection)?.Count ?? (value as IEnumerable)?.Cast<object?>().Count();
        return count is null || (count >= least && count <= most)
            ? ValidationResult.Success
            : new ValidationResult(string.Create(CultureInfo.InvariantCulture,
                $"The field {validationContext.DisplayName} has {count:#,0} items; it takes {Words} of them."));
    }
}
