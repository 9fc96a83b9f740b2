using System.Buffers.Binary;
using System.Text;

namespace Cartwright.Learning.Formats.TfLite;

/// <summary>One table of a FlatBuffer, read where it lies. Every step is checked against the bytes that are there.</summary>
/// <remarks>
/// FlatBuffers, "Internals": a table begins with the distance back to its list of fields; the list has, for each field, the distance
/// from the table's start, 0 for one that has its ordinary value. Texts, lists and other tables are pointed to.
/// </remarks>
/// <param name="file">Path for errors.</param>
/// <param name="bytes">The whole buffer, from its root on.</param>
/// <param name="at">Where the table begins.</param>
internal readonly struct FlatTable(string file, ReadOnlyMemory<byte> bytes, int at)
{
    /// <summary>The table that the buffer begins with.</summary>
    public static FlatTable Root(string file, ReadOnlyMemory<byte> bytes)
    {
        var start = new FlatTable(file, bytes, 0);
        return new FlatTable(file, bytes, start.Follow(0));
    }

    public string File => file;

    public bool Has(int field) => Place(field) > 0;

    public int Int32(int field, int otherwise = 0) => Place(field) is > 0 and int place ? ReadInt32(place) : otherwise;

    public int Byte(int field, int otherwise = 0) => Place(field) is > 0 and int place ? Slice(place, 1)[0] : otherwise;

    public float Single(int field) => BitConverter.Int32BitsToSingle(Int32(field));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    /// <summary>A list of bytes; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Bytes(int field)
    {
        (int first, int count) = List(field, 1);
        return bytes.Slice(first, count);
    }

    public int[] Ints(int field)
    {
        (int first, int count) = List(field, 4);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = ReadInt32(first + (4 * i));
        }

        return numbers;
    }

    public FlatTable Table(int field) => Place(field) is > 0 and int place
        ? new FlatTable(file, bytes, Follow(place)) : throw Error($"Table {field} is missing.", at);

    public FlatTable[] Tables(int field)
    {
        (int first, int count) = List(field, 4);
        var tables = new FlatTable[count];
        for (int i = 0; i < count; i++)
        {
            tables[i] = new FlatTable(file, bytes, Follow(first + (4 * i)));
        }

        return tables;
    }

    public ModelFormatException Error(string message) => Error(message, at);

    /// <summary>Where a list's first entry lies, and how many there are.</summary>
    private (int First, int Count) List(int field, int size)
    {
        int place = Place(field);
        if (place == 0)
        {
            return (0, 0);
        }

        int list = Follow(place), count = ReadInt32(list);
        return count >= 0 && (long)count * size <= bytes.Length - list - 4
            ? (list + 4, count) : throw Error($"A list of {(uint)count} entries is announced, but {bytes.Length - list - 4} bytes are left.", list);
    }

    /// <summary>Where a field lies; 0 where it has its ordinary value.</summary>
    private int Place(int field)
    {
        long fields = at - (long)ReadInt32(at);
        int entry = 4 + (2 * field);
        int length = ReadUInt16(fields);
        int distance = entry + 2 <= length ? ReadUInt16(fields + entry) : 0;
        return distance == 0 ? 0 : at + distance;
    }

    private int Follow(int place)
    {
        long target = place + (long)(uint)ReadInt32(place);
        return target <= bytes.Length - 4 ? (int)target : throw Error($"It points to byte {target}, beyond its end.", place);
    }

    private int ReadInt32(int place) => BinaryPrimitives.ReadInt32LittleEndian(Slice(place, 4));

    private int ReadUInt16(long place) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(place, 2));

    private ReadOnlySpan<byte> Slice(long place, int count) => place >= 0 && place <= bytes.Length - count
        ? bytes.Span.Slice((int)place, count) : throw Error("It ends within a table: the file is cut off or damaged.", place);

    private ModelFormatException Error(string message, long place) => new(file, message, offset: place);
}
