using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Ids for records that came without one: the same content gets the same id, its second occurrence another.</summary>
/// <remarks>
/// Made anew for each import and each post, so that the same file read twice gives the same ids and changes nothing,
/// while two equal rows of one file both count. Equal posts without ids count once.
/// </remarks>
internal sealed class ContentId
{
    private const int HashBytes = 16;

    /// <summary>How often a content was met. Keyed by a 64-bit hash: where two contents share one, a number is skipped, no more.</summary>
    private readonly Dictionary<ulong, int> _occurrences = [];
    private readonly ArrayBufferWriter<byte> _content = new(256);

    public string Of(Interaction interaction)
    {
        Start();
        Add(ColumnValue.From(interaction.At));
        Add(interaction.Shopper);
        Add(interaction.Session);
        Add((long)interaction.Kind);
        Add(interaction.Product);
        Add(interaction.Quantity);
        Add(ColumnValue.From(interaction.Price));
        Add(interaction.Query);
        Add(interaction.Position);
        Add(interaction.Value);
        return Finish();
    }

    public string Of(Review review)
    {
        Start();
        Add(ColumnValue.From(review.At));
        Add(review.Shopper);
        Add(review.Product);
        Add(review.Rating);
        Add(review.Title);
        Add(review.Text);
        return Finish();
    }

    public string Of(Search search)
    {
        Start();
        Add(ColumnValue.From(search.At));
        Add(search.Session);
        Add(search.Shopper);
        Add(search.Query);
        Add(string.Join(' ', search.Shown));
        Add(string.Join(' ', search.Clicked));
        return Finish();
    }

    public string Of(Utterance utterance)
    {
        Start();
        Add(utterance.Text);
        Add(utterance.Intent);
        Add(string.Join(' ', utterance.Slots));
        Add(utterance.Split);
        return Finish();
    }

    /// <summary>A 64-bit hash of an id, the same in every process: what the index of ids is sorted by.</summary>
    /// <remarks>Two ids with one hash are told apart by their text, so a collision costs one comparison.</remarks>
    public static long Hash(ReadOnlySpan<byte> id)
    {
        const ulong First = 0x9E3779B97F4A7C15, Second = 0xBF58476D1CE4E5B9, Third = 0x94D049BB133111EB;
        ulong hash = First ^ (ulong)id.Length;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(id);
        foreach (ulong word in words)
        {
            hash = BitOperations.RotateLeft((hash ^ word) * Second, 29);
        }

        foreach (byte rest in id[(words.Length * sizeof(ulong))..])
        {
            hash = BitOperations.RotateLeft((hash ^ rest) * Second, 29);
        }

        hash = (hash ^ (hash >> 30)) * Second;
        hash = (hash ^ (hash >> 27)) * Third;
        return (long)(hash ^ (hash >> 31));
    }

    private void Start() => _content.ResetWrittenCount();

    private void Add(string? text)
    {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart, and -1 keeps null and "" apart.
        Add((long)(text?.Length ?? -1));
        if (text is { Length: > 0 })
        {
            Encoding.UTF8.GetBytes(text, _content);
        }
    }

    private void Add(double? value) => Add(value is { } number ? BitConverter.DoubleToInt64Bits(number) : (long?)null);

    private void Add(long? value)
    {
        Span<byte> bytes = _content.GetSpan(sizeof(byte) + sizeof(long));
        bytes[0] = value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value.GetValueOrDefault());
        _content.Advance(sizeof(byte) + sizeof(long));
    }

    private string Finish()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_content.WrittenSpan, hash);
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_occurrences, BinaryPrimitives.ReadUInt64LittleEndian(hash), out _);
        count++;
        string text = $"~{Base64Url.EncodeToString(hash[..HashBytes])}";
        return count == 1 ? text : $"{text}.{count}";
    }
}
