using System.Globalization;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>What a model takes and gives.</summary>
/// <param name="Bytes">Memory of its weights.</param>
/// <param name="ZeroShare">Share of its weights that are 0.</param>
/// <param name="Seconds">One answer: the shortest of several.</param>
/// <param name="Quality">Higher is better.</param>
public sealed record ModelCost(long Bytes, double ZeroShare, double Seconds, double Quality)
{
    private const int FewestAnswers = 15;
    private const int MostAnswers = 1000;

    /// <summary>Long enough for the compiler to be through with its tiers.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(0.3);

    /// <param name="quality">Measures it on data it hasn't seen.</param>
    /// <param name="answer">Answers once.</param>
    public static ModelCost Of(Module model, Func<double> quality, Action answer, TimeProvider clock)
    {
        double measured = quality();
        TimeSpan shortest = TimeSpan.MaxValue;
        long begin = clock.GetTimestamp();
        for (int i = 0; i < FewestAnswers || (i < MostAnswers && clock.GetElapsedTime(begin) < LongEnough); i++)
        {
            long start = clock.GetTimestamp();
            answer();
            TimeSpan elapsed = clock.GetElapsedTime(start);
            shortest = elapsed < shortest ? elapsed : shortest;
        }

        Tensor[] weights = [.. model.Parameters().Select(p => p.Value)];
        long compressed = model.Modules().Sum(module => module.Value.Compressed?.Bytes ?? 0);
        long count = Math.Max(1, weights.Sum(weight => (long)weight.Length));
        long zeros = weights.Sum(weight => (long)weight.Values.Count(0f));
        return new ModelCost((count * sizeof(float)) + compressed, (double)zeros / count, shortest.TotalSeconds, measured);
    }
}

/// <summary>What a model was before and after it was made smaller or quicker.</summary>
/// <param name="Method">"int8, dynamic".</param>
public sealed record CompressionReport(string Method, ModelCost Before, ModelCost After)
{
    /// <summary>How many times smaller.</summary>
    public double SizeRatio => (double)Before.Bytes / Math.Max(1, After.Bytes);

    /// <summary>How many times quicker.</summary>
    public double Speedup => Before.Seconds / Math.Max(1e-9, After.Seconds);

    /// <summary>Quality that was lost; below 0 where it was gained.</summary>
    public double QualityLoss => Before.Quality - After.Quality;

    /// <summary>Measures, compresses, measures again.</summary>
    /// <param name="method">What <paramref name="compress"/> does, in a word or two.</param>
    /// <param name="model">What is compressed in place.</param>
    /// <param name="quality">Of the model on data it hasn't seen, higher is better.</param>
    /// <param name="answer">Lets the model answer once.</param>
    /// <param name="compress">Makes it smaller, with all the training that belongs to it.</param>
    /// <param name="clock">Times the answers.</param>
    public static CompressionReport Measure(
        string method, Module model, Func<double> quality, Action answer, Action compress, TimeProvider clock)
    {
        ModelCost before = ModelCost.Of(model, quality, answer, clock);
        compress();
        return new CompressionReport(method, before, ModelCost.Of(model, quality, answer, clock));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Method}: {Before.Bytes / 1024.0:F1} to {After.Bytes / 1024.0:F1} KiB ({SizeRatio:F2} times smaller, {After.ZeroShare:P0} zeros), {Before.Seconds * 1e6:F0} to {After.Seconds * 1e6:F0} µs ({Speedup:F2} times quicker), quality {Before.Quality:F4} to {After.Quality:F4} (loss {QualityLoss:F4})");
}
