using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats;

/// <summary>Named tensors in one file, as Python's safetensors reads and writes them.</summary>
/// <remarks>
/// The format document of the safetensors project: 8 bytes little-endian length of the header, a JSON header with dtype, shape and
/// data_offsets of each tensor and "__metadata__" of strings, then the data without gaps. Floats, whole numbers and booleans of every
/// width become 32-bit floats. Sizes in the header are checked against the file before anything is allocated.
/// </remarks>
public static class Safetensors
{
    private const int MaxHeaderBytes = 100 << 20;
    private const int ChunkSize = 1 << 16;

    /// <summary>Writes to a temporary name and renames, so that the file is whole or not there.</summary>
    /// <param name="path">The file; overwritten.</param>
    /// <param name="tensors">By name.</param>
    /// <param name="metadata">Strings to go with them.</param>
    /// <param name="type">How the numbers are kept, but for those of a compressed model that need fewer bits anyway.</param>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, SafetensorsType type = SafetensorsType.F32)
    {
        // The widest numbers first, so that each begins at a multiple of its size, as others' readers ask.
        KeyValuePair<string, Tensor>[] ordered = [.. tensors
            .OrderByDescending(t => SafetensorsElement.SizeOf(TypeOf(t.Value, type))).ThenBy(t => t.Key, StringComparer.Ordinal)];
        byte[] header = Header(ordered, metadata, type);
        string temporary = path + ".tmp";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach ((_, Tensor tensor) in ordered)
            {
                Write(file, tensor.Values, TypeOf(tensor, type));
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="ModelFormatException">The file is no safetensors file, is cut off, or holds numbers that are no 32-bit floats.</exception>
    public static SafetensorsContent Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        try
        {
            return Read(path, file);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or ShapeException or ArgumentException or IndexOutOfRangeException)
        {
            throw new ModelFormatException(path, $"The file is damaged or no safetensors file ({e.Message}). Train again, or put back a copy.", e, file.Position);
        }
    }

    private static SafetensorsContent Read(string path, FileStream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeaderBytes || headerLength > file.Length - 8)
        {
            throw new ModelFormatException(path, $"The header claims {headerLength} bytes of a file of {file.Length}. It is no safetensors file.", offset: 0);
        }

        byte[] header = new byte[headerLength];
        file.ReadExactly(header);
        long dataStart = 8 + headerLength;
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        List<Entry> entries = [];
        using var json = JsonDocument.Parse(header);
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            if (!property.NameEquals("__metadata__"))
            {
                entries.Add(Entry.Of(path, property, dataStart, file.Length - dataStart));
                continue;
            }

            foreach (JsonProperty pair in property.Value.EnumerateObject())
            {
                metadata[pair.Name] = pair.Value.GetString() ?? "";
            }
        }

        ThrowUnlessWithoutGaps(path, entries, dataStart, file.Length - dataStart);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach (Entry entry in entries)
        {
            file.Position = dataStart + entry.From;
            tensors.Add(entry.Name, Tensor.Parameter(ReadValues(file, entry), entry.Shape));
        }

        return new SafetensorsContent(tensors, metadata);
    }

    private static float[] ReadValues(FileStream file, Entry entry)
    {
        float[] values = new float[entry.Length];
        if (entry.Type == "F32")
        {
            file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        int size = SafetensorsElement.SizeOf(entry.Type);
        byte[] chunk = new byte[Math.Min(ChunkSize, entry.Length * (long)size)];
        for (int done = 0; done < values.Length; done += chunk.Length / size)
        {
            Span<float> numbers = values.AsSpan(done, Math.Min(chunk.Length / size, values.Length - done));
            Span<byte> bytes = chunk.AsSpan(0, numbers.Length * size);
            file.ReadExactly(bytes);
            SafetensorsElement.Read(entry.Type, bytes, numbers);
        }

        return values;
    }

    private static void ThrowUnlessWithoutGaps(string path, List<Entry> entries, long dataStart, long dataLength)
    {
        long end = 0;
        foreach (Entry entry in entries.OrderBy(entry => entry.From).ThenBy(entry => entry.To))
        {
            if (entry.From != end)
            {
                throw new ModelFormatException(path, $"Tensor '{entry.Name}' starts at byte {entry.From} of the data, but the one before it ends at {end}.", offset: dataStart + end);
            }

            end = entry.To;
        }

        if (end != dataLength)
        {
            throw new ModelFormatException(path, $"The tensors end at byte {end} of {dataLength} bytes of data.", offset: dataStart + end);
        }
    }

    private static void Write(FileStream file, ReadOnlySpan<float> values, string type)
    {
        if (type == "F32")
        {
            file.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        const int AtOnce = 512;
        int size = SafetensorsElement.SizeOf(type);
        Span<byte> bytes = stackalloc byte[AtOnce * size];
        for (; !values.IsEmpty; values = values[Math.Min(values.Length, AtOnce)..])
        {
            int count = Math.Min(values.Length, AtOnce);
            for (int i = 0; i < count; i++)
            {
                if (size == 1)
                {
                    bytes[i] = (byte)(sbyte)values[i];
                }
                else
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], SafetensorsElement.ToBFloat16(values[i]));
                }
            }

            file.Write(bytes[..(count * size)]);
        }
    }

    private static string TypeOf(Tensor tensor, SafetensorsType type) => tensor.KeptAs switch
    {
        NumberType.Int8 => "I8",
        NumberType.BFloat16 => "BF16",
        _ => type == SafetensorsType.F32 ? "F32" : "BF16",
    };

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata, SafetensorsType type)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string name, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                string typeName = TypeOf(tensor, type);
                json.WriteStartObject(name);
                json.WriteString("dtype", typeName);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.Length * (long)SafetensorsElement.SizeOf(typeName);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The data starts at a multiple of 8; the format lets spaces fill the header.
        byte[] header = buffer.ToArray();
        int padded = (header.Length + 7) / 8 * 8;
        Array.Resize(ref header, padded);
        header.AsSpan((int)buffer.Length).Fill((byte)' ');
        return header;
    }

    /// <summary>A tensor as the header describes it.</summary>
    private sealed record Entry(string Name, string Type, int[] Shape, int Length, long From, long To)
    {
        public static Entry Of(string path, JsonProperty property, long dataStart, long dataLength)
        {
            string type = property.Value.GetProperty("dtype").GetString() ?? "";
            int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            JsonElement offsets = property.Value.GetProperty("data_offsets");
            (long from, long to) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            int size = SafetensorsElement.SizeOf(type);
            if (size == 0)
            {
                throw new ModelFormatException(path,
                    $"Tensor '{property.Name}' is of type {type}; read are F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8 and BOOL. Convert it first.", offset: 8);
            }

            int length = Tensor.Product(shape);
            if (from >= 0 && to > dataLength)
            {
                throw new ModelFormatException(path,
                    $"The file is cut off: tensor '{property.Name}' ends at byte {dataStart + to}, and the file has {dataStart + dataLength}. Write it again, or put back a copy.",
                    offset: dataStart + dataLength);
            }

            if (from < 0 || to - from != length * (long)size)
            {
                throw new ModelFormatException(path,
                    $"Tensor '{property.Name}' should take {length * (long)size} bytes; the header gives it those from {from} to {to}.", offset: dataStart + Math.Max(0, from));
            }

            return new Entry(property.Name, type, shape, length, from, to);
        }
    }
}

/// <summary>What a safetensors file holds.</summary>
public sealed record SafetensorsContent(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The tensors whose name starts with the prefix, without it.</summary>
    public IReadOnlyDictionary<string, Tensor> Under(string prefix) => Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
}
