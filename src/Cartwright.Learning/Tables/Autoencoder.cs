using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tables;

public sealed record AutoencoderOptions
{
    /// <summary>Numbers of a row, 1 or more.</summary>
    public required int InputSize { get; init; }

    /// <summary>Numbers that a row is put into, 1 or more: fewer keep only what rows have in common.</summary>
    public int CodeSize { get; init; } = 6;

    /// <summary>Width of the hidden layers, 1 or more.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>Share of a row's numbers that are hidden while learning, from 0 to below 1, so that the others have to tell them.</summary>
    public float HiddenShare { get; init; } = 0.1f;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CodeSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HiddenSize, 1);
        Ranges.ThrowUnlessBelowOne(HiddenShare);
    }
}

/// <summary>Puts rows of numbers into a few numbers and back: rows alike have codes alike, and a row that comes back wrong is like none learned from.</summary>
/// <remarks>
/// Hinton and Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", Science 2006; numbers are hidden while learning as in Vincent
/// et al., "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008. Differs from both: trained at once, without layer-wise
/// beginnings. Scale the numbers to mean 0 and deviation 1 before.
/// </remarks>
public sealed class Autoencoder : Module
{
    private readonly Dropout _hiding;
    private readonly Dense _encoder;
    private readonly Dense _code;
    private readonly Dense _decoder;
    private readonly Dense _output;

    /// <param name="options">Sizes.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public Autoencoder(AutoencoderOptions options, Random random)
    {
        options.Validate();
        Options = options;
        _hiding = new Dropout(options.HiddenShare);
        _encoder = new Dense(options.InputSize, options.HiddenSize, random);
        _code = new Dense(options.HiddenSize, options.CodeSize, random);
        _decoder = new Dense(options.CodeSize, options.HiddenSize, random);
        _output = new Dense(options.HiddenSize, options.InputSize, random);
    }

    public AutoencoderOptions Options { get; }

    protected internal override IEnumerable<Part> Parts =>
        [new("hiding", _hiding), new("encoder", _encoder), new("code", _code), new("decoder", _decoder), new("output", _output)];

    /// <param name="x">[rows, InputSize]</param>
    /// <returns>[rows, CodeSize]</returns>
    public Tensor Encode(Tensor x) => _code.Forward(_encoder.Forward(_hiding.Forward(x), Activation.Gelu));

    /// <param name="x">[rows, InputSize]</param>
    /// <returns>The rows as far as their codes can tell them: [rows, InputSize].</returns>
    public Tensor Forward(Tensor x) => _output.Forward(_decoder.Forward(Encode(x), Activation.Gelu));

    /// <param name="x">[rows, InputSize]</param>
    /// <returns>Mean squared difference of the rows and what comes back: a scalar.</returns>
    public Tensor Loss(Tensor x) => MeanSquaredError.Loss(Forward(x), x);
}
