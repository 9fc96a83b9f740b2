using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a pipeline must keep to: the ranges of its fields, and what they say together.</summary>
internal static class PipelineCheck
{
    /// <exception cref="ValidationException">The first thing that is wrong, and what to do.</exception>
    public static void Require(RecommendationPipeline pipeline)
    {
        RequestValidation.Validate(pipeline);
        foreach ((string model, double weight) in pipeline.Weights)
        {
            _ = RecommendationModels.Named(model);
            if (weight is < 0 or > 1_000 || double.IsNaN(weight))
            {
                throw new ValidationException(FormattableString.Invariant($"The weight of {model} is {weight}; it is 0 to 1,000."));
            }
        }

        if (pipeline.Exploration is { } exploration)
        {
            RequestValidation.Validate(exploration);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (MerchandisingRule rule in pipeline.Rules)
        {
            RequestValidation.Validate(rule);
            if (!ids.Add(rule.Id))
            {
                throw new ValidationException($"Two rules have the id '{rule.Id}': give each its own.");
            }

            if (rule.Until <= rule.From)
            {
                throw new ValidationException(FormattableString.Invariant($"The rule '{rule.Id}' ends at {rule.Until:u}, before it begins at {rule.From:u}: change one of them."));
            }

            if (rule is { ProductIds.Count: 0, Category: null, Brand: null, Tag: null, Attributes.Count: 0 })
            {
                throw new ValidationException($"The rule '{rule.Id}' is about every product. Name products, a category, a brand, a tag or attributes.");
            }
        }
    }
}
