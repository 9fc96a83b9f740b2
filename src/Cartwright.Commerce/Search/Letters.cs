namespace Cartwright.Commerce.Search;

/// <summary>What a UTF-16 unit is to a reader of words, and the letter it is read as.</summary>
internal static class Letters
{
    // Letters of these blocks without case and accents, after the decompositions of UnicodeData.txt; .NET's own need the system's tables,
    // which this program does without. Two letters become two: see Second.
    private const string Latin = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    private const string Greek = "α εηι ο υωιαβγδεζηθικλμνξοπρ στυφχψωιυαεηιυαβγδεζηθικλμνξοπρσστυφχψωιυουω";
    private const string Cyrillic = "ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмнопрстуфхцчшщъыьэюяееђгєѕііјљњћкиуџ";
    private const string LatinAdditional = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyassssdaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyllvvyy";

    private static readonly char[] Folds = MakeFolds();
    private static readonly LetterKind[] Kinds = MakeKinds();

    public static LetterKind KindOf(char unit) => Kinds[unit];

    /// <summary>The letter without case and accents: É is e, Ａ is a.</summary>
    public static char Fold(char unit) => Folds[unit];

    /// <summary>The letter that follows, for one that is read as two: ß is ss, æ is ae. Else 0.</summary>
    public static char Second(char unit) => unit switch
    {
        'ß' or 'ẞ' => 's',
        'æ' or 'Æ' or 'œ' or 'Œ' => 'e',
        'þ' or 'Þ' => 'h',
        _ => '\0',
    };

    private static char[] MakeFolds()
    {
        char[] folds = new char[char.MaxValue + 1];
        for (int unit = 0; unit < folds.Length; unit++)
        {
            folds[unit] = char.ToLowerInvariant((char)unit);
        }

        Latin.CopyTo(folds.AsSpan(0xC0));
        Greek.CopyTo(folds.AsSpan(0x386));
        Cyrillic.CopyTo(folds.AsSpan(0x400));
        LatinAdditional.CopyTo(folds.AsSpan(0x1E00));
        for (int unit = 0xFF01; unit <= 0xFF5E; unit++)      // full-width forms of ASCII
        {
            folds[unit] = char.ToLowerInvariant((char)(unit - 0xFF01 + '!'));
        }

        return folds;
    }

    private static LetterKind[] MakeKinds()
    {
        var kinds = new LetterKind[char.MaxValue + 1];
        for (int unit = 0; unit < kinds.Length; unit++)
        {
            char fold = Folds[unit];
            kinds[unit] = unit is >= 0x300 and <= 0x36F ? LetterKind.Mark
                : IsIdeographic((char)unit) ? LetterKind.Ideograph
                : char.IsAsciiDigit(fold) ? LetterKind.Digit
                : char.IsLetterOrDigit(fold) && unit is not ('×' or '÷') ? LetterKind.Letter
                : LetterKind.Separator;
        }

        return kinds;
    }

    /// <summary>Chinese, Japanese and Korean, which are cut into pairs: words are not told apart by spaces, or carry endings.</summary>
    private static bool IsIdeographic(char unit) => unit is (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF')
        or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FA') or '\u30FC' or '\u3005' or (>= '\u31F0' and <= '\u31FF') or (>= '\uAC00' and <= '\uD7A3');
}

internal enum LetterKind : byte
{
    Separator,
    Letter,
    Digit,
    Ideograph,

    /// <summary>An accent that stands behind its letter; it is dropped.</summary>
    Mark,
}
