using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Cartwright.Commerce.Search;

/// <summary>Cuts a text into words: folded, numbers and model codes kept, Chinese, Japanese and Korean in pairs of letters.</summary>
/// <remarks>
/// "TP-Link's 16 GB T-Shirt" gives tp, link, links, 16, gb, 16gb, t, shirt, tshirt. What is written apart and may be typed together
/// stands beside its parts, so that either way of writing finds the other.
/// </remarks>
internal static class Analyzer
{
    /// <summary>Letters of a word that count; the rest of a longer one is not read.</summary>
    public const int MaxWordLength = 48;

    private const int MaxParts = 6;
    private const int MaxJoinedLength = 24;

    /// <summary>Of a first part this short the whole is one word too: t-shirt, wi-fi, e-book.</summary>
    private const int ShortPartLength = 3;

    private static readonly FrozenSet<string> Units = FrozenSet.ToFrozenSet(
        ["gb", "tb", "mb", "kb", "mm", "cm", "m", "km", "in", "inch", "ft", "kg", "g", "mg", "lb", "lbs", "oz", "ml", "cl", "l", "w", "kw", "v", "a", "ah", "mah", "wh",
            "hz", "khz", "mhz", "ghz", "mp", "dpi", "rpm", "mbps", "gbps", "bit", "k", "p", "x", "pk", "pcs"], StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> UnitLookup = Units.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="position">Place of the first word.</param>
    /// <param name="isQuery">A query's last letter of a text in pairs is no word of its own.</param>
    /// <returns>The place behind the last word.</returns>
    public static int Read<TSink>(ReadOnlySpan<char> text, int position, ref TSink sink, bool isQuery = false)
        where TSink : struct, ITokenSink
    {
        Span<char> letters = stackalloc char[MaxJoinedLength + (MaxParts * (MaxWordLength + 2))];
        var chunk = new Chunk(letters);
        int at = 0;
        while (at < text.Length)
        {
            LetterKind kind = Letters.KindOf(text[at]);
            if (kind is LetterKind.Separator or LetterKind.Mark)
            {
                at++;
            }
            else if (kind == LetterKind.Ideograph)
            {
                chunk.Forget();
                at = ReadPairs(text, at, ref position, ref sink, isQuery);
            }
            else
            {
                at = chunk.Fill(text, at);
                chunk.Give(ref position, ref sink);
            }
        }

        return position;
    }

    private static int ReadPairs<TSink>(ReadOnlySpan<char> text, int start, ref int position, ref TSink sink, bool isQuery)
        where TSink : struct, ITokenSink
    {
        int end = start + 1;
        while (end < text.Length && Letters.KindOf(text[end]) == LetterKind.Ideograph)
        {
            end++;
        }

        for (int at = start; at < end - 1; at++)
        {
            sink.Take(new Token(text.Slice(at, 2), position++, at, at + 2, joinedCount: 0));
        }

        if (end - start == 1)
        {
            sink.Take(new Token(text.Slice(start, 1), position++, start, end, joinedCount: 0));
        }
        else if (!isQuery)
        {
            // So every letter begins a word of the index, and a query of one letter finds it by its beginning. It makes the text no longer.
            sink.Take(new Token(text.Slice(end - 1, 1), position - 1, end - 1, end, joinedCount: 1));
        }

        return end;
    }

    /// <summary>Parts that are written without a space between them: "T-Shirt", "13.3".</summary>
    private ref struct Chunk(Span<char> letters)
    {
        private readonly Span<char> _letters = letters;
        private PartList _parts;
        private int _count;
        private bool _hasDigit;
        private bool _isPossessive;

        /// <summary>Letters of the number that stands right before this chunk; they are the first of the buffer.</summary>
        private int _numberLength;
        private int _numberStart;
        private int _numberParts;

        public void Forget()
        {
            _numberLength = 0;
            _count = 0;
        }

        /// <returns>The place behind the chunk.</returns>
        public int Fill(ReadOnlySpan<char> text, int start)
        {
            KeepNumber(text, start);
            _count = 0;
            _hasDigit = false;
            _isPossessive = false;
            int used = _numberLength;
            int at = start;
            while (true)
            {
                int partStart = at;
                int first = used;
                bool isNumber = true;
                for (; at < text.Length; at++)
                {
                    char unit = text[at];
                    LetterKind kind = Letters.KindOf(unit);
                    if (kind is LetterKind.Separator or LetterKind.Ideograph)
                    {
                        break;
                    }

                    if (kind == LetterKind.Mark || used - first >= MaxWordLength)
                    {
                        continue;
                    }

                    isNumber &= kind == LetterKind.Digit;
                    _hasDigit |= kind == LetterKind.Digit;
                    _letters[used++] = Letters.Fold(unit);
                    if (kind == LetterKind.Letter && unit > '\x7f' && Letters.Second(unit) is var second and not '\0')
                    {
                        _letters[used++] = second;
                    }
                }

                _parts[_count++] = new Part(first, used - first, partStart, at, isNumber);
                if (_count == MaxParts || at + 1 >= text.Length || !Connects(text, at, isNumber, out bool keepsPoint))
                {
                    return at;
                }

                if (keepsPoint)
                {
                    _letters[used++] = '.';
                }

                at++;
            }
        }

        public void Give<TSink>(ref int position, ref TSink sink)
            where TSink : struct, ITokenSink
        {
            int first = position;
            int partCount = _isPossessive ? _count - 1 : _count;
            for (int i = 0; i < partCount; i++)
            {
                Part part = _parts[i];
                sink.Take(new Token(_letters.Slice(part.Buffer, part.Length), position++, part.Start, part.End, joinedCount: 0));
            }

            Part last = _parts[_count - 1];
            if (_count > 1)
            {
                int length = last.Buffer + last.Length - _parts[0].Buffer;
                if (_isPossessive)
                {
                    Part owner = _parts[_count - 2];
                    sink.Take(new Token(_letters[owner.Buffer..(last.Buffer + last.Length)], position - 1, owner.Start, last.End, joinedCount: 1));
                }
                else if (length <= MaxJoinedLength && (_hasDigit || _parts[0].Length <= ShortPartLength))
                {
                    sink.Take(new Token(_letters.Slice(_parts[0].Buffer, length), first, _parts[0].Start, last.End, _count));
                }
            }
            else if (_numberLength > 0 && UnitLookup.Contains(_letters.Slice(last.Buffer, last.Length)))
            {
                sink.Take(new Token(_letters[..(last.Buffer + last.Length)], first - _numberParts, _numberStart, last.End, _numberParts + 1));
            }
        }

        /// <summary>Keeps the chunk before in the buffer where it is a number with one space behind it.</summary>
        private void KeepNumber(ReadOnlySpan<char> text, int start)
        {
            bool isNumber = _count > 0 && start > 0 && text[start - 1] == ' ' && _parts[_count - 1].End == start - 1;
            for (int i = 0; i < _count && isNumber; i++)
            {
                isNumber = _parts[i].IsNumber;
            }

            if (!isNumber)
            {
                _numberLength = 0;
                return;
            }

            int from = _parts[0].Buffer;
            _numberLength = Math.Min(_parts[_count - 1].Buffer + _parts[_count - 1].Length - from, MaxJoinedLength);
            _letters.Slice(from, _numberLength).CopyTo(_letters);
            _numberStart = _parts[0].Start;
            _numberParts = _count;
        }

        /// <summary>True where the sign at a place holds two parts together.</summary>
        private bool Connects(ReadOnlySpan<char> text, int at, bool isNumber, out bool keepsPoint)
        {
            keepsPoint = false;
            LetterKind next = Letters.KindOf(text[at + 1]);
            if (next is not (LetterKind.Letter or LetterKind.Digit))
            {
                return false;
            }

            switch (text[at])
            {
                case '-' or '_' or '\u2010' or '\u2011':
                    return true;
                case '.' or ',' when isNumber && next == LetterKind.Digit:
                    keepsPoint = text[at] == '.' || !IsThousands(text, at + 1);
                    return true;
                case '.':
                    return true;
                case '\'' or '’':
                    _isPossessive = text[at + 1] is 's' or 'S' && (at + 2 == text.Length || Letters.KindOf(text[at + 2]) == LetterKind.Separator);
                    return _isPossessive;
                default:
                    return false;
            }
        }

        private static bool IsThousands(ReadOnlySpan<char> text, int start)
        {
            int end = start;
            while (end < text.Length && Letters.KindOf(text[end]) == LetterKind.Digit)
            {
                end++;
            }

            return end - start == 3;
        }
    }

    /// <param name="Buffer">Its first letter in the buffer.</param>
    /// <param name="Start">Its first letter in the text.</param>
    private readonly record struct Part(int Buffer, int Length, int Start, int End, bool IsNumber);

    [InlineArray(MaxParts)]
    private struct PartList
    {
        private Part _first;
    }
}
