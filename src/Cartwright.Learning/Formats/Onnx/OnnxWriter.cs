namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Writes the messages of an ONNX file. Field numbers are those of onnx.proto (ONNX 1.16).</summary>
/// <param name="opset">Version of the operators.</param>
internal sealed class OnnxWriter(int opset = OnnxWriter.Opset)
{
    /// <summary>The version that exported models have: the first one with Gelu.</summary>
    public const int Opset = 20;

    /// <summary>IR version of ONNX 1.15, which came with that one.</summary>
    private const int IrVersion = 9;

    private readonly ProtoWriter _graph = new();

    public void Node(string type, IEnumerable<string> inputs, IEnumerable<string> outputs, IEnumerable<KeyValuePair<string, object>> attributes)
    {
        var node = new ProtoWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        _graph.Message(1, node);
    }

    public void Initializer(string name, OnnxValue value) => _graph.Message(5, Values(value).Text(8, name));

    /// <param name="sizes">A name for a size that is open, a number for one that is not.</param>
    public void Input(string name, OnnxValue example, IEnumerable<string> sizes) => _graph.Message(11, Info(name, example, sizes));

    /// <param name="sizes">A name for a size that is open, a number for one that is not; null where nothing is known.</param>
    public void Output(string name, OnnxValue? example, IEnumerable<string>? sizes) => _graph.Message(12, Info(name, example, sizes));

    /// <summary>Writes to a temporary name and renames, so that the file is whole or not there.</summary>
    public void Write(string path)
    {
        var model = new ProtoWriter();
        model.Number(1, IrVersion);
        model.Text(2, "Cartwright");
        model.Message(7, _graph.Text(2, "model"));
        model.Message(8, new ProtoWriter().Text(1, "").Number(2, (long)opset));
        string temporary = path + ".tmp";
        using (FileStream file = File.Create(temporary))
        {
            file.Write(model.Written);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static ProtoWriter Attribute(string name, object value)
    {
        ProtoWriter attribute = new ProtoWriter().Text(1, name);
        switch (value)
        {
            case float number:
                return attribute.Number(2, number).Number(20, 1L);
            case long number:
                return attribute.Number(3, number).Number(20, 2L);
            case string text:
                return attribute.Text(4, text).Number(20, 3L);
            case OnnxValue tensor:
                return attribute.Message(5, Values(tensor)).Number(20, 4L);
            case float[] numbers:
                Array.ForEach(numbers, number => attribute.Number(7, number));
                return attribute.Number(20, 6L);
            case long[] numbers:
                Array.ForEach(numbers, number => attribute.Number(8, number));
                return attribute.Number(20, 7L);
            default:
                throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}; numbers, texts and tensors are written.", nameof(value));
        }
    }

    private static ProtoWriter Values(OnnxValue value)
    {
        var tensor = new ProtoWriter();
        foreach (int size in value.Sizes)
        {
            tensor.Number(1, (long)size);
        }

        tensor.Number(2, (long)ElementType(value));
        return value.IsFloat ? tensor.Raw(9, value.Tensor.Values)
            : value.IsBoolean ? tensor.Raw<byte>(9, Array.ConvertAll(value.Whole, number => (byte)number))
            : tensor.Raw<long>(9, value.Whole);
    }

    private static ProtoWriter Info(string name, OnnxValue? example, IEnumerable<string>? sizes)
    {
        ProtoWriter info = new ProtoWriter().Text(1, name);
        if (example is null)
        {
            return info;
        }

        ProtoWriter type = new ProtoWriter().Number(1, (long)ElementType(example));
        if (sizes is not null)
        {
            var shape = new ProtoWriter();
            foreach (string size in sizes)
            {
                shape.Message(1, int.TryParse(size, out int number) ? new ProtoWriter().Number(1, (long)number) : new ProtoWriter().Text(2, size));
            }

            type.Message(2, shape);
        }

        return info.Message(2, new ProtoWriter().Message(1, type));
    }

    private static int ElementType(OnnxValue value) =>
        value.IsFloat ? OnnxElement.Float : value.IsBoolean ? OnnxElement.Bool : OnnxElement.Int64;
}
