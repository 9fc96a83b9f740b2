namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Part of the split that a recording belongs to.</summary>
internal enum RecordingPart
{
    Train,
    Validation,
    Test,
}

/// <summary>A recording as its index tells of it.</summary>
/// <param name="File">Its name, as the index has it.</param>
/// <param name="Text">What is said, word for word; null where the index has no text.</param>
/// <param name="Slots">What is said, by slot; a label is the only slot, named as its column. Empty where the index has neither.</param>
/// <param name="Speaker">Who says it; null where the index does not tell.</param>
internal sealed record Recording(string File, string? Text, IReadOnlyDictionary<string, string> Slots, string? Speaker, RecordingPart Part, Waveform Sound);
