using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a pipeline must keep to: the ranges of its fields, and what they say together.</summary>
internal static class PipelineCheck
{
    /// <exception cref="InvalidRequestException">What is wrong, by field as it stands in the request: "pipeline.rules[2].strength".</exception>
    public static void Require(RecommendationPipeline pipeline)
    {
        RequestValidation.ValidateAt(pipeline, "pipeline");
        foreach ((string model, double weight) in pipeline.Weights)
        {
            string field = $"pipeline.weights.{model}";
            RequireModel(model, field);
            if (weight is < 0 or > 1_000 || double.IsNaN(weight))
            {
                throw new InvalidRequestException(field, FormattableString.Invariant($"The weight of {model} is {weight}; it is 0 to 1,000."));
            }
        }

        if (pipeline.Exploration is { } exploration)
        {
            RequestValidation.ValidateAt(exploration, "pipeline.exploration");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < pipeline.Rules.Count; i++)
        {
            RequireRule(pipeline.Rules[i], $"pipeline.rules[{i}]", ids);
        }
    }

    private static void RequireRule(MerchandisingRule rule, string path, HashSet<string> ids)
    {
        RequestValidation.ValidateAt(rule, path);
        if (!ids.Add(rule.Id))
        {
            throw new InvalidRequestException($"{path}.id", $"Two rules have the id '{rule.Id}': give each its own.");
        }

        if (rule.Until <= rule.From)
        {
            throw new InvalidRequestException($"{path}.until",
                FormattableString.Invariant($"The rule '{rule.Id}' ends at {rule.Until:u}, before it begins at {rule.From:u}: change one of them."));
        }

        foreach ((string field, string? value) in new[] { ("category", rule.Category is { } category ? CategoryPath.Normalize(category) ?? "" : null), ("brand", rule.Brand), ("tag", rule.Tag) })
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
            {
                throw new InvalidRequestException($"{path}.{field}", $"The {field} of the rule '{rule.Id}' is empty: name one, or leave the field out.");
            }
        }

        if (rule.Attributes.FirstOrDefault(one => string.IsNullOrWhiteSpace(one.Key) || string.IsNullOrWhiteSpace(one.Value)) is { Key: { } name } blank)
        {
            throw new InvalidRequestException($"{path}.attributes", $"The rule '{rule.Id}' names the attribute '{name}' with the value '{blank.Value}': give both a name and a value, or leave it out.");
        }

        if (rule is { ProductIds.Count: 0, Category: null, Brand: null, Tag: null, Attributes.Count: 0 })
        {
            throw new InvalidRequestException($"{path}.productIds", $"The rule '{rule.Id}' is about every product. Name products, a category, a brand, a tag or attributes.");
        }
    }

    private static void RequireModel(string model, string field)
    {
        try
        {
            _ = RecommendationModels.Named(model);
        }
        catch (ValidationException unknown)
        {
            throw new InvalidRequestException(field, unknown.Message);
        }
    }

    /// <summary>Refuses rules about products and categories that the shop does not have. A brand, a tag or an attribute may be named before the first product has it.</summary>
    /// <param name="standing">Rules in service: what they name may go on standing in the pipeline though it was removed since.</param>
    /// <exception cref="InvalidRequestException">A rule names a product or category that is not there; it says which, by field: "pipeline.rules[2].productIds".</exception>
    public static void RequireKnown(RecommendationPipeline pipeline, IReadOnlyList<MerchandisingRule> standing, LiveShop shop)
    {
        var known = new KnownNames(shop);
        HashSet<string> products = [.. standing.SelectMany(rule => rule.ProductIds)];
        var categories = standing.Select(rule => rule.Category is { } category ? CategoryPath.Normalize(category) : null).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < pipeline.Rules.Count; i++)
        {
            MerchandisingRule rule = pipeline.Rules[i];
            Require($"pipeline.rules[{i}].productIds", rule, rule.ProductIds.Where(id => !products.Contains(id)).Select(known.RefuseProduct).FirstOrDefault(refused => refused is not null));
            Require($"pipeline.rules[{i}].category", rule,
                rule.Category is { } category && CategoryPath.Normalize(category) is { } path && !categories.Contains(path) ? known.RefuseCategory(path) : null);
        }

        static void Require(string field, MerchandisingRule rule, string? refusal)
        {
            if (refusal is not null)
            {
                throw new InvalidRequestException(field, $"{refusal} The rule '{rule.Id}' is about it, so nothing was changed.");
            }
        }
    }
}
