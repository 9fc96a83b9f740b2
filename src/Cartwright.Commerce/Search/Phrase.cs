namespace Cartwright.Commerce.Search;

/// <summary>Words that must stand one behind the other in one field, since they were typed in quotation marks.</summary>
/// <param name="Text">As it was typed, without the marks.</param>
/// <param name="Words">Folded, in their order; two at least.</param>
internal sealed record Phrase(string Text, IReadOnlyList<string> Words)
{
    /// <param name="matches">The query's words as they are read in the index.</param>
    /// <param name="place">Of the segment in the view.</param>
    /// <param name="doc">The product's number in the segment.</param>
    public bool StandsIn(IReadOnlyList<WordMatch> matches, Segment segment, int place, int doc)
    {
        HashSet<uint>? ends = null;
        foreach (string word in Words)
        {
            WordMatch match = matches.First(match => match.Word.Text == word);
            IEnumerable<uint> places = WordPlaces.Of(segment, doc, [.. match.Readings.SelectMany(reading => reading.Members[place])]);
            ends = [.. ends is null ? places : places.Where(at => ends.Contains(at - 1))];
            if (ends.Count == 0)
            {
                return false;
            }
        }

        return true;
    }
}
