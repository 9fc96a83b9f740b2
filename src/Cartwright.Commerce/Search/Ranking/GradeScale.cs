namespace Cartwright.Commerce.Search;

/// <summary>What grades are worth in a list.</summary>
/// <param name="Lowest">Worth nothing, as is a product that nobody judged.</param>
/// <param name="Highest">No grade lies above it.</param>
internal sealed record GradeScale(float Lowest, float Highest)
{
    /// <summary>Steps from the lowest to the highest, at most, so that one product does not outweigh a thousand.</summary>
    private const float MostSteps = 5;

    /// <summary>The scale of some grades: where all are the same they are all good.</summary>
    public static GradeScale Of(IReadOnlyCollection<float> grades) =>
        grades.Min() < grades.Max() ? new GradeScale(grades.Min(), grades.Max()) : new GradeScale(grades.Min() - 1, grades.Max());

    /// <summary>2 to the steps above the lowest grade, less 1: of grades from 0 to 3 a 3 gives 7, and NaN, that nobody judged, 0.</summary>
    /// <remarks>Burges et al., "Learning to Rank using Gradient Descent", ICML 2005, section 6.</remarks>
    public double Gain(float grade) => float.IsNaN(grade) ? 0
        : Math.Pow(2, Math.Clamp(grade - Lowest, 0, Highest - Lowest) * Math.Min(1, MostSteps / (Highest - Lowest))) - 1;

    /// <summary>Whether a grade is better than the lowest.</summary>
    public bool IsGood(float grade) => grade > Lowest;

    /// <summary>Gain by place against that of the best order: 1 where no order is better; null where nothing is good.</summary>
    /// <param name="grades">In the order of the list; NaN where nobody judged.</param>
    /// <param name="judged">All grades of the query, whether their products are in the list or not.</param>
    /// <param name="cutoff">Places that count.</param>
    public double? Ndcg(IEnumerable<float> grades, IEnumerable<float> judged, int cutoff)
    {
        double ideal = Discounted(judged.OrderDescending(), cutoff);
        return ideal > 0 ? Discounted(grades, cutoff) / ideal : null;
    }

    private double Discounted(IEnumerable<float> grades, int cutoff)
    {
        double sum = 0;
        int place = 0;
        foreach (float grade in grades.Take(cutoff))
        {
            sum += Gain(grade) / Math.Log2(place + 2);
            place++;
        }

        return sum;
    }
}
