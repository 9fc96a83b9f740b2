using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public enum Gru4RecLoss
{
    /// <summary>Softmax over the candidates, corrected for how often each is drawn.</summary>
    CrossEntropy,

    /// <summary>The next product against the candidates that score best.</summary>
    BprMax,
}

public sealed record Gru4RecOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Longest history read for an answer, in products; older ones are left out. Learning reads whole sessions.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 50;

    /// <summary>Numbers per product and in the state; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    [Tuned(64, 256, IsLogarithmic = true)]
    public int HiddenSize { get; init; } = 128;

    /// <summary>Share of a product's numbers dropped where it is read; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0, 0.6)]
    public float InputDropout { get; init; } = 0.2f;

    /// <summary>Share of the state's numbers dropped after each step.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0, 0.6)]
    public float StateDropout { get; init; } = 0.2f;

    public Gru4RecLoss Loss { get; init; } = Gru4RecLoss.CrossEntropy;

    /// <summary>Products drawn for each batch as candidates beside the batch's own next products; larger learns more from a batch, slower.</summary>
    [Range(0, 1_000_000)]
    public int SampleCount { get; init; } = 1024;

    /// <summary>A product is drawn in proportion to its count to this power: 0 draws all alike, 1 by popularity.</summary>
    [Range(0.0, 1.0)]
    [Tuned(0, 1)]
    public float SampleExponent { get; init; } = 0.5f;

    /// <summary>Pulls the scores of candidates to 0 with <see cref="Gru4RecLoss.BprMax"/>; larger pulls harder.</summary>
    [Range(0.0, 10.0)]
    public float ScorePull { get; init; } = 0.9f;
}

/// <summary>Predicts a session's next product from the products before it.</summary>
/// <remarks>
/// Hidasi and Karatzoglou, "Recurrent Neural Networks with Top-k Gains for Session-based Recommendations", CIKM 2018: one layer of gated
/// units, one table of vectors for products that are read and products that are scored, candidates from the batch and drawn by popularity.
/// With two later changes of the authors' code: scores pass an ELU before BPR-max, and cross-entropy has the logQ correction. A score
/// includes what the product has of its own (its bias).
/// </remarks>
public sealed class Gru4Rec : Module
{
    private readonly Gru4RecOptions _options;
    private readonly Embedding _products;
    private readonly Embedding _biases;
    private readonly Gru _gru;
    private readonly Dropout _inputDropout;
    private readonly Dropout _stateDropout;

    public Gru4Rec(Gru4RecOptions options, Random random)
    {
        _options = options;

        // Glorot's deviation for a layer from the state to all products, as in the paper; it is far less than an embedding's usual one.
        _products = new Embedding(options.ProductCount, options.HiddenSize, random, MathF.Sqrt(2f / (options.ProductCount + options.HiddenSize)));
        _biases = new Embedding(options.ProductCount, 1, random, deviation: 0);
        _gru = new Gru(options.HiddenSize, options.HiddenSize, random);
        _gru.Load(FirstGates(options.HiddenSize, random));
        _inputDropout = new Dropout(options.InputDropout);
        _stateDropout = new Dropout(options.StateDropout);
    }

    /// <summary>[products, hidden]</summary>
    public Tensor Vectors => _products.Weight;

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), new("biases", _biases), new("gru", _gru), new("input_dropout", _inputDropout), new("state_dropout", _stateDropout),
    ];

    /// <summary>Glorot's bound for each gate by itself and no biases, as in the authors' code: vectors as small as these hardly move the gates of a layer's usual first values.</summary>
    private static Dictionary<string, Tensor> FirstGates(int size, Random random) => new(StringComparer.Ordinal)
    {
        ["weight_ih_l0"] = Initialize.Uniform(random, MathF.Sqrt(3f / size), 3 * size, size),
        ["weight_hh_l0"] = Initialize.Uniform(random, MathF.Sqrt(3f / size), 3 * size, size),
        ["bias_ih_l0"] = Initialize.Constant(0, 3 * size),
        ["bias_hh_l0"] = Initialize.Constant(0, 3 * size),
    };

    /// <param name="history">Dense product indexes of all sequences, oldest first: [tokens].</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <returns>The state after each product: [tokens, hidden].</returns>
    public Tensor Forward(int[] history, int[] offsets) => _gru.Forward(_products.Forward(history), offsets).Output;

    /// <summary>One step of several sessions side by side, for learning.</summary>
    /// <param name="products">The product that each session is at: [sessions].</param>
    /// <param name="state">The state before it, zeros for a new session: [sessions, hidden].</param>
    /// <returns>The state after it: [sessions, hidden].</returns>
    public Tensor Step(int[] products, Tensor state)
    {
        int[] offsets = [.. Enumerable.Range(0, products.Length + 1)];
        Tensor read = _inputDropout.Forward(_products.Forward(products));
        return _stateDropout.Forward(_gru.Forward(read, offsets, state.Reshape(1, products.Length, _options.HiddenSize)).Output);
    }

    /// <summary>A score for every product; the highest is expected next.</summary>
    /// <param name="states">[rows, hidden]</param>
    /// <returns>[rows, products]</returns>
    public Tensor Scores(Tensor states) => states.Affine(_products.Weight, _biases.Weight.Reshape(_options.ProductCount));

    /// <summary>The mean over the sessions. Every session's next product is a candidate for all of them, and so are the samples.</summary>
    /// <param name="states">[sessions, hidden]</param>
    /// <param name="next">The product that followed in each session: [sessions].</param>
    /// <param name="samples">Products drawn by popularity; repeats count twice.</param>
    /// <param name="logQ">ln of how often each candidate is drawn, the sessions' own first, up to a constant: [sessions + samples].</param>
    public Tensor Loss(Tensor states, int[] next, int[] samples, float[] logQ)
    {
        int[] candidates = [.. next, .. samples];
        int[] targets = [.. Enumerable.Range(0, next.Length)];
        Tensor biases = _biases.Forward(candidates).Reshape(candidates.Length);
        if (_options.Loss == Gru4RecLoss.BprMax)
        {
            return BprMax.Loss(states.Affine(_products.Forward(candidates), biases).Elu(), targets, _options.ScorePull);
        }

        return CrossEntropy.Loss(states.Affine(_products.Forward(candidates), biases - Tensor.From(logQ, logQ.Length)), targets);
    }
}
