using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats;

/// <summary>Named tensors in one file, as Python's safetensors reads and writes them.</summary>
/// <remarks>
/// The format document of the safetensors project: 8 bytes little-endian length of the header, a JSON header with dtype, shape and
/// data_offsets of each tensor and "__metadata__" of strings, then the data without gaps. Only F32 is read so far; sizes in the header
/// are checked against the file before anything is allocated.
/// </remarks>
public static class Safetensors
{
    private const int MaxHeaderBytes = 100 << 20;

    /// <summary>Writes to a temporary name and renames, so that the file is whole or not there.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        KeyValuePair<string, Tensor>[] ordered = [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];
        byte[] header = Header(ordered, metadata);
        string temporary = path + ".tmp";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach ((_, Tensor tensor) in ordered)
            {
                file.Write(MemoryMarshal.AsBytes(tensor.Values));
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="ModelFormatException">The file is no safetensors file, is cut off, or holds another type than F32.</exception>
    public static SafetensorsContent Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        try
        {
            return Read(path, file);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or ShapeException)
        {
            throw new ModelFormatException(path, $"The file is damaged or no safetensors file ({e.Message}). Train again, or put back a copy.", e);
        }
    }

    private static SafetensorsContent Read(string path, FileStream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeaderBytes || headerLength > file.Length - 8)
        {
            throw new ModelFormatException(path, $"The header claims {headerLength} bytes of a file of {file.Length}. It is no safetensors file.");
        }

        byte[] header = new byte[headerLength];
        file.ReadExactly(header);
        long dataLength = file.Length - 8 - headerLength;

        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        long end = 0;
        using var json = JsonDocument.Parse(header);
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                foreach (JsonProperty pair in property.Value.EnumerateObject())
                {
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
                }

                continue;
            }

            tensors[property.Name] = ReadTensor(path, file, property, 8 + headerLength, dataLength, ref end);
        }

        return end == dataLength
            ? new SafetensorsContent(tensors, metadata)
            : throw new ModelFormatException(path, $"The tensors end at byte {end} of {dataLength} bytes of data.");
    }

    private static Tensor ReadTensor(string path, FileStream file, JsonProperty entry, long dataStart, long dataLength, ref long end)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        JsonElement offsets = entry.Value.GetProperty("data_offsets");
        (long from, long to) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (type != "F32")
        {
            throw new ModelFormatException(path, $"Tensor '{entry.Name}' is of type {type}; only F32 is read.");
        }

        long length = Tensor.Product(shape);
        if (from < 0 || to > dataLength || to - from != length * sizeof(float))
        {
            throw new ModelFormatException(path, $"Tensor '{entry.Name}' should take {length * sizeof(float)} bytes; the header gives {from} to {to} of {dataLength}.");
        }

        float[] values = new float[length];
        file.Position = dataStart + from;
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        end = Math.Max(end, to);
        return Tensor.Parameter(values, shape);
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
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
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.Length * (long)sizeof(float);
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
}

/// <summary>What a safetensors file holds.</summary>
public sealed record SafetensorsContent(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The tensors whose name starts with the prefix, without it.</summary>
    public IReadOnlyDictionary<string, Tensor> Under(string prefix) => Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
}
