using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Measures how well baskets are completed, and how well it is told what a shopper buys next time; all products ranked, baselines beside it.</summary>
/// <example>cartwright recommendation evaluate-baskets --data ./shop-folder --protocol left-out --cutoff 10</example>
public sealed record EvaluateBasketsRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>"left-out": a product that is taken out of a basket is to be found by the others; "next-basket": all that a shopper buys next time; "repeats": of that, what they bought before.</summary>
    [BasketProtocol]
    public string Protocol { get; init; } = BasketProtocolAttribute.LeftOut;

    /// <summary>The trained model that completing a basket adds to what is counted. Only for "left-out".</summary>
    [ModelName]
    public string Model { get; init; } = "ease";

    /// <summary>Lengths of the list at which ranking is measured.</summary>
    [ItemCount(1, 10), Cutoffs]
    public IReadOnlyList<int> Cutoff { get; init; } = [10];

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes of the trained model over the data, at most.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}

/// <summary>How baskets are held out.</summary>
internal sealed class BasketProtocolAttribute() : OneOfAttribute("protocol")
{
    public const string LeftOut = "left-out";
    public const string NextBasket = "next-basket";
    public const string Repeats = "repeats";

    protected override IReadOnlyCollection<string> Allowed => [LeftOut, NextBasket, Repeats];
}
