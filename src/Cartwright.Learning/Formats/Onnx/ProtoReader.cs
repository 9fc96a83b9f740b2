using System.Buffers.Binary;
using System.Text;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Reads a protobuf message field by field, out of bytes that are there already: it allocates nothing by a size that the file claims.</summary>
/// <remarks>Wire format of the protobuf encoding document: a key of field number and wire type, then the value.</remarks>
internal ref struct ProtoReader
{
    private const int DeepestMessage = 64;

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _start;
    private readonly int _depth;
    private int _position;
    private int _wireType;

    public ProtoReader(string file, ReadOnlySpan<byte> bytes)
        : this(file, bytes, 0, 0)
    {
    }

    private ProtoReader(string file, ReadOnlySpan<byte> bytes, long start, int depth)
    {
        _file = file;
        _bytes = bytes;
        _start = start;
        _depth = depth;
        if (depth > DeepestMessage)
        {
            throw Error($"Messages are nested more than {DeepestMessage} deep.");
        }
    }

    public int Field { get; private set; }

    /// <summary>Where the reader stands in the file.</summary>
    public readonly long Offset => _start + _position;

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    public bool Next()
    {
        if (_position == _bytes.Length)
        {
            return false;
        }

        ulong key = Number();
        (Field, _wireType) = ((int)(key >> 3), (int)(key & 7));
        return key >> 3 is > 0 and <= int.MaxValue ? true : throw Error($"There is no field {key >> 3}.");
    }

    public ulong Varint()
    {
        Expect(0);
        return Number();
    }

    public long Int64() => (long)Varint();

    public float Single()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ProtoReader Message()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        return new ProtoReader(_file, bytes, Offset - bytes.Length, _depth + 1);
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        ulong length = Number();
        return length <= (ulong)(_bytes.Length - _position)
            ? Take((int)length)
            : throw Error($"A field of {length} bytes is announced, but {_bytes.Length - _position} are left.");
    }

    /// <summary>Adds the numbers of a repeated field, packed or one by one.</summary>
    public void AddInt64(List<long> numbers)
    {
        if (_wireType != 2)
        {
            numbers.Add((long)Varint());
            return;
        }

        ProtoReader packed = Message();
        while (packed._position < packed._bytes.Length)
        {
            numbers.Add((long)packed.Number());
        }
    }

    /// <summary>Adds the numbers of a repeated field, packed or one by one.</summary>
    public void AddSingle(List<float> numbers)
    {
        if (_wireType != 2)
        {
            numbers.Add(Single());
            return;
        }

        ReadOnlySpan<byte> packed = Bytes();
        for (; packed.Length >= 4; packed = packed[4..])
        {
            numbers.Add(BinaryPrimitives.ReadSingleLittleEndian(packed));
        }
    }

    /// <summary>Adds the numbers of a repeated field, packed or one by one.</summary>
    public void AddDouble(List<float> numbers)
    {
        ReadOnlySpan<byte> packed = _wireType == 1 ? Take(8) : Bytes();
        for (; packed.Length >= 8; packed = packed[8..])
        {
            numbers.Add((float)BinaryPrimitives.ReadDoubleLittleEndian(packed));
        }
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Number();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Error($"Field {Field} is of wire type {_wireType}, which is unknown. It is no ONNX file, or it is damaged.");
        }
    }

    public readonly ModelFormatException Error(string message) => new(_file, message, offset: Offset);

    private ulong Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Take(1)[0];
            number |= shift < 64 ? (ulong)(next & 0x7f) << shift : 0;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw Error("A number has more than 10 bytes. It is no ONNX file, or it is damaged.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw Error("The message ends within a field: the file is cut off or damaged.");
        }

        _position += count;
        return _bytes.Slice(_position - count, count);
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw Error($"Field {Field} is of wire type {_wireType}, not {wireType}. It is no ONNX file, or it is damaged.");
        }
    }
}
