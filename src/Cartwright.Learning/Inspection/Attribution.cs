namespace Cartwright.Learning.Inspection;

/// <summary>How much each part of an input has to do with what a model says of it.</summary>
/// <param name="Values">One for each part; positive ones raise the score.</param>
/// <param name="Score">Of the input.</param>
/// <param name="BaselineScore">Of what it was compared with.</param>
public sealed record Attribution(float[] Values, double Score, double BaselineScore)
{
    /// <summary>What the values leave unexplained of the difference of the two scores.</summary>
    public double Residual => Score - BaselineScore - Values.Sum(value => (double)value);
}
