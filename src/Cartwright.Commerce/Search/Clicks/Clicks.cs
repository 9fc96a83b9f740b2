using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Shows how clicks fall with the place of a result, and how much of that is looking and how much attraction.</summary>
/// <example>cartwright search clicks --query "cast iron pan"</example>
public sealed record ClicksRequest
{
    /// <summary>Shop folder to read into memory; the shop's own searches where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Only pages of this query, with its products; all queries where none is given.</summary>
    public string? Query { get; init; }

    /// <summary>The model that tells looking and attraction apart: pbm, ubm, dbn or sdbn.</summary>
    [ClickModelName(takesAll: false)]
    public string Model { get; init; } = "ubm";

    /// <summary>Products of the query that are listed, most attractive first.</summary>
    [Range(0, 1_000)]
    public int Count { get; init; } = 10;
}

/// <param name="Searches">Pages of results that were read.</param>
/// <param name="Clicks">Clicks on them.</param>
/// <param name="Model">The model that told looking and attraction apart.</param>
/// <param name="Curve">From the top of the page.</param>
/// <param name="Results">Products of the query that was asked about, most attractive first; empty without a query.</param>
/// <param name="Summary">What it says, in a sentence or two.</param>
public sealed record ClicksResponse(int Searches, int Clicks, string Model, IReadOnlyList<ClickedPlace> Curve, IReadOnlyList<ClickedProduct> Results, string Summary);

/// <param name="Place">From 1.</param>
/// <param name="Shown">How often something stood there.</param>
/// <param name="Clicked">Share of them that was clicked.</param>
/// <param name="Examined">Share that was looked at, as the model tells.</param>
/// <param name="Attraction">Mean chance that what stood there is clicked once it is looked at.</param>
public sealed record ClickedPlace(int Place, int Shown, double Clicked, double Examined, double Attraction);

/// <param name="ProductId">The product.</param>
/// <param name="Shown">How often it was shown for the query.</param>
/// <param name="Clicked">Share of them that was clicked, wherever it stood.</param>
/// <param name="Attraction">Chance that it is clicked once it is looked at: what remains when its places are taken away.</param>
public sealed record ClickedProduct(string ProductId, int Shown, double Clicked, double Attraction);
