using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

internal sealed record NarmOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>How it is asked. Time grows with the square of the longest history.</summary>
    public SequenceAnswerOptions Answers { get; init; } = new() { MaxLength = 20 };

    /// <summary>Numbers per product and in the state; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    [Tuned(50, 200, IsLogarithmic = true)]
    public int HiddenSize { get; init; } = 100;

    /// <summary>Share of a product's numbers dropped where it is read; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0, 0.6)]
    public float InputDropout { get; init; } = 0.25f;

    /// <summary>Share of what was understood of a session dropped before products are scored.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0, 0.7)]
    public float StateDropout { get; init; } = 0.5f;
}

/// <summary>Predicts a session's next product from where the session went and what it was mainly about.</summary>
/// <remarks>
/// With states h_1 … h_t of gated units: global c_g = h_t; local c_l = Σ_j α_tj h_j, α_tj = v · σ(A₁ h_t + A₂ h_j); score of product i =
/// e_i · B [c_g; c_l]. Li et al., "Neural Attentive Session-based Recommendation", CIKM 2017. Differs: every step of a session is a target
/// in one pass in place of one example for each beginning, and softmax over drawn products where the catalog is large.
/// </remarks>
internal sealed class Narm : Module, ISequenceNetwork
{
    private readonly Embedding _products;
    private readonly Gru _gru;
    private readonly Dense _last;
    private readonly Dense _each;
    private readonly Dense _weight;
    private readonly Dense _decoder;
    private readonly Dropout _inputDropout;
    private readonly Dropout _stateDropout;

    public Narm(NarmOptions options, Random random)
    {
        int hidden = options.HiddenSize;
        _products = new Embedding(options.ProductCount, hidden, random);
        _gru = new Gru(hidden, hidden, random);
        _last = new Dense(hidden, hidden, random, hasBias: false);
        _each = new Dense(hidden, hidden, random, hasBias: false);
        _weight = new Dense(hidden, 1, random, hasBias: false);
        _decoder = new Dense(2 * hidden, hidden, random, hasBias: false);
        _inputDropout = new Dropout(options.InputDropout);
        _stateDropout = new Dropout(options.StateDropout);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), new("gru", _gru), new("last", _last), new("each", _each), new("weight", _weight),
        new("decoder", _decoder), new("input_dropout", _inputDropout), new("state_dropout", _stateDropout),
    ];

    Tensor ISequenceNetwork.Vectors(int[] products) => _products.Forward(products);

    Tensor ISequenceNetwork.Expected(Tensor vectors, SequenceBatch batch) => Forward(vectors, batch.Offsets);

    /// <param name="history">Vectors of the products of all sequences, oldest first: [tokens, hidden].</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <returns>B [c_g; c_l] after each product: [tokens, hidden].</returns>
    public Tensor Forward(Tensor history, int[] offsets)
    {
        Tensor states = _gru.Forward(_inputDropout.Forward(history), offsets).Output;
        (int[] last, int[] each, int[] pairs) = Pairs(offsets);
        Tensor agreement = (_last.Forward(states).TakeRows(last) + _each.Forward(states).TakeRows(each)).Sigmoid();
        Tensor weighted = states.TakeRows(each) * _weight.Forward(agreement);      // [pairs, hidden] * [pairs, 1]
        Tensor local = weighted.Bags([.. Enumerable.Range(0, each.Length)], pairs) * Counts(pairs);
        return _decoder.Forward(_stateDropout.Forward(Arrangement.Concat(1, states, local)));
    }

    /// <summary>For each token in turn, itself with every token of its sequence up to it.</summary>
    /// <returns>The token, the other, and where each token's pairs begin: token t has the pairs [Starts[t], Starts[t + 1]).</returns>
    private static (int[] Last, int[] Each, int[] Starts) Pairs(int[] offsets)
    {
        int[] starts = new int[offsets[^1] + 1];
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            for (int token = offsets[s]; token < offsets[s + 1]; token++)
            {
                starts[token + 1] = starts[token] + token - offsets[s] + 1;
            }
        }

        int[] last = new int[starts[^1]];
        int[] each = new int[starts[^1]];
        for (int token = 0; token + 1 < starts.Length; token++)
        {
            int count = starts[token + 1] - starts[token];
            for (int i = 0; i < count; i++)
            {
                last[starts[token] + i] = token;
                each[starts[token] + i] = token + 1 - count + i;
            }
        }

        return (last, each, starts);
    }

    private static Tensor Counts(int[] starts)
    {
        float[] counts = new float[starts.Length - 1];
        for (int t = 0; t < counts.Length; t++)
        {
            counts[t] = starts[t + 1] - starts[t];
        }

        return Tensor.From(counts, counts.Length, 1);
    }
}
