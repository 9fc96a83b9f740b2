using System.Numerics;

namespace Cartwright.Commerce.Search;

/// <summary>Numbers words in the order they are first seen.</summary>
internal sealed class WordTable
{
    private const int EmptySlot = -1;

    private char[] _letters = new char[4096];
    private int[] _start = new int[512];
    private uint[] _hash = new uint[512];
    private int[] _slots = new int[1024];

    public WordTable() => Array.Fill(_slots, EmptySlot);

    public int Count { get; private set; }

    public ReadOnlySpan<char> this[int word] => _letters.AsSpan(_start[word].._start[word + 1]);

    /// <returns>The word's number; a new one where it was not seen before.</returns>
    public int Add(ReadOnlySpan<char> word)
    {
        uint hash = Hash(word);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != EmptySlot; slot = (slot + 1) & mask)
        {
            int seen = _slots[slot];
            if (_hash[seen] == hash && this[seen].SequenceEqual(word))
            {
                return seen;
            }
        }

        int added = Count++;
        Append(word, added, hash);
        _slots[slot] = added;
        if (Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return added;
    }

    /// <returns>The words in the order of their letters, and their old numbers in that order.</returns>
    public (WordList Words, int[] Order) Sort()
    {
        // The first four letters decide nearly always, and compare as one number.
        ulong[] keys = new ulong[Count];
        int[] order = new int[Count];
        for (int word = 0; word < Count; word++)
        {
            ReadOnlySpan<char> letters = this[word];
            ulong key = 0;
            for (int i = 0; i < 4; i++)
            {
                key = (key << 16) | (i < letters.Length ? letters[i] : 0u);
            }

            keys[word] = key;
            order[word] = word;
        }

        Array.Sort(keys, order);
        for (int from = 0; from < Count;)
        {
            int to = from + 1;
            while (to < Count && keys[to] == keys[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                order.AsSpan(from, to - from).Sort((a, b) => this[a].SequenceCompareTo(this[b]));
            }

            from = to;
        }

        char[] sorted = new char[_start[Count]];
        int[] start = new int[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<char> letters = this[order[i]];
            letters.CopyTo(sorted.AsSpan(start[i]));
            start[i + 1] = start[i] + letters.Length;
        }

        return (new WordList(sorted, start), order);
    }

    private void Append(ReadOnlySpan<char> word, int number, uint hash)
    {
        if (number + 1 == _start.Length)
        {
            Array.Resize(ref _start, _start.Length * 2);
            Array.Resize(ref _hash, _hash.Length * 2);
        }

        int start = _start[number];
        if (start + word.Length > _letters.Length)
        {
            Array.Resize(ref _letters, Math.Max(_letters.Length * 2, start + word.Length));
        }

        word.CopyTo(_letters.AsSpan(start));
        _start[number + 1] = start + word.Length;
        _hash[number] = hash;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 4];
        Array.Fill(_slots, EmptySlot);
        int mask = _slots.Length - 1;
        for (int word = 0; word < Count; word++)
        {
            int slot = (int)_hash[word] & mask;
            while (_slots[slot] != EmptySlot)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = word;
        }
    }

    private static uint Hash(ReadOnlySpan<char> word)
    {
        uint hash = (uint)word.Length;
        foreach (char letter in word)
        {
            hash = BitOperations.RotateLeft(hash, 5) ^ letter;
            hash *= 0x9E3779B1;
        }

        return hash ^ (hash >> 15);
    }
}
