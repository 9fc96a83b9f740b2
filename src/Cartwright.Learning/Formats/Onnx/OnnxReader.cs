using System.Buffers.Binary;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Reads the messages of an ONNX file. Field numbers are those of onnx.proto (ONNX 1.16, IR version 10).</summary>
internal static class OnnxReader
{
    /// <summary>The graph, and the version of the operators in it.</summary>
    /// <exception cref="ModelFormatException">The file is no ONNX file, is damaged, or keeps its weights in another file.</exception>
    public static (OnnxGraph Graph, int Opset) Read(string path)
    {
        if (new FileInfo(path).Length > Array.MaxLength)
        {
            throw new ModelFormatException(path, "The file has 2 GB or more, which no protobuf message may have.");
        }

        var model = new ProtoReader(path, File.ReadAllBytes(path));
        OnnxGraph? graph = null;
        int opset = 0;
        while (model.Next())
        {
            switch (model.Field)
            {
                case 7:
                    graph = Graph(model.Message());
                    break;
                case 8:
                    opset = Math.Max(opset, Opset(model.Message()));
                    break;
                default:
                    model.Skip();
                    break;
            }
        }

        return graph is null || opset == 0
            ? throw new ModelFormatException(path, "There is no graph or no version of operators in it: it is no ONNX file.", offset: model.Offset)
            : (graph, opset);
    }

    /// <summary>The version of the standard operators; 0 for those of somebody else.</summary>
    private static int Opset(ProtoReader reader)
    {
        (string domain, long version) = ("", 0);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Int64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return domain is "" or "ai.onnx" ? (int)Math.Clamp(version, 0, 1000) : 0;
    }

    private static OnnxGraph Graph(ProtoReader reader)
    {
        var nodes = new List<OnnxNode>();
        var initializers = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        var (inputs, outputs) = (new List<string>(), new List<string>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    nodes.Add(Node(reader.Message(), nodes.Count));
                    break;
                case 5:
                    (string name, OnnxValue value) = TensorValue(reader.Message());
                    initializers[name] = value;
                    break;
                case 11:
                    inputs.Add(NameOf(reader.Message()));
                    break;
                case 12:
                    outputs.Add(NameOf(reader.Message()));
                    break;
                case 15:
                    throw reader.Error("The graph has a sparse initializer; only dense ones are read.");
                default:
                    reader.Skip();
                    break;
            }
        }

        inputs.RemoveAll(initializers.ContainsKey);
        nodes.RemoveAll(node => IsConstant(node, initializers));
        return new OnnxGraph(nodes, initializers, inputs, outputs);
    }

    /// <summary>Takes the tensor of a constant among the initializers: some writers keep weights that way.</summary>
    private static bool IsConstant(OnnxNode node, Dictionary<string, OnnxValue> initializers)
    {
        if (node is not { Operator: "Constant", Domain: "", Outputs.Count: 1 } || node.Attributes.GetValueOrDefault("value") is not OnnxValue value)
        {
            return false;
        }

        initializers[node.Outputs[0]] = value;
        return true;
    }

    /// <summary>The name of a value; its type follows from the graph.</summary>
    private static string NameOf(ProtoReader reader)
    {
        string name = "";
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                name = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        return name;
    }

    private static OnnxNode Node(ProtoReader reader, int index)
    {
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        (string name, string type, string domain) = ("", "", "");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(reader.Text());
                    break;
                case 2:
                    outputs.Add(reader.Text());
                    break;
                case 3:
                    name = reader.Text();
                    break;
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    if (Attribute(reader.Message()) is (string attribute, object value))
                    {
                        attributes[attribute] = value;
                    }

                    break;
                case 7:
                    domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxNode(name.Length > 0 ? name : $"#{index}", type, domain is "ai.onnx" ? "" : domain, inputs, outputs, attributes);
    }

    private static (string, object?) Attribute(ProtoReader reader)
    {
        string name = "";
        object? value = null;
        List<long>? integers = null;
        List<float>? floats = null;
        List<string>? texts = null;
        long type = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    value = reader.Single();
                    break;
                case 3:
                    value = reader.Int64();
                    break;
                case 4:
                    value = reader.Text();
                    break;
                case 5:
                    value = TensorValue(reader.Message()).Value;
                    break;
                case 6:
                    value = Graph(reader.Message());
                    break;
                case 7:
                    reader.AddSingle(floats ??= []);
                    break;
                case 8:
                    reader.AddInt64(integers ??= []);
                    break;
                case 9:
                    (texts ??= []).Add(reader.Text());
                    break;
                case 20:
                    type = reader.Int64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // What a writer leaves out is 0 or empty: the type says of what kind.
        return (name, value ?? integers?.ToArray() ?? floats?.ToArray() ?? (object?)texts?.ToArray() ?? type switch
        {
            1 => 0f,
            2 => 0L,
            3 => "",
            6 => Array.Empty<float>(),
            7 => Array.Empty<long>(),
            _ => null,
        });
    }

    private static (string Name, OnnxValue Value) TensorValue(ProtoReader reader)
    {
        var (dimensions, integers, floats) = (new List<long>(), new List<long>(), new List<float>());
        (string name, long type, bool isRaw) = ("", 0, false);
        ReadOnlySpan<byte> raw = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.AddInt64(dimensions);
                    break;
                case 2:
                    type = reader.Int64();
                    break;
                case 4:
                    reader.AddSingle(floats);
                    break;
                case 5 or 7 or 11:
                    reader.AddInt64(integers);
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 9:
                    raw = reader.Bytes();
                    isRaw = true;
                    break;
                case 10:
                    reader.AddDouble(floats);
                    break;
                case 13 or 14 when reader.Field == 13 || reader.Varint() != 0:
                    throw reader.Error($"The values of '{name}' are in another file; save the model as one file.");
                case 14:
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var element = new OnnxElement(type);
        long count = 1;
        foreach (long size in dimensions)
        {
            count = size is < 0 or > int.MaxValue || (count *= size) > Array.MaxLength
                ? throw reader.Error($"Tensor '{name}' has the shape [{string.Join(", ", dimensions)}], which can't be.")
                : count;
        }

        int there = isRaw ? raw.Length / Math.Max(1, element.Size) : element.IsFloat && type != 10 && type != 16 ? floats.Count : integers.Count;
        if (!element.IsKnown || there != count || (isRaw && raw.Length % element.Size != 0))
        {
            throw reader.Error(element.IsKnown
                ? $"Tensor '{name}' should have {count} numbers and has {there}."
                : $"Tensor '{name}' is of type {type}; floats, whole numbers and booleans are read.");
        }

        int[] shape = [.. dimensions.Select(size => (int)size)];
        if (!element.IsFloat)
        {
            return (name, OnnxValue.Whole64(isRaw ? element.Integers(raw) : [.. integers], shape, element.IsBoolean));
        }

        // Narrow floats that are not raw stand in whole numbers, bit by bit.
        return (name, Tensor.From(isRaw ? element.Floats(raw) : integers.Count > 0 ? [.. integers.Select(element.FromBits)] : [.. floats], shape));
    }
}

/// <summary>A type of numbers in a file, by its number in onnx.proto.</summary>
internal readonly struct OnnxElement(long type)
{
    public const int Float = 1;
    public const int Int64 = 7;
    public const int Bool = 9;

    public bool IsKnown => Size > 0;

    public bool IsFloat => type is Float or 10 or 11 or 16;

    public bool IsBoolean => type == Bool;

    /// <summary>Bytes of a number; 0 for a type that is not read.</summary>
    public int Size => type switch
    {
        2 or 3 or Bool => 1,
        4 or 5 or 10 or 16 => 2,
        Float or 6 or 12 => 4,
        Int64 or 11 or 13 => 8,
        _ => 0,
    };

    public float FromBits(long bits) => type == 10
        ? (float)BitConverter.UInt16BitsToHalf((ushort)bits)
        : BitConverter.Int32BitsToSingle((int)((uint)bits << 16));

    public float[] Floats(ReadOnlySpan<byte> raw)
    {
        float[] numbers = new float[raw.Length / Size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> bytes = raw.Slice(i * Size, Size);
            numbers[i] = type switch
            {
                Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                11 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                _ => FromBits(BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            };
        }

        return numbers;
    }

    public long[] Integers(ReadOnlySpan<byte> raw)
    {
        long[] numbers = new long[raw.Length / Size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> bytes = raw.Slice(i * Size, Size);
            numbers[i] = type switch
            {
                2 or Bool => bytes[0],
                3 => (sbyte)bytes[0],
                4 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                5 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
                6 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
                12 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            };
        }

        return numbers;
    }
}
