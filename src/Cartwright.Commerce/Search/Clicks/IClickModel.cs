namespace Cartwright.Commerce.Search;

/// <summary>Why results are clicked: because they were looked at and because they attract, told apart.</summary>
/// <remarks>Chuklin, Markov and de Rijke, "Click Models for Web Search", 2015, has them all in one notation.</remarks>
internal interface IClickModel
{
    /// <summary>Lower-case name from the paper: "pbm".</summary>
    string Name { get; }

    bool IsBaseline { get; }

    /// <summary>Learns from a log, anew.</summary>
    void Fit(ClickLog log, CancellationToken cancellation);

    /// <summary>Writes the chance of a click at each place, given what was clicked above it.</summary>
    void Follow(ClickPage page, Span<double> chances);

    /// <summary>Writes the chance of a click at each place before anything is clicked.</summary>
    void Foretell(ClickPage page, Span<double> chances);

    /// <summary>The chance that a pair's product is clicked once it is looked at, by the pair's number.</summary>
    double Attraction(int pair);
}
