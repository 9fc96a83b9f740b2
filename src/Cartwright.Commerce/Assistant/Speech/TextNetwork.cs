using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Writes down what is said: the encoder and one letter, or none, for each of its rows.</summary>
/// <remarks>Graves and Jaitly, "Towards End-to-End Speech Recognition with Recurrent Neural Networks", ICML 2014.</remarks>
internal sealed class TextNetwork(SpeechEncoderOptions options, Random random) : Module
{
    private readonly SpeechEncoder _encoder = new(options, random);
    private readonly Dense _letters = new(2 * options.Hidden, SpeechAlphabet.ClassCount, random);

    public SpeechEncoder Encoder => _encoder;

    protected override IEnumerable<Part> Parts => [new("encoder", _encoder), new("letters", _letters)];

    /// <returns>[tokens, <see cref="SpeechAlphabet.ClassCount"/>], the recordings one after the other.</returns>
    public Tensor Forward(SpeechBatch batch) => _letters.Forward(_encoder.Forward(batch));

    /// <param name="rows">Of the recording: [rows, bands].</param>
    /// <returns>ln of the chance of each letter: [tokens, <see cref="SpeechAlphabet.ClassCount"/>].</returns>
    public float[] Hear(float[] rows)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        return Forward(new SpeechBatch([rows])).LogSoftmax().ToArray();
    }
}
