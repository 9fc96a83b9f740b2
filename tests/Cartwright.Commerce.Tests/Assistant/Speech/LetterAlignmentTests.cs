using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class LetterAlignmentTests
{
    [Fact]
    public void Finds_when_each_letter_was_said()
    {
        const int A = 1;
        const int B = 2;
        float[] logs = Steps(0, A, A, 0, A, B, B, 0);

        (int First, int Last, double Chance)[] found = LetterAlignment.Align(logs, [A, A, B]);

        Assert.Equal([(1, 2), (4, 4), (5, 6)], found.Select(letter => (letter.First, letter.Last)));
        Assert.All(found, letter => Assert.Equal(0.9, letter.Chance, 5));
    }

    [Fact]
    public void Nothing_said_has_no_letters() => Assert.Empty(LetterAlignment.Align(Steps(0, 0, 0), []));

    private static float[] Steps(params int[] letters) =>
        [.. letters.SelectMany(letter => Enumerable.Range(0, SpeechAlphabet.ClassCount).Select(of => (float)Math.Log(of == letter ? 0.9 : 0.1 / (SpeechAlphabet.ClassCount - 1))))];
}
