using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class VoiceListenerTests
{
    private readonly List<double> _heard = [];

    [Fact]
    public async Task Partial_texts_come_while_somebody_speaks_and_the_final_one_at_a_pause()
    {
        VoiceListener listener = Listener();
        var pieces = new List<HeardPiece>();

        foreach (short[] sound in Chunks([.. Silence(0.5), .. Speech(2), .. Silence(1.5)]))
        {
            if (await listener.HearAsync(sound) is { } piece)
            {
                pieces.Add(piece);
            }
        }

        HeardPiece final = Assert.Single(pieces, piece => piece.IsFinal);
        Assert.Same(final, pieces[^1]);
        Assert.Equal(0.9, final.Confidence);
        Assert.InRange(pieces.Count, 3, 6);
        Assert.InRange(_heard[^1], 2.5, 3.5);                    // the silence before counts little: it was not kept
    }

    [Fact]
    public async Task Silence_says_nothing_and_is_not_kept()
    {
        VoiceListener listener = Listener();

        foreach (short[] sound in Chunks(Silence(20)))
        {
            Assert.Null(await listener.HearAsync(sound));
        }

        Assert.Null(await listener.EndAsync());
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Somebody_who_does_not_stop_is_heard_sentence_by_sentence()
    {
        VoiceListener listener = Listener();
        int finals = 0;

        foreach (short[] sound in Chunks(Speech(2 * VoiceListener.MostSeconds + 2)))
        {
            finals += await listener.HearAsync(sound) is { IsFinal: true } ? 1 : 0;
        }

        Assert.Equal(2, finals);
        Assert.All(_heard, seconds => Assert.InRange(seconds, 0, VoiceListener.MostSeconds + 0.2));
    }

    [Fact]
    public async Task Letting_go_of_the_button_ends_the_sentence()
    {
        VoiceListener listener = Listener();
        await listener.HearAsync(Speech(1));

        HeardPiece? final = await listener.EndAsync();

        Assert.True(final is { IsFinal: true });
        Assert.Null(await listener.EndAsync());
    }

    private VoiceListener Listener() => new((sound, _, _) =>
    {
        _heard.Add(sound.Seconds);
        return Task.FromResult(new TranscribeResponse($"heard {_heard.Count}", 0.9, [], sound.Seconds, "ctc", null));
    });

    private static IEnumerable<short[]> Chunks(short[] sound) => sound.Chunk(VoiceListener.Rate / 10);

    private static short[] Silence(double seconds) => Noise(seconds, 20);

    /// <summary>Loud, with the short gaps that speech has between words.</summary>
    private static short[] Speech(double seconds) => [.. Noise(seconds, 6_000).Select((x, i) => i % 8_000 < 6_400 ? x : (short)(x / 300))];

    private static short[] Noise(double seconds, int loudness)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, (int)(seconds * VoiceListener.Rate)).Select(_ => (short)random.Next(-loudness, loudness))];
    }
}
