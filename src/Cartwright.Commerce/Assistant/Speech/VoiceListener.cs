namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Hears somebody who is speaking now: sound comes in pieces, what was understood so far goes out, and at a pause the whole sentence.</summary>
/// <remarks>
/// The network reads from both ends, so what was said is heard anew as it grows: when half a second, and a quarter of what is there, came to it. A
/// sentence is heard about five times in all. One listener is for one caller at a time.
/// </remarks>
public sealed class VoiceListener
{
    /// <summary>Samples a second that come in: 16-bit numbers, one channel.</summary>
    public const int Rate = Waveform.SpeechRate;

    /// <summary>Longest sentence; a longer one ends there.</summary>
    public const int MostSeconds = 15;

    private const int LeastNews = Rate / 2;
    private const int Frame = Rate / 50;
    private const int Pause = (int)(0.9 * Rate);
    private const int KeptSilence = Rate / 4;
    private const double AboveNoise = 3;                         // times the quietest frames' deviation is speech
    private const double LeastLoudness = 0.004;

    private readonly Func<Waveform, string, CancellationToken, Task<TranscribeResponse>> _transcribe;
    private readonly List<short> _sound = [];
    private double _quiet = LeastLoudness;
    private int _judged;
    private int _lastSpeech = -1;
    private int _heard;
    private string _partial = "";

    internal VoiceListener(Func<Waveform, string, CancellationToken, Task<TranscribeResponse>> transcribe) => _transcribe = transcribe;

    /// <summary>Takes a piece of sound.</summary>
    /// <returns>What changed: a partial or a final text; null where nothing did.</returns>
    public async Task<HeardPiece?> HearAsync(ReadOnlyMemory<short> sound, CancellationToken cancellationToken = default)
    {
        _sound.AddRange(sound.Span);
        FindSpeech();
        if (_lastSpeech < 0)
        {
            Forget(_sound.Count - KeptSilence);                  // nobody speaks yet: the room is not kept
            return null;
        }

        if (_sound.Count - _lastSpeech > Pause || _sound.Count > MostSeconds * Rate)
        {
            return await EndAsync(cancellationToken);
        }

        if (_sound.Count - _heard < Math.Max(LeastNews, _sound.Count / 4))
        {
            return null;
        }

        _heard = _sound.Count;
        string text = (await TranscribeAsync(cancellationToken)).Text;
        bool isNew = text.Length > 0 && text != _partial;
        _partial = text;
        return isNew ? new HeardPiece(text, null) : null;
    }

    /// <summary>Ends the sentence, as the speaker did by letting go of a button.</summary>
    /// <returns>The final text; null where nothing was said.</returns>
    public async Task<HeardPiece?> EndAsync(CancellationToken cancellationToken = default)
    {
        TranscribeResponse? heard = _lastSpeech < 0 ? null : await TranscribeAsync(cancellationToken);
        _sound.Clear();
        (_judged, _lastSpeech, _heard, _partial) = (0, -1, 0, "");
        return heard is null or { Text.Length: 0 } ? null : new HeardPiece(heard.Text, heard.Confidence);
    }

    private Task<TranscribeResponse> TranscribeAsync(CancellationToken cancellation) =>
        _transcribe(Waveform.FromPcm(_sound.ToArray(), Rate), ServedVoice.BestEngine, cancellation);

    /// <summary>A frame is speech where it is several times louder than the quiet ones, whose loudness is followed: down at once, up slowly.</summary>
    private void FindSpeech()
    {
        for (; _judged + Frame <= _sound.Count; _judged += Frame)
        {
            double sum = 0;
            for (int i = _judged; i < _judged + Frame; i++)
            {
                double x = _sound[i] / -(double)short.MinValue;
                sum += x * x;
            }

            double loudness = Math.Sqrt(sum / Frame);
            _quiet = Math.Max(LeastLoudness, loudness < _quiet ? loudness : _quiet + (0.01 * (Math.Min(loudness, 2 * _quiet) - _quiet)));
            if (loudness > AboveNoise * _quiet)
            {
                _lastSpeech = _judged + Frame;
            }
        }
    }

    private void Forget(int count)
    {
        int whole = Math.Max(0, count / Frame * Frame);
        _sound.RemoveRange(0, whole);
        _judged = Math.Max(0, _judged - whole);
    }
}

/// <param name="Text">What was heard.</param>
/// <param name="Confidence">From 0 to 1 where the sentence is over; null while it goes on.</param>
public sealed record HeardPiece(string Text, double? Confidence)
{
    public bool IsFinal => Confidence is not null;
}
