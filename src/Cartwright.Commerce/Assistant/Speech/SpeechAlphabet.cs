namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The letters that networks write: a to z, the apostrophe and the space, behind the blank of CTC.</summary>
internal static class SpeechAlphabet
{
    public const int Blank = 0;
    public const int Space = 28;
    public const int ClassCount = 29;

    private const string Letters = "\0abcdefghijklmnopqrstuvwxyz' ";

    /// <param name="spoken">Letters of the alphabet; others are left out.</param>
    public static int[] Encode(string spoken) => [.. spoken.Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal)).Where(label => label > Blank)];

    public static string Decode(IReadOnlyList<int> labels) => string.Concat(labels.Select(label => Letters[label])).Trim();
}
