namespace Cartwright.Commerce.Search;

/// <summary>Where the words of a query stand in one product.</summary>
internal static class WordPlaces
{
    /// <returns>The segment's place in the view and the product's number in it; below 0 for a product that is not there.</returns>
    public static (int Place, int Doc) Locate(IndexView view, int product)
    {
        for (int place = view.Segments.Count - 1; place >= 0; place--)
        {
            int doc = view.Segments[place].Segment.Products.AsSpan().IndexOf(product);
            if (doc >= 0 && !view.Segments[place].IsDead(doc))
            {
                return (place, doc);
            }
        }

        return (-1, -1);
    }

    public static bool Has(IndexView view, Reading reading, int product)
    {
        (int place, int doc) = Locate(view, product);
        return place >= 0 && reading.Members[place].Any(member => view.Segments[place].Segment.DocsOf(member).BinarySearch(doc) >= 0);
    }

    /// <summary>All places of a reading's words in a product (<see cref="Place"/>).</summary>
    public static List<uint> Of(Segment segment, int doc, int[] members)
    {
        var places = new List<uint>();
        foreach (int member in members)
        {
            int at = segment.DocsOf(member).BinarySearch(doc);
            if (at >= 0)
            {
                places.AddRange(segment.PlacesOf(segment.PostingStart[member] + at));
            }
        }

        return places;
    }
}
