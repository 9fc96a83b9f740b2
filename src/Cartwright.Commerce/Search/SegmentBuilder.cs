using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Reads products and makes a segment of them.</summary>
internal sealed class SegmentBuilder(SearchLanguage language)
{
    private readonly WordTable _words = new();
    private readonly List<int> _entryWord = [];
    private readonly List<uint> _entryPlace = [];
    private readonly List<int> _entryEnd = [];
    private readonly List<int> _products = [];
    private readonly List<ulong> _fingerprints = [];
    private readonly List<ushort> _lengths = [];

    /// <summary>Words that were read.</summary>
    public int EntryCount => _entryWord.Count;

    /// <param name="index">Dense index in the shop; above those added before.</param>
    public void Add(int index, Product product)
    {
        Span<int> lengths = stackalloc int[SearchFields.Count];
        lengths.Clear();
        ReadField(product.Title, SearchField.Title, lengths);
        ReadField(product.Brand, SearchField.Brand, lengths);
        ReadField(product.Category, SearchField.Category, lengths);
        foreach (string tag in product.Tags)
        {
            ReadField(tag, SearchField.Tags, lengths);
        }

        foreach ((string name, string value) in product.Attributes)
        {
            ReadField(ProductText.OfAttribute(name, value), SearchField.Attributes, lengths);
        }

        ReadField(product.Description, SearchField.Description, lengths);
        ReadField(product.Id, SearchField.Id, lengths);

        foreach (int length in lengths)
        {
            _lengths.Add((ushort)Math.Min(length, ushort.MaxValue));
        }

        _products.Add(index);
        _fingerprints.Add(ProductText.Fingerprint(product));
        _entryEnd.Add(_entryWord.Count);
    }

    public Segment Build()
    {
        (WordList words, int[] order) = _words.Sort();
        int[] rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        // Entries sorted by word; those of a word stay in the order of the products.
        ReadOnlySpan<int> entryWord = CollectionsMarshal.AsSpan(_entryWord);
        ReadOnlySpan<uint> entryPlace = CollectionsMarshal.AsSpan(_entryPlace);
        int[] next = new int[words.Count + 1];
        foreach (int word in entryWord)
        {
            next[rank[word] + 1]++;
        }

        for (int word = 0; word < words.Count; word++)
        {
            next[word + 1] += next[word];
        }

        int[] docs = new int[entryWord.Length];
        uint[] places = new uint[entryWord.Length];
        int entry = 0;
        for (int doc = 0; doc < _products.Count; doc++)
        {
            for (; entry < _entryEnd[doc]; entry++)
            {
                int at = next[rank[entryWord[entry]]]++;
                docs[at] = doc;
                places[at] = entryPlace[entry];
            }
        }

        // Now each next[word] is the end of the word's entries.
        return Pack(words, StemClasses.Of(words, language), next.AsSpan(0, words.Count), docs, places);
    }

    /// <summary>Makes one posting of the entries of one word in one product.</summary>
    private Segment Pack(WordList words, StemClasses stems, ReadOnlySpan<int> ends, int[] docs, uint[] places)
    {
        var many = new List<uint>();
        int[] postingStart = new int[words.Count + 1];
        int posting = 0;
        int entry = 0;
        for (int word = 0; word < words.Count; word++)
        {
            while (entry < ends[word])
            {
                int first = entry;
                while (entry < ends[word] && docs[entry] == docs[first])
                {
                    entry++;
                }

                uint place = places[first];
                if (entry - first > 1)
                {
                    place = Place.Many(many.Count);
                    many.Add((uint)(entry - first));
                    many.AddRange(places.AsSpan(first, entry - first));
                }

                docs[posting] = docs[first];
                places[posting++] = place;
            }

            postingStart[word + 1] = posting;
        }

        Array.Resize(ref docs, posting);
        Array.Resize(ref places, posting);
        return new Segment
        {
            Words = words, Stems = stems, PostingStart = postingStart, Docs = docs, Places = places, Many = [.. many],
            Products = [.. _products], Fingerprints = [.. _fingerprints], Lengths = [.. _lengths],
        };
    }

    private void ReadField(string? text, SearchField field, Span<int> lengths)
    {
        if (!string.IsNullOrEmpty(text))
        {
            var sink = new FieldSink(this, (int)field);
            lengths[(int)field] = Analyzer.Read(text, lengths[(int)field], ref sink);
        }
    }

    private readonly struct FieldSink(SegmentBuilder builder, int field) : ITokenSink
    {
        public void Take(in Token token)
        {
            builder._entryWord.Add(builder._words.Add(token.Word));
            builder._entryPlace.Add(Place.Of(field, token.Position));
        }
    }
}
