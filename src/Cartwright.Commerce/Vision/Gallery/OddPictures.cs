using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Vision;

/// <summary>Tells how unlike known pictures others are: by what an autoencoder of their embeddings can't give back.</summary>
/// <remarks>
/// A half of the known pictures is judged by what was learned from the other half, so that nothing is usual only because it was learned by heart.
/// Others are judged by both.
/// </remarks>
internal sealed class OddPictures
{
    /// <summary>Known pictures below which nothing is usual.</summary>
    public const int FewestPictures = 20;

    private const int Halves = 2;
    private const int CodeSize = 16;
    private const int HiddenSize = 128;

    private readonly int _width;
    private readonly (float[] Means, float[] Deviations) _scale;
    private readonly Autoencoder[] _networks = new Autoencoder[Halves];

    /// <param name="known">Embeddings of the known pictures: [pictures, width].</param>
    public OddPictures(float[] known, int width, int seed, TimeProvider clock, CancellationToken cancellation)
    {
        _width = width;
        _scale = EmbeddingScale.Of(known, width);
        float[] scaled = EmbeddingScale.Apply(known, _scale);
        int count = known.Length / width;
        int[] order = [.. Enumerable.Range(0, count)];
        Seeds.Random((ulong)seed, 5).Shuffle(order);
        KnownErrors = new double[count];
        for (int half = 0; half < Halves; half++)
        {
            int of = half;
            var network = new Autoencoder(new AutoencoderOptions { InputSize = width, CodeSize = CodeSize, HiddenSize = HiddenSize }, Seeds.Random((ulong)seed, (ulong)half));
            _networks[half] = network;
            AutoencoderTraining.Fit(network, Take(scaled, [.. order.Where((_, i) => i % Halves != of)]), seed, clock, cancellation: cancellation);
            network.IsTraining = false;
            int[] others = [.. order.Where((_, i) => i % Halves == of)];
            double[] errors = Errors(network, Take(scaled, others));
            for (int i = 0; i < others.Length; i++)
            {
                KnownErrors[others[i]] = errors[i];
            }
        }

        Usual = Math.Max(1e-9, KnownErrors.Order().ElementAt(count / 2));
    }

    /// <summary>Of each known picture.</summary>
    public double[] KnownErrors { get; }

    /// <summary>The error of the median known picture.</summary>
    public double Usual { get; }

    /// <param name="embeddings">[pictures, width]</param>
    public double[] Errors(float[] embeddings)
    {
        float[] scaled = EmbeddingScale.Apply(embeddings, _scale);
        double[][] errors = [.. _networks.Select(network => Errors(network, scaled))];
        return [.. errors[0].Zip(errors[1], (one, other) => (one + other) / Halves)];
    }

    /// <summary>Share of known pictures that come back better.</summary>
    public double Percentile(double error) => KnownErrors.Count(known => known < error) / (double)KnownErrors.Length;

    private double[] Errors(Autoencoder network, float[] scaled)
    {
        float[] back = AutoencoderTraining.Reconstruct(network, scaled);
        return [.. Enumerable.Range(0, scaled.Length / _width).Select(row =>
        {
            float distance = System.Numerics.Tensors.TensorPrimitives.Distance<float>(scaled.AsSpan(row * _width, _width), back.AsSpan(row * _width, _width));
            return (double)distance * distance / _width;
        })];
    }

    private float[] Take(float[] rows, int[] which) => [.. which.SelectMany(row => rows.AsSpan(row * _width, _width).ToArray())];
}
