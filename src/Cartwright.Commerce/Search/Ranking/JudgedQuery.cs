using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Search;

/// <summary>A query and how well products answer it, as somebody judged, or as clicks tell.</summary>
/// <param name="Grades">By dense index; higher is better.</param>
internal sealed record JudgedQuery(string Query, IReadOnlyDictionary<int, float> Grades)
{
    /// <summary>In the order in which queries first occur. Of a pair that was judged twice the last word counts; products that are not there are left out.</summary>
    /// <param name="indexOf">Dense index of a product's id, or -1.</param>
    public static List<JudgedQuery> Of(IEnumerable<Judgment> judgments, Func<string, int> indexOf)
    {
        var order = new List<string>();
        var grades = new Dictionary<string, Dictionary<int, float>>(StringComparer.Ordinal);
        foreach (Judgment judgment in judgments)
        {
            int product = indexOf(judgment.Product);
            if (product < 0)
            {
                continue;
            }

            if (!grades.TryGetValue(judgment.Query, out Dictionary<int, float>? of))
            {
                order.Add(judgment.Query);
                grades.Add(judgment.Query, of = []);
            }

            of[product] = (float)judgment.Grade;
        }

        return [.. order.Select(query => new JudgedQuery(query, grades[query]))];
    }

    /// <summary>What clicks tell, with the places taken away by a click model: a product's attraction, once it was looked at often enough.</summary>
    public static List<JudgedQuery> OfClicks(IReadOnlyList<Catalog.Search> searches, Func<string, int> indexOf, CancellationToken cancellation)
    {
        const int FewestShown = 5;
        ClickLog log = ClickLog.Of(searches);
        var model = new UserBrowsingModel();
        model.Fit(log, cancellation);
        (double[] shown, _) = log.Count();
        return Of(log.NamesOfPairs().Select((names, pair) => (names, pair)).Where(at => shown[at.pair] >= FewestShown)
            .Select(at => new Judgment { Query = at.names.Query, Product = at.names.Product, Grade = model.Attraction(at.pair) }), indexOf);
    }

    /// <summary>The judgments of a folder's judgments.csv; none where it has no such file.</summary>
    public static List<Judgment> Read(string folder, CancellationToken cancellation)
    {
        using CsvRecords<Judgment>? records = ShopFolder.Open(folder).Read(new JudgmentsCsv(), new ImportLog());
        var judgments = new List<Judgment>();
        foreach (Judgment judgment in records?.Read() ?? [])
        {
            cancellation.ThrowIfCancellationRequested();
            judgments.Add(judgment);
        }

        return judgments;
    }

    /// <exception cref="ValidationException">There are fewer than needed.</exception>
    public static void ThrowIfTooFew(List<JudgedQuery> queries, string where, int needed)
    {
        if (queries.Count < needed)
        {
            throw new ValidationException($"{where} has judgments of {queries.Count:N0} queries and known products; at least {needed} are needed. They stand in judgments.csv with query, product and grade.");
        }
    }
}
