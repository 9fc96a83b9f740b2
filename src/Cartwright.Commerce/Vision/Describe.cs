using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Drafts a listing from a picture: category, colors, attributes and a title, each with how sure it is.</summary>
/// <example>cartwright vision describe ./photo.jpg</example>
public sealed record DescribeRequest : PictureFields
{
    /// <summary>A picture on this machine.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }
}

/// <param name="Category">What the picture shows.</param>
/// <param name="Alternatives">What else it may show, likeliest first.</param>
/// <param name="Colors">Of what is shown, its background left aside; largest share first.</param>
/// <param name="Attributes">What the model tells of it, and what products that look like it have in common, where either is known to be right more often than the commonest value; surest first.</param>
/// <param name="Title">In the words of the shop's own titles, held to what was predicted; null where the version in service had no titles to learn from.</param>
/// <param name="LookAlikes">Products that look like it, most similar first.</param>
/// <param name="Version">The model version that looked.</param>
public sealed record DescribeResponse(PictureTag Category, IReadOnlyList<PictureTag> Alternatives, IReadOnlyList<DraftColor> Colors,
    IReadOnlyList<DraftValue> Attributes, DraftTitle? Title, IReadOnlyList<LookAlike> LookAlikes, string Version);

/// <param name="Name">As shops name it: "navy".</param>
/// <param name="Hex">The mean color itself: "#1e284b".</param>
/// <param name="Share">Of what is shown, from 0 to 1.</param>
/// <param name="Confidence">That it is called so, from 0.5, where another name is as near, to 1.</param>
public sealed record DraftColor(string Name, string Hex, double Share, double Confidence);

/// <param name="Name">As the catalog's attributes are named, or "brand".</param>
/// <param name="Confidence">How often guesses that are so sure are right, by pictures that were kept aside; from 0 to 1.</param>
/// <param name="Support">Share of the look-alikes that have it, weighted by similarity.</param>
/// <param name="From">"picture" where a layer of the model learned to tell it, "look-alikes" where those agree and too few pictures taught it.</param>
public sealed record DraftValue(string Name, string Value, double Confidence, double Support, string From);

/// <param name="Text">The title.</param>
/// <param name="Confidence">The mean confidence of what its words say, from 0 to 1.</param>
public sealed record DraftTitle(string Text, double Confidence);
