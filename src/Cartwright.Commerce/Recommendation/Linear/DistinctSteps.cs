using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a sequence has, each product once, its latest step: how the models that know no order read it.</summary>
/// <param name="Products">Rising.</param>
/// <param name="Stars">Of each product; NaN where the step is no rating.</param>
/// <param name="Places">Where the step of each stands in the sequence, from 0.</param>
internal readonly record struct DistinctSteps(int[] Products, float[] Stars, float[] Places)
{
    public static DistinctSteps Of(Steps steps)
    {
        ReadOnlySpan<float> values = steps.Values.Span;
        int[] products = steps.Products.ToArray();
        int[] order = [.. Enumerable.Range(0, products.Length)];
        Array.Sort(products, order);
        float[] stars = new float[products.Length];
        float[] places = new float[products.Length];
        int count = 0;
        for (int i = 0; i < products.Length;)
        {
            int product = products[i], latest = order[i];
            for (i++; i < products.Length && products[i] == product; i++)
            {
                latest = Math.Max(latest, order[i]);
            }

            products[count] = product;
            places[count] = latest;
            stars[count++] = values.IsEmpty ? float.NaN : values[latest];
        }

        return new DistinctSteps(products[..count], stars[..count], places[..count]);
    }

    /// <summary>Those of the latest steps.</summary>
    /// <param name="count">At most so many.</param>
    public DistinctSteps Latest(int count)
    {
        if (Products.Length <= count)
        {
            return this;
        }

        float first = Places.OrderDescending().ElementAt(count - 1);
        float[] places = Places;
        int[] kept = [.. Enumerable.Range(0, Products.Length).Where(i => places[i] >= first)];
        (int[] products, float[] stars) = (Products, Stars);
        return new DistinctSteps([.. kept.Select(i => products[i])], [.. kept.Select(i => stars[i])], [.. kept.Select(i => places[i])]);
    }

    /// <summary>Sequences by products: a number for each product that a sequence has.</summary>
    /// <param name="valuesOf">The numbers of one sequence, in the order of its products.</param>
    public static SparseRows Matrix(Sequences sequences, int productCount, Func<DistinctSteps, float[]> valuesOf)
    {
        int[] starts = new int[sequences.Count + 1];
        var products = new List<int>(sequences.StepCount);
        var values = new List<float>(sequences.StepCount);
        for (int s = 0; s < sequences.Count; s++)
        {
            DistinctSteps steps = Of(sequences.StepsOf(s));
            products.AddRange(steps.Products);
            values.AddRange(valuesOf(steps));
            starts[s + 1] = products.Count;
        }

        return new SparseRows(starts, [.. products], [.. values], productCount);
    }
}
