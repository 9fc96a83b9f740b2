namespace Cartwright.Commerce.Vision;

/// <summary>Where in a picture its label is seen: a grid of numbers to draw over it.</summary>
/// <example>cartwright vision explain ./photo.jpg</example>
public sealed record ExplainRequest : PictureFields
{
    /// <summary>A picture on this machine.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }

    /// <summary>The label that is asked about; the likeliest where none is said.</summary>
    public string? Label { get; init; }
}

/// <param name="Label">What the grid is of.</param>
/// <param name="Chance">Of the label, from 0 to 1.</param>
/// <param name="Grid">14 rows of 14 cells that cover the picture: by how much the natural logarithm of the chance falls when the square of 3 by 3 cells around a cell is hidden. Less than 0 where hiding makes the label likelier.</param>
/// <param name="Hottest">The cell whose square is missed most.</param>
/// <param name="ChanceWithoutHottest">Of the label, with that square hidden.</param>
/// <param name="Tags">The likeliest labels.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record ExplainResponse(string Label, double Chance, IReadOnlyList<IReadOnlyList<double>> Grid, PictureCell Hottest, double ChanceWithoutHottest,
    IReadOnlyList<PictureTag> Tags, string Version);

/// <param name="Row">From 0, the top.</param>
/// <param name="Column">From 0, the left.</param>
public sealed record PictureCell(int Row, int Column);
