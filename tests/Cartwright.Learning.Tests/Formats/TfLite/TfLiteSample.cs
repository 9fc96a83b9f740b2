using System.Runtime.InteropServices;

namespace Cartwright.Learning.Tests.Formats.TfLite;

/// <summary>Makes .tflite files of a few operators, with the field numbers of TensorFlow's schema.fbs.</summary>
internal sealed class TfLiteSample
{
    private readonly List<Dictionary<int, object>> _tensors = [], _operators = [], _buffers = [[]];
    private readonly List<int> _codes = [];

    /// <summary>A tensor that is given or computed.</summary>
    public int Tensor(string name, params int[] shape)
    {
        _tensors.Add(new() { [0] = shape, [2] = 0, [3] = name });
        return _tensors.Count - 1;
    }

    public int Weight(string name, float[] numbers, params int[] shape) => Constant(name, 0, MemoryMarshal.AsBytes<float>(numbers).ToArray(), shape);

    public int Weight(string name, Half[] numbers, params int[] shape) => Constant(name, 1, MemoryMarshal.AsBytes<Half>(numbers).ToArray(), shape);

    public int Whole(string name, int[] numbers, params int[] shape) => Constant(name, 2, MemoryMarshal.AsBytes<int>(numbers).ToArray(), shape);

    public void Add(int code, int[] inputs, int output, Dictionary<int, object>? options = null)
    {
        _codes.Add(code);
        Dictionary<int, object> node = new() { [0] = _codes.Count - 1, [1] = inputs, [2] = (int[])[output] };
        if (options is not null)
        {
            (node[3], node[4]) = ((byte)1, options);
        }

        _operators.Add(node);
    }

    public byte[] Write(int[] inputs, int[] outputs) => FlatWriter.Write(
        new()
        {
            [0] = 3,
            [1] = _codes.Select(code => new Dictionary<int, object> { [0] = (byte)Math.Min(code, 127), [3] = code }).ToArray(),
            [2] = (Dictionary<int, object>[])[new() { [0] = _tensors.ToArray(), [1] = inputs, [2] = outputs, [3] = _operators.ToArray() }],
            [3] = "sample",
            [4] = _buffers.ToArray(),
        },
        "TFL3");

    private int Constant(string name, byte type, byte[] bytes, int[] shape)
    {
        _buffers.Add(new() { [0] = bytes });
        _tensors.Add(new() { [0] = shape, [1] = type, [2] = _buffers.Count - 1, [3] = name });
        return _tensors.Count - 1;
    }
}
