using System.Buffers.Binary;
using System.Text;

namespace Cartwright.Learning.Tests.Formats.TfLite;

/// <summary>Writes a FlatBuffer out of fields by number: bytes, whole numbers, texts, lists of these, and tables of fields.</summary>
internal sealed class FlatWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Write(Dictionary<int, object> root, string mark)
    {
        var writer = new FlatWriter();
        writer._bytes.AddRange(new byte[4]);
        writer._bytes.AddRange(Encoding.ASCII.GetBytes(mark));
        writer.Point(0, root);
        return [.. writer._bytes];
    }

    /// <summary>Writes the value behind everything that is there and lets the place point to it.</summary>
    private void Point(int place, object value)
    {
        while (_bytes.Count % 4 != 0)
        {
            _bytes.Add(0);
        }

        switch (value)
        {
            case Dictionary<int, object> fields:
                Table(place, fields);
                break;
            case Dictionary<int, object>[] tables:
                Set(place, _bytes.Count - place);
                Add(tables.Length);
                int first = _bytes.Count;
                _bytes.AddRange(new byte[4 * tables.Length]);
                for (int i = 0; i < tables.Length; i++)
                {
                    Point(first + (4 * i), tables[i]);
                }

                break;
            case int[] numbers:
                Set(place, _bytes.Count - place);
                Add(numbers.Length);
                Array.ForEach(numbers, Add);
                break;
            case string or byte[]:
                byte[] bytes = value as byte[] ?? Encoding.UTF8.GetBytes((string)value);
                Set(place, _bytes.Count - place);
                Add(bytes.Length);
                _bytes.AddRange(bytes);
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} is not written.", nameof(value));
        }
    }

    /// <summary>The list of fields, then the table: the distance back to the list, then four bytes for each field.</summary>
    private void Table(int place, Dictionary<int, object> fields)
    {
        int list = _bytes.Count, count = fields.Count == 0 ? 0 : fields.Keys.Max() + 1;
        int length = 4 + (2 * count), start = list + length + (length % 4);
        byte[] entries = new byte[start - list];
        BinaryPrimitives.WriteUInt16LittleEndian(entries, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(entries.AsSpan(2), (ushort)(4 + (4 * fields.Count)));
        int slot = 4;
        foreach (int field in fields.Keys)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entries.AsSpan(4 + (2 * field)), (ushort)slot);
            slot += 4;
        }

        _bytes.AddRange(entries);
        Add(start - list);
        _bytes.AddRange(new byte[4 * fields.Count]);
        Set(place, start - place);
        slot = start + 4;
        foreach (object value in fields.Values)
        {
            switch (value)
            {
                case byte small:
                    _bytes[slot] = small;
                    break;
                case int number:
                    Set(slot, number);
                    break;
                default:
                    Point(slot, value);
                    break;
            }

            slot += 4;
        }
    }

    private void Add(int number) => _bytes.AddRange(BitConverter.GetBytes(number));

    private void Set(int place, int number)
    {
        for (int i = 0; i < 4; i++)
        {
            _bytes[place + i] = (byte)(number >> (8 * i));
        }
    }
}
