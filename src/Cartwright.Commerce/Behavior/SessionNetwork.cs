using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Behavior;

/// <summary>How large a <see cref="SessionNetwork"/> is.</summary>
internal sealed record SessionNetworkOptions
{
    /// <summary>Products with a vector of their own, numbered from 1; 0 is every other. Categories and brands likewise.</summary>
    public required int ProductCount { get; init; }

    public required int CategoryCount { get; init; }

    public required int BrandCount { get; init; }

    /// <summary>Numbers that describe an event.</summary>
    public int NumberCount { get; init; } = SessionReader.Names.Length;

    public int HiddenSize { get; init; } = 64;

    public int ProductSize { get; init; } = 12;

    /// <summary>Numbers of a kind, a category and a brand.</summary>
    public int NameSize { get; init; } = 8;

    /// <summary>Share dropped of what is read and of the state in training, 0 to below 1.</summary>
    public float Dropout { get; init; } = 0.15f;
}

/// <summary>Tells after every event of a session how it will end and what comes next.</summary>
/// <remarks>
/// A GRU over events, as Sheil, Rana and Reilly, "Predicting purchasing intent: Automatic Feature Learning using Recurrent Neural Networks", SIGIR
/// eCom 2018, read clicks. Differs from the paper: it answers after every event and not at the end alone, tells purchase, abandonment and leaving apart and
/// the next action with them, and reads numbers of price, time and the shopper's past beside the vectors. What can't be any more has no chance: after a
/// cart a session does not end without one.
/// </remarks>
internal sealed class SessionNetwork : Module
{
    public const int OutcomeCount = 3;

    private const float Never = -30;
    private const float ActionWeight = 0.5f;
    private const float SmallDeviation = 0.1f;

    private readonly Embedding _kinds;
    private readonly Embedding _products;
    private readonly Embedding _categories;
    private readonly Embedding _brands;
    private readonly Dense _reading;
    private readonly Gru _gru;
    private readonly Dense _joining;
    private readonly Dense _outcome;
    private readonly Dense _action;
    private readonly Dropout _dropout;

    public SessionNetwork(SessionNetworkOptions options, Random random)
    {
        Options = options;
        _kinds = new Embedding(SessionAction.Count, options.NameSize, random, SmallDeviation);
        _products = new Embedding(options.ProductCount + 1, options.ProductSize, random, SmallDeviation);
        _categories = new Embedding(options.CategoryCount + 1, options.NameSize, random, SmallDeviation);
        _brands = new Embedding(options.BrandCount + 1, options.NameSize, random, SmallDeviation);
        _reading = new Dense(options.ProductSize + (3 * options.NameSize) + options.NumberCount, options.HiddenSize, random);
        _gru = new Gru(options.HiddenSize, options.HiddenSize, random);
        _joining = new Dense(2 * options.HiddenSize, options.HiddenSize, random);
        _outcome = new Dense(options.HiddenSize, OutcomeCount, random);
        _action = new Dense(options.HiddenSize, SessionAction.Count, random);
        _dropout = new Dropout(options.Dropout);
    }

    public SessionNetworkOptions Options { get; }

    protected override IEnumerable<Part> Parts =>
    [
        new("kinds", _kinds), new("products", _products), new("categories", _categories), new("brands", _brands), new("reading", _reading),
        new("gru", _gru), new("joining", _joining), new("outcome", _outcome), new("action", _action), new("dropout", _dropout),
    ];

    /// <param name="hidden">The state before the first event of each session: [1, sessions, hidden]; zeros where it is null.</param>
    /// <returns>Logits of <see cref="SessionOutcome"/> [events, 3] and of <see cref="SessionAction"/> [events, 8], and the state after each event [events, hidden].</returns>
    public (Tensor Outcomes, Tensor Actions, Tensor States) Forward(SessionBatch batch, Tensor? hidden = null)
    {
        Tensor numbers = Tensor.From(batch.Numbers, batch.TokenCount, Options.NumberCount);
        Tensor read = _reading.Forward(Arrangement.Concat(1, _kinds.Forward(batch.Kinds), _products.Forward(batch.Products),
            _categories.Forward(batch.Categories), _brands.Forward(batch.Brands), numbers), Activation.Relu);
        read = _dropout.Forward(read);
        Tensor states = _gru.Forward(read, batch.Offsets, hidden).Output;
        Tensor joined = _joining.Forward(Arrangement.Concat(1, _dropout.Forward(states), read), Activation.Relu);
        return (_outcome.Forward(joined) + Impossible(batch), _action.Forward(joined), states);
    }

    /// <returns>The mean over the events: a scalar.</returns>
    public Tensor Loss(SessionBatch batch)
    {
        (Tensor outcomes, Tensor actions, _) = Forward(batch);
        return CrossEntropy.Loss(outcomes, batch.Outcomes, new() { IgnoreIndex = SessionBatch.NoTarget }) + CrossEntropy.Loss(actions, batch.Next).Scale(ActionWeight);
    }

    private static Tensor Impossible(SessionBatch batch)
    {
        float[] added = new float[batch.TokenCount * OutcomeCount];
        for (int i = 0; i < batch.TokenCount; i++)
        {
            added[(i * OutcomeCount) + (int)SessionOutcome.Leaving] = batch.HasCart[i] ? Never : 0;
        }

        return Tensor.From(added, batch.TokenCount, OutcomeCount);
    }
}
