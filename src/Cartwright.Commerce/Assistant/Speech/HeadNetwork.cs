using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Tells what is said without its words: a head for each slot, which looks where in the recording its slot is spoken of.</summary>
/// <remarks>
/// Each head weighs the rows by an attention of its own (Bahdanau et al., ICLR 2015), as Serdyuk et al., "Towards End-to-End Spoken Language
/// Understanding", ICASSP 2018, weigh them all alike. One head is the classification of recordings.
/// </remarks>
/// <param name="classCounts">Classes of each head.</param>
internal sealed class HeadNetwork(SpeechEncoderOptions options, IReadOnlyList<int> classCounts, Random random) : Module
{
    private const int AttentionSize = 64;

    private readonly SpeechEncoder _encoder = new(options, random);
    private readonly AttentionPooling[] _pools = [.. classCounts.Select(_ => new AttentionPooling(2 * options.Hidden, AttentionSize, random))];
    private readonly Dense[] _heads = [.. classCounts.Select(classes => new Dense(2 * options.Hidden, classes, random))];

    public SpeechEncoder Encoder => _encoder;

    protected override IEnumerable<Part> Parts => [new("encoder", _encoder), .. Part.List("pools", _pools), .. Part.List("heads", _heads)];

    /// <returns>Of each head: [recordings, classes].</returns>
    public Tensor[] Forward(SpeechBatch batch)
    {
        Tensor x = _encoder.Forward(batch);
        return [.. _heads.Select((head, i) => head.Forward(_pools[i].Forward(x, batch.Offsets)))];
    }
}
