using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>What a shop's model of language learns from, chooses by and is judged by.</summary>
/// <param name="Train">Each given utterance stands in it several times, so that it weighs more than one that was made.</param>
/// <param name="Given">Given utterances among them, each counted once.</param>
/// <param name="Generated">Made utterances among them.</param>
internal sealed record LanguageLesson(UtteranceExample[] Train, UtteranceExample[] Validation, UtteranceExample[] Judges, int Given, int Generated)
{
    private const int FewestUtterances = 20;
    private const int WeightOfGiven = 4;

    /// <summary>Of 10 parts of the wordings, one judges and one validates: a made sentence that judges is never worded as one that was learned.</summary>
    private const int JudgingPart = 3;
    private const int ValidatingPart = 6;

    /// <param name="given">The shop's own utterances; there may be none.</param>
    /// <exception cref="ValidationException">The shop has neither products nor utterances to learn from.</exception>
    public static LanguageLesson Of(IReadOnlyList<Product> products, IReadOnlyList<string> topics, UtteranceSet given, int seed)
    {
        if (products.Count == 0 && given.Utterances.Count == 0)
        {
            throw new ValidationException("The shop has no products to talk about and no utterances. Import some with 'cartwright catalog import <folder>'.");
        }

        UtterancePart[] made = new ShopUtterances(new CatalogWords(products, topics), seed).Make();
        UtteranceExample[] Made(Func<int, bool> isWanted) => [.. made.Where(one => isWanted(one.Part)).Select(one => UtteranceExample.Of(one.Utterance))];
        (UtteranceExample[] train, UtteranceExample[] validation, UtteranceExample[] judges) = given.Divide();
        UtteranceExample[] learned = Made(part => part is not JudgingPart and not ValidatingPart);
        var lesson = new LanguageLesson(
            [.. learned, .. Enumerable.Repeat(train, WeightOfGiven).SelectMany(examples => examples)],
            [.. Made(part => part == ValidatingPart), .. validation], [.. Made(part => part == JudgingPart), .. judges], train.Length, learned.Length);
        Check(lesson.Train);
        return lesson;
    }

    /// <exception cref="ValidationException">There are too few utterances, or all mean the same.</exception>
    public static void Check(IReadOnlyList<UtteranceExample> train)
    {
        if (train.Count < FewestUtterances)
        {
            throw new ValidationException($"There are {train.Count} utterances to learn from; {FewestUtterances} are the fewest.");
        }

        if (train.All(example => example.Intent == train[0].Intent))
        {
            throw new ValidationException($"All utterances have the intent '{train[0].Intent}', so nothing can be told apart. Give utterances of two intents or more.");
        }
    }
}
