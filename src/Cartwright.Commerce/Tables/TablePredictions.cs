namespace Cartwright.Commerce.Tables;

/// <summary>What a model says of some rows.</summary>
/// <param name="Values">The number, in its own unit: [rows]; or the chance of each class: [rows, classes].</param>
/// <param name="Low">Lower end of the interval that holds four of five: [rows]; null where the model has none.</param>
/// <param name="High">Its upper end: [rows].</param>
internal sealed record TablePredictions(float[] Values, float[]? Low = null, float[]? High = null);

/// <summary>A model of a table's rows. One file each.</summary>
internal interface ITableModel
{
    /// <summary>"mean", "linear", "nearest-neighbors", "trees", "network" or "blend".</summary>
    string Name { get; }

    TablePredictions Predict(EncodedRows rows);
}

/// <summary>A model that can be part of a blend: it says what each column of a row adds to its answer.</summary>
internal interface IBlendableModel : ITableModel
{
    /// <param name="pair">The row, then the one it is compared with.</param>
    /// <param name="places">What the columns that models read were made of.</param>
    /// <returns>Parts that sum to the difference of the two answers, as they are mixed (<see cref="LearnedTarget.Mixed"/>); of classes, of the chance of the last one: [columns of the encoder].</returns>
    double[] Attribute(EncodedRows pair, TablePlaces places);
}

/// <summary>Rows to learn from and rows to choose by.</summary>
/// <param name="Target">What is predicted.</param>
/// <param name="Train">Rows to learn from, with their targets.</param>
/// <param name="Validation">Rows that choose settings, with their targets; at least one.</param>
internal sealed record TableLearning(LearnedTarget Target, (EncodedRows Rows, float[] Targets) Train, (EncodedRows Rows, float[] Targets) Validation)
{
    /// <summary>Both together, for models that learn again once their settings are chosen.</summary>
    public required (EncodedRows Rows, float[] Targets) All { get; init; }

    public required int Seed { get; init; }

    /// <summary>Passes over the rows of models that learn in passes, at most; null takes their own default.</summary>
    public int? Epochs { get; init; }

    public required TimeProvider Clock { get; init; }
}

/// <summary>The scale on which a number is learned: its logarithm or itself, in deviations from the mean.</summary>
internal sealed record TargetScale(bool IsLog, double Mean, double Deviation)
{
    public static TargetScale Of(bool isLog, IEnumerable<float> targets)
    {
        double[] values = [.. targets.Select(y => isLog ? Math.Log(y) : y)];
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(y => (y - mean) * (y - mean)));
        return new TargetScale(isLog, mean, deviation > 0 ? deviation : 1);
    }

    public float[] Scale(float[] targets) => Array.ConvertAll(targets, y => (float)(((IsLog ? Math.Log(y) : y) - Mean) / Deviation));

    public float Back(double scaled)
    {
        double value = (scaled * Deviation) + Mean;
        return (float)(IsLog ? Math.Exp(value) : value);
    }
}
