using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>An utterance as it is learned from and tested: its words, and a tag for each.</summary>
/// <param name="Tags">As <see cref="Words"/>; null where nobody marked slots.</param>
internal sealed record UtteranceExample(string Text, UtteranceWord[] Words, string Intent, string[]? Tags)
{
    public const string Outside = "O";
    private const string Begin = "B-";
    private const string Inside = "I-";

    public static UtteranceExample Of(Utterance utterance)
    {
        UtteranceWord[] words = UtteranceWord.Split(utterance.Text);
        string intent = IsOutOfScope(utterance.Intent) ? ShopIntents.OutOfScope : utterance.Intent;
        return new UtteranceExample(utterance.Text, words, intent, utterance.Slots.Count == 0 ? null : [.. words.Select((word, i) =>
        {
            // A token of several words hands its tag on: the words behind the first are inside.
            string tag = utterance.Slots[word.Token];
            return i > 0 && words[i - 1].Token == word.Token && tag.StartsWith(Begin, StringComparison.Ordinal) ? Inside + tag[Begin.Length..] : tag;
        })]);
    }

    /// <summary>The slot that a tag marks; empty for the tag of what is outside.</summary>
    public static string SlotOf(string tag) => tag == Outside ? ""
        : tag.StartsWith(Begin, StringComparison.Ordinal) || tag.StartsWith(Inside, StringComparison.Ordinal) ? tag[Begin.Length..] : tag;

    /// <summary>The pieces that tags mark, as conlleval reads them: a piece ends where another slot or a B- begins. Tags without B- and I- mark runs.</summary>
    public static List<TaggedPiece> Pieces(IReadOnlyList<string> tags)
    {
        var pieces = new List<TaggedPiece>();
        int start = 0;
        string slot = "";
        for (int i = 0; i <= tags.Count; i++)
        {
            string here = i < tags.Count ? SlotOf(tags[i]) : "";
            if (here == slot && (i == tags.Count || !tags[i].StartsWith(Begin, StringComparison.Ordinal)))
            {
                continue;
            }

            if (slot.Length > 0)
            {
                pieces.Add(new TaggedPiece(slot, start, i));
            }

            (start, slot) = (i, here);
        }

        return pieces;
    }

    /// <summary>The names that data sets give to what nobody should answer: "oos", "out-of-scope", "outofdomain".</summary>
    private static bool IsOutOfScope(string intent)
    {
        string letters = string.Concat(intent.Where(char.IsLetter)).ToUpperInvariant();
        return letters is "OOS" or "OUTOFSCOPE" or "OOD" or "OUTOFDOMAIN";
    }
}

/// <param name="Start">First word of the piece.</param>
/// <param name="End">The word behind its last.</param>
internal readonly record struct TaggedPiece(string Slot, int Start, int End);
