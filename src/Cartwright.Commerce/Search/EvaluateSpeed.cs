using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Search;

/// <summary>Measures how fast titles are indexed and found again, and how many are.</summary>
/// <example>cartwright search evaluate-speed --titles titles.tsv --queries queries.tsv</example>
public sealed record EvaluateSpeedRequest
{
    /// <summary>File of titles, one a line: its number, a tab, the title. Plain or .gz.</summary>
    [Required, PathField]
    public required string Titles { get; init; }

    /// <summary>File of queries, one a line: kind, tab, query, tab, the number of the title to find. Plain or .gz. Of the kind "prefix" the last word may be a beginning.</summary>
    [Required, PathField]
    public required string Queries { get; init; }

    /// <summary>How often everything is done; the best time counts.</summary>
    [Range(1, 100)]
    public int Rounds { get; init; } = 5;
}

/// <param name="Titles">Titles that were indexed.</param>
/// <param name="IndexSeconds">On one thread.</param>
/// <param name="TitlesPerSecond">Titles indexed in a second.</param>
/// <param name="IndexBytes">What the index takes in memory.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process while it was made.</param>
/// <param name="Kinds">By kind of query, in the order of the file.</param>
public sealed record EvaluateSpeedResponse(int Titles, double IndexSeconds, double TitlesPerSecond, long IndexBytes, long PeakMemoryBytes, IReadOnlyList<QuerySpeed> Kinds);

/// <param name="Found">Share of the queries whose title is among the first 20.</param>
/// <param name="MeanHits">Titles listed, 20 at most, in the mean.</param>
/// <param name="MedianMilliseconds">Time of a query, from the text to the list.</param>
/// <param name="P99Milliseconds">99 of 100 queries take no longer.</param>
public sealed record QuerySpeed(string Kind, int Queries, double Found, double MeanHits, double MedianMilliseconds, double P99Milliseconds);
