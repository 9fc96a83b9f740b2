using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

/// <summary>A test of the system's voices, and of its decoder where asked for. Skipped, with a word, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemSpeechFactAttribute : FactAttribute
{
    private bool _hears;

    public SystemSpeechFactAttribute()
    {
        if (!SystemVoice.IsInstalled)
        {
            Skip = SystemVoice.Missing;
        }
    }

    /// <summary>Whether the decoder is needed too.</summary>
    public bool Hears
    {
        get => _hears;
        set
        {
            _hears = value;
            Skip ??= value ? PocketSphinx.Missing : null;
        }
    }
}
