namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>What was heard in a recording.</summary>
internal sealed record HeardText(IReadOnlyList<HeardWord> Words)
{
    public string Text => string.Join(' ', Words.Select(word => word.Word));
}

/// <param name="Word">In small letters.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Start">In seconds from the beginning of the recording.</param>
/// <param name="End">In seconds.</param>
public sealed record HeardWord(string Word, double Confidence, double Start, double End);
