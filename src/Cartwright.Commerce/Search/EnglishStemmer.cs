namespace Cartwright.Commerce.Search;

/// <summary>Takes the endings off English words, so that "batteries" finds "battery": both become "batteri".</summary>
/// <remarks>M. F. Porter, "The English (Porter2) stemming algorithm", 2001, snowballstem.org; without its rules for apostrophes, which are no letters here.</remarks>
internal static class EnglishStemmer
{
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie",
        ["idly"] = "idl", ["gently"] = "gentl", ["ugly"] = "ugli", ["early"] = "earli", ["only"] = "onli", ["singly"] = "singl",
        ["sky"] = "sky", ["news"] = "news", ["howe"] = "howe", ["atlas"] = "atlas", ["cosmos"] = "cosmos", ["bias"] = "bias", ["andes"] = "andes",
    };

    private static readonly HashSet<string> WholeAfterPlural = new(StringComparer.Ordinal)
    {
        "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed",
    };

    // Longest first; an ending that fits but may not go stops the step.
    private static readonly (string From, string To)[] Step2 =
    [
        ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"), ("biliti", "ble"), ("lessli", "less"), ("tional", "tion"),
        ("alism", "al"), ("aliti", "al"), ("ation", "ate"), ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"), ("ousli", "ous"),
        ("abli", "able"), ("alli", "al"), ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string From, string To)[] Step3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("ative", ""), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
    [
        "ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic",
    ];

    /// <param name="word">Folded letters. One that is not of a to z alone is left as it is.</param>
    /// <param name="stem">Where the stem is written: one letter more than the word.</param>
    /// <returns>Letters of the stem.</returns>
    public static int Stem(ReadOnlySpan<char> word, Span<char> stem)
    {
        word.CopyTo(stem);
        if (word.Length <= 2 || word.ContainsAnyExceptInRange('a', 'z'))
        {
            return word.Length;
        }

        if (word.Length <= 6 && Exceptions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out string? known))
        {
            known.CopyTo(stem);
            return known.Length;
        }

        var work = new Work(stem, word.Length);
        work.Run();
        return work.Length;
    }

    private ref struct Work(Span<char> letters, int length)
    {
        private readonly Span<char> _letters = letters;
        private int _region1;
        private int _region2;

        public int Length { get; private set; } = length;

        private readonly ReadOnlySpan<char> Word => _letters[..Length];

        public void Run()
        {
            MarkConsonantYs();
            _region1 = FirstRegion();
            _region2 = RegionAfter(_region1);
            DropPlural();
            if (!WholeAfterPlural.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Word))
            {
                DropPast();
                if (Length > 2 && (_letters[Length - 1] is 'y' or 'Y') && !IsVowel(_letters[Length - 2]))
                {
                    _letters[Length - 1] = 'i';
                }

                Derive2();
                Derive3();
                Derive4();
                DropLast();
            }

            for (int i = 0; i < Length; i++)
            {
                _letters[i] = _letters[i] == 'Y' ? 'y' : _letters[i];
            }
        }

        /// <summary>A y at the beginning or behind a vowel is a consonant; it is written Y until the end.</summary>
        private readonly void MarkConsonantYs()
        {
            for (int i = 0; i < Length; i++)
            {
                if (_letters[i] == 'y' && (i == 0 || IsVowel(_letters[i - 1])))
                {
                    _letters[i] = 'Y';
                }
            }
        }

        private readonly int FirstRegion()
        {
            foreach (string beginning in (ReadOnlySpan<string>)["gener", "commun", "arsen"])
            {
                if (Word.StartsWith(beginning))
                {
                    return beginning.Length;
                }
            }

            return RegionAfter(0);
        }

        /// <summary>What lies behind the first consonant that follows a vowel.</summary>
        private readonly int RegionAfter(int start)
        {
            for (int i = start + 1; i < Length; i++)
            {
                if (!IsVowel(_letters[i]) && IsVowel(_letters[i - 1]))
                {
                    return i + 1;
                }
            }

            return Length;
        }

        private void DropPlural()
        {
            if (Ends("sses"))
            {
                Length -= 2;
            }
            else if (Ends("ied") || Ends("ies"))
            {
                Length -= Length > 4 ? 2 : 1;
            }
            else if (Ends("s") && !Ends("us") && !Ends("ss") && HasVowel(Length - 2))
            {
                Length--;
            }
        }

        private void DropPast()
        {
            if (Ends("eed") || Ends("eedly"))
            {
                int start = Length - (Ends("eed") ? 3 : 5);
                if (start >= _region1)
                {
                    Length = start + 2;
                }

                return;
            }

            int ending = Ends("ingly") ? 5 : Ends("edly") ? 4 : Ends("ing") ? 3 : Ends("ed") ? 2 : 0;
            if (ending == 0 || !HasVowel(Length - ending))
            {
                return;
            }

            Length -= ending;
            if (Ends("at") || Ends("bl") || Ends("iz"))
            {
                Append('e');
            }
            else if (Length >= 2 && _letters[Length - 1] == _letters[Length - 2] && "bdfgmnprt".Contains(_letters[Length - 1]))
            {
                Length--;
            }
            else if (_region1 >= Length && EndsInShortSyllable(Length))
            {
                Append('e');
            }
        }

        private void Derive2()
        {
            foreach ((string from, string to) in Step2)
            {
                if (!Ends(from))
                {
                    continue;
                }

                int start = Length - from.Length;
                bool goes = start >= _region1 && from switch
                {
                    "ogi" => start > 0 && _letters[start - 1] == 'l',
                    "li" => start > 0 && "cdeghkmnrt".Contains(_letters[start - 1]),
                    _ => true,
                };
                if (goes)
                {
                    Replace(start, to);
                }

                return;
            }
        }

        private void Derive3()
        {
            foreach ((string from, string to) in Step3)
            {
                if (Ends(from))
                {
                    int start = Length - from.Length;
                    if (start >= (from == "ative" ? _region2 : _region1))
                    {
                        Replace(start, to);
                    }

                    return;
                }
            }
        }

        private void Derive4()
        {
            foreach (string ending in Step4)
            {
                if (Ends(ending))
                {
                    int start = Length - ending.Length;
                    if (start >= _region2 && (ending != "ion" || (start > 0 && _letters[start - 1] is 's' or 't')))
                    {
                        Length = start;
                    }

                    return;
                }
            }
        }

        private void DropLast()
        {
            int last = Length - 1;
            if (Ends("e") && (last >= _region2 || (last >= _region1 && !EndsInShortSyllable(last))))
            {
                Length--;
            }
            else if (Ends("ll") && last >= _region2)
            {
                Length--;
            }
        }

        private readonly bool EndsInShortSyllable(int length) => length switch
        {
            < 2 => false,
            2 => IsVowel(_letters[0]) && !IsVowel(_letters[1]),
            _ => !IsVowel(_letters[length - 1]) && _letters[length - 1] is not ('w' or 'x' or 'Y') && IsVowel(_letters[length - 2]) && !IsVowel(_letters[length - 3]),
        };

        private readonly bool HasVowel(int length)
        {
            for (int i = 0; i < length; i++)
            {
                if (IsVowel(_letters[i]))
                {
                    return true;
                }
            }

            return false;
        }

        private readonly bool Ends(string ending) => Word.EndsWith(ending);

        private void Replace(int start, string with)
        {
            with.CopyTo(_letters[start..]);
            Length = start + with.Length;
        }

        private void Append(char letter) => _letters[Length++] = letter;

        private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
    }
}
