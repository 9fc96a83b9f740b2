using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Evaluation;

/// <summary>Lengths of lists: each from 1 to <see cref="Longest"/>, and none twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CutoffsAttribute : ValidationAttribute
{
    public const int Longest = 10_000;

    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is IReadOnlyList<int> cutoffs && Refusal(cutoffs) is { } refusal ? new ValidationResult(refusal) : ValidationResult.Success;

    private static string? Refusal(IReadOnlyList<int> cutoffs)
    {
        foreach (int cutoff in cutoffs)
        {
            if (cutoff is < 1 or > Longest)
            {
                return FormattableString.Invariant($"A cutoff is {cutoff}; each is 1 to {Longest:N0}.");
            }
        }

        return cutoffs.Distinct().Count() < cutoffs.Count
            ? $"A cutoff is there twice in {string.Join(", ", cutoffs)}; name each once."
            : null;
    }
}
