using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Inventory;

/// <summary>How large a <see cref="DeepAr"/> is, and what it predicts.</summary>
internal sealed record DeepArOptions
{
    /// <summary>Numbers that describe a period.</summary>
    public required int InputSize { get; init; }

    /// <summary>True for small counts: negative binomial. False for what sells in large numbers: normal in ln(1 + units).</summary>
    public required bool IsCount { get; init; }

    public int HiddenSize { get; init; } = 48;

    public int LayerCount { get; init; } = 2;

    /// <summary>Share dropped between layers in training, 0 to below 1.</summary>
    public float Dropout { get; init; } = 0.1f;
}

/// <summary>One recurrent network for all series: reads what each sold up to an origin, then the plan alone, and gives a distribution for each period.</summary>
/// <remarks>
/// Salinas, Flunkert, Gasthaus and Januschowski, "DeepAR: Probabilistic Forecasting with Autoregressive Recurrent Networks", 2020. Differs from the
/// paper: behind the origin it reads no draws of its own, so that one pass forecasts the whole horizon and errors do not feed on themselves; series are
/// brought to one scale by their profile of weekdays and promotions in place of their mean; GRU in place of LSTM.
/// </remarks>
internal sealed class DeepAr(DeepArOptions options, Random random) : Module
{
    private const float MostLog = 16;

    private readonly Gru _gru = new(options.InputSize, options.HiddenSize, random, options.LayerCount, dropout: options.Dropout);
    private readonly Dense _head = new(options.HiddenSize, 2, random);

    public DeepArOptions Options => options;

    protected override IEnumerable<Part> Parts => [new("gru", _gru), new("head", _head)];

    /// <param name="inputs">[batch, length, InputSize]</param>
    /// <param name="places">Of the periods that are asked about, by their place among all [batch · length].</param>
    /// <returns>How far the center is from the profile, and how certain that is: two of [places].</returns>
    public (Tensor Offset, Tensor Width) Forward(Tensor inputs, int[] places)
    {
        (int batch, int length) = (inputs.Shape[0], inputs.Shape[1]);
        int[] lengths = new int[batch];
        Array.Fill(lengths, length);
        Tensor states = _gru.ForwardPadded(inputs, lengths).Output.Reshape(batch * length, options.HiddenSize);
        Tensor heads = _head.Forward(states.TakeRows(places));             // [places, 2]
        return (heads.Select(1, 0), heads.Select(1, 1));
    }

    /// <param name="profiles">What is ordinary for each place, in ln(1 + units): [places].</param>
    /// <param name="units">What was sold: [places].</param>
    /// <returns>The mean of -ln of the likelihood: a scalar.</returns>
    public Tensor Loss(Tensor inputs, int[] places, float[] profiles, float[] units)
    {
        (Tensor offset, Tensor width) = Forward(inputs, places);
        Tensor profile = Tensor.From(profiles, profiles.Length);
        if (options.IsCount)
        {
            return NegativeBinomialLikelihood.Loss((offset + profile).Clip(-MostLog, MostLog).Exp(), width.Softplus(), Tensor.From(units, units.Length));
        }

        float[] logs = Array.ConvertAll(units, u => MathF.Log(1 + u));
        return GaussianLikelihood.Loss(offset + profile, width, Tensor.From(logs, logs.Length));
    }
}
