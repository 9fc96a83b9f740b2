using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

internal sealed record SpeechEncoderOptions
{
    /// <summary>Channels of the second convolution; the first has half as many.</summary>
    [Range(4, 256)]
    public int Channels { get; init; } = 32;

    /// <summary>Numbers in a state of one direction; larger tells more apart and takes longer, with the square.</summary>
    [Range(8, 1024)]
    public int Hidden { get; init; } = 128;

    /// <summary>Recurrent layers, each reading the one before.</summary>
    [Range(1, 6)]
    public int Layers { get; init; } = 2;

    /// <summary>Share that is left out in training between the layers.</summary>
    [Range(0.0, 0.9)]
    public float Dropout { get; init; } = 0.2f;
}

/// <summary>Hears: two convolutions over time and bands, then recurrent layers that read from both ends. A row for every fiftieth of a second.</summary>
/// <remarks>
/// Amodei et al., "Deep Speech 2", ICML 2016, small: gated recurrent units, rows normalized each by itself (Ba et al., 2016) in place of over the
/// batch, so that a recording gets the same answer alone and among others.
/// </remarks>
internal sealed class SpeechEncoder(SpeechEncoderOptions options, Random random) : Module
{
    private const int BandsLeft = LogMel.BandCount / 4;

    private readonly Conv2d _first = new(1, options.Channels / 2, 3, random, new ConvOptions { Padding = 1, Stride = new Extent(1, 2) });
    private readonly Conv2d _second = new(options.Channels / 2, options.Channels, 3, random, new ConvOptions { Padding = 1, Stride = 2 });
    private readonly Dense _gather = new(options.Channels * BandsLeft, options.Hidden, random);
    private readonly LayerNorm _norm = new(options.Hidden);
    private readonly Gru _reader = new(options.Hidden, options.Hidden, random, options.Layers, isBidirectional: true, options.Dropout);
    private readonly Dropout _drop = new(options.Dropout);

    public SpeechEncoderOptions Options { get; } = options;

    /// <summary>Numbers in a row of the output.</summary>
    public int OutputSize => 2 * Options.Hidden;

    protected override IEnumerable<Part> Parts =>
        [new("first", _first), new("second", _second), new("gather", _gather), new("norm", _norm), new("reader", _reader), new("drop", _drop)];

    /// <returns>[tokens, <see cref="OutputSize"/>], the recordings one after the other, at <see cref="SpeechBatch.Offsets"/>.</returns>
    public Tensor Forward(SpeechBatch batch)
    {
        Tensor x = _first.Forward(batch.Rows, thenRelu: true) * batch.Mask;      // [batch, channels / 2, length, bands / 2], zeros behind the end
        x = _second.Forward(x, thenRelu: true);                                  // [batch, channels, length / 2, bands / 4]
        x = x.Transpose(0, 2, 1, 3).Reshape(-1, Options.Channels * BandsLeft);
        x = _norm.Forward(_gather.Forward(x.TakeRows(batch.Tokens)));            // [tokens, hidden]
        return _drop.Forward(_reader.Forward(_drop.Forward(x.Relu()), batch.Offsets).Output);
    }
}

/// <summary>Some recordings as the encoder takes them.</summary>
internal sealed class SpeechBatch
{
    /// <param name="recordings">[rows, bands] of each.</param>
    public SpeechBatch(IReadOnlyList<float[]> recordings)
    {
        int[] lengths = [.. recordings.Select(rows => rows.Length / LogMel.BandCount)];
        int longest = lengths.Max();
        float[] padded = new float[recordings.Count * longest * LogMel.BandCount];
        float[] mask = new float[recordings.Count * longest];
        Offsets = new int[recordings.Count + 1];
        var tokens = new List<int>();
        for (int i = 0; i < recordings.Count; i++)
        {
            recordings[i].CopyTo(padded, i * longest * LogMel.BandCount);
            mask.AsSpan(i * longest, lengths[i]).Fill(1);
            tokens.AddRange(Enumerable.Range(i * TokensOf(longest), TokensOf(lengths[i])));
            Offsets[i + 1] = tokens.Count;
        }

        Rows = Tensor.From(padded, recordings.Count, 1, longest, LogMel.BandCount);
        Mask = Tensor.From(mask, recordings.Count, 1, longest, 1);
        Tokens = [.. tokens];
    }

    /// <summary>[batch, 1, length, bands], zeros behind the end of each.</summary>
    public Tensor Rows { get; }

    /// <summary>1 where a recording is and 0 behind its end: [batch, 1, length, 1].</summary>
    public Tensor Mask { get; }

    /// <summary>Which of the encoder's rows, padding counted, belong to a recording.</summary>
    public int[] Tokens { get; }

    /// <summary>Recording i is the tokens Offsets[i] up to Offsets[i + 1].</summary>
    public int[] Offsets { get; }

    /// <summary>Rows of the encoder for so many of the sound.</summary>
    public static int TokensOf(int rows) => (rows + 1) / 2;
}
