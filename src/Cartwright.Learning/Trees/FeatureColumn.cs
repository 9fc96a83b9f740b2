namespace Cartwright.Learning.Trees;

/// <summary>One column of a table: numbers, or categories by their code.</summary>
public sealed class FeatureColumn
{
    /// <param name="name">What errors and importances call it.</param>
    /// <param name="values">One for each row; NaN where it is missing. Categories: whole numbers from 0 to below the count; others count as missing.</param>
    /// <param name="categoryCount">Categories that there are; 0 for numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public FeatureColumn(string name, float[] values, int categoryCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(categoryCount);
        Name = name;
        Values = values;
        CategoryCount = categoryCount;
    }

    public string Name { get; }

    public float[] Values { get; }

    public int CategoryCount { get; }

    public bool IsCategory => CategoryCount > 0;
}
