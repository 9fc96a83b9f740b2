using System.Runtime.InteropServices;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.TfLite;

/// <summary>A network as it stands in the file.</summary>
/// <param name="File">Path for errors.</param>
/// <param name="Tensors">All of them; operators point to them by place.</param>
/// <param name="Inputs">Places of what has to be given.</param>
/// <param name="Outputs">Places of what comes out.</param>
/// <param name="Operators">In the order in which they can be computed.</param>
internal sealed record TfLiteFile(string File, TfLiteTensor[] Tensors, int[] Inputs, int[] Outputs, TfLiteOperator[] Operators);

/// <param name="Name">As the converter wrote it.</param>
/// <param name="Shape">Pictures are [batch, height, width, channels].</param>
/// <param name="Value">What it holds, where it comes with the file.</param>
internal sealed record TfLiteTensor(string Name, int[] Shape, OnnxValue? Value);

/// <param name="Code">Number of the operator in the schema's BuiltinOperator.</param>
/// <param name="Inputs">Places of tensors; -1 for one that is left out.</param>
/// <param name="Outputs">Places of tensors.</param>
/// <param name="Options">Settings, whose fields are the operator's own; null where it has none.</param>
internal sealed record TfLiteOperator(int Code, int[] Inputs, int[] Outputs, FlatTable? Options);

/// <summary>Reads the tables of a .tflite file. Field numbers are those of TensorFlow's schema.fbs, version 3.</summary>
internal static class TfLiteReader
{
    private const int Float32 = 0, Float16 = 1, Int32 = 2, Int64 = 4;

    /// <exception cref="ModelFormatException">There is no network in the file, or it is damaged.</exception>
    public static TfLiteFile Read(string path)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);

        // The mark stands four bytes after the beginning of the buffer.
        int start = file.AsSpan().IndexOf("TFL3"u8) - 4;
        if (start < 0)
        {
            throw new ModelFormatException(path, "There is no TensorFlow Lite network in it: the mark 'TFL3' is missing.");
        }

        var model = FlatTable.Root(path, file.AsMemory(start));
        if (model.Tables(2) is not [FlatTable graph, ..])
        {
            throw model.Error("There is no graph in it.");
        }

        // Newer files keep the number of an operator in field 3, older ones in a byte.
        int[] codes = [.. model.Tables(1).Select(code => Math.Max(code.Int32(3), code.Byte(0)))];
        FlatTable[] buffers = model.Tables(4);
        TfLiteTensor[] tensors = [.. graph.Tables(0).Select(tensor => Tensor(tensor, buffers))];
        TfLiteOperator[] operators = [.. graph.Tables(3).Select(node => Operator(node, codes, tensors.Length))];
        return new TfLiteFile(path, tensors, Places(graph, 1, tensors.Length), Places(graph, 2, tensors.Length), operators);
    }

    private static TfLiteOperator Operator(FlatTable node, int[] codes, int tensorCount)
    {
        int code = node.Int32(0);
        return code >= 0 && code < codes.Length
            ? new TfLiteOperator(codes[code], Places(node, 1, tensorCount), Places(node, 2, tensorCount), node.Has(4) ? node.Table(4) : null)
            : throw node.Error($"A node has operator {code} of {codes.Length}.");
    }

    private static int[] Places(FlatTable table, int field, int tensorCount)
    {
        int[] places = table.Ints(field);
        return Array.TrueForAll(places, place => place >= -1 && place < tensorCount)
            ? places : throw table.Error($"One of {tensorCount} tensors is meant by {places.FirstOrDefault(place => place < -1 || place >= tensorCount)}.");
    }

    private static TfLiteTensor Tensor(FlatTable tensor, FlatTable[] buffers)
    {
        int[] shape = tensor.Ints(0);
        int buffer = tensor.Int32(2);
        if (buffer < 0 || buffer >= buffers.Length)
        {
            throw tensor.Error($"Tensor '{tensor.Text(3)}' lies in buffer {buffer} of {buffers.Length}.");
        }

        ReadOnlyMemory<byte> bytes = buffers[buffer].Bytes(0);
        return new TfLiteTensor(tensor.Text(3), shape, bytes.IsEmpty ? null : Value(tensor, shape, bytes.Span));
    }

    /// <summary>Null for a type that is not read: whoever needs the tensor says so.</summary>
    private static OnnxValue? Value(FlatTable tensor, int[] shape, ReadOnlySpan<byte> bytes)
    {
        int type = tensor.Byte(1);
        int size = type switch { Float32 or Int32 => 4, Float16 => 2, Int64 => 8, _ => 0 };
        if (size == 0)
        {
            return null;
        }

        long count = 1;
        foreach (int axis in shape)
        {
            count = axis < 0 || (count *= axis) > bytes.Length ? -1 : count;
            if (count < 0)
            {
                break;
            }
        }

        if (count * size != bytes.Length)
        {
            throw tensor.Error($"Tensor '{tensor.Text(3)}' has the shape [{string.Join(", ", shape)}] and {bytes.Length} bytes.");
        }

        return type switch
        {
            Float32 => Tensors.Tensor.From(MemoryMarshal.Cast<byte, float>(bytes), shape),
            Float16 => Tensors.Tensor.From(Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), half => (float)half), shape),
            Int32 => OnnxValue.Whole64(Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), number => (long)number), shape),
            _ => OnnxValue.Whole64(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), shape),
        };
    }
}
