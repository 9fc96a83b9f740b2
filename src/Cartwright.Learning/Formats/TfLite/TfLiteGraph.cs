using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.TfLite;

/// <summary>Says a TensorFlow Lite network in the operators of ONNX.</summary>
/// <remarks>
/// The file keeps channels last, ONNX first. Pictures are turned once, where they come in, and stay turned through everything that works on
/// pictures; only what flattens them or works along axes that moved turns them back. Numbers of operators and fields are those of
/// TensorFlow's schema.fbs, version 3.
/// </remarks>
internal sealed class TfLiteGraph(TfLiteFile file)
{
    /// <summary>Version of the operators that are written.</summary>
    public const int Opset = 13;

    private readonly TfLiteNodes _nodes = new(file);

    public OnnxGraph ToOnnx()
    {
        foreach (TfLiteOperator node in file.Operators)
        {
            if (node.Inputs.Length == 0 || node.Inputs[0] < 0 || node.Outputs.Length == 0 || node.Outputs.Contains(-1))
            {
                throw _nodes.Error($"A node with operator {node.Code} reads or writes nothing.");
            }

            Add(node);
        }

        return _nodes.Graph();
    }

    private void Add(TfLiteOperator node)
    {
        switch (node.Code)
        {
            case 0:
                Join("Add", node);
                break;
            case 1:
                Pool("AveragePool", node);
                break;
            case 2:
                Concat(node);
                break;
            case 3:
                Conv(node, isDepthwise: false);
                break;
            case 4:
                Conv(node, isDepthwise: true);
                break;
            case 6 when _nodes.Passes(node.Inputs[0], node.Outputs[0]):
                break;
            case 9:
                FullyConnected(node);
                break;
            case 14:
                Each(node, given => _nodes.Add("Sigmoid", [given], Output(node)));
                break;
            case 17:
                Pool("MaxPool", node);
                break;
            case 18:
                Join("Mul", node);
                break;
            case 19:
                Each(node, given => Activate(1, given, Output(node)));
                break;
            case 21:
                Each(node, given => Activate(3, given, Output(node)));
                break;
            case 22:
                Reshape(node);
                break;
            case 25:
                _nodes.Add("Softmax", [_nodes.Last(node.Inputs[0])], Output(node), ("axis", -1L));
                break;
            case 34:
                Pad(node);
                break;
            case 40:
                Mean(node);
                break;
            case 117:
                Each(node, given => _nodes.Add("HardSwish", [given], Output(node)));
                break;
            default:
                _nodes.AddUnknown(node);
                break;
        }
    }

    /// <summary>Weights are [out, height, width, in], or [1, height, width, out] where every channel has kernels of its own.</summary>
    private void Conv(TfLiteOperator node, bool isDepthwise)
    {
        FlatTable options = Options(node);
        Tensor weight = _nodes.Weight(node.Inputs[1], rank: 4);
        Tensor turned = isDepthwise ? weight.Transpose(3, 0, 1, 2) : weight.Transpose(0, 3, 1, 2);
        int channels = _nodes.ShapeOf(node.Inputs[0]) is { Length: 4 } shape ? shape[3] : throw _nodes.Error($"'{_nodes.Name(node.Inputs[0])}' is no picture.");
        int dilation = isDepthwise ? 5 : 4;
        Activated(node, options.Byte(isDepthwise ? 4 : 3), linear => _nodes.Add(
            "Conv",
            [_nodes.First(node.Inputs[0]), _nodes.Constant(_nodes.Name(node.Inputs[1]), TfLiteNodes.Copy(turned)), .. Bias(node)],
            linear,
            ("strides", new long[] { options.Int32(2), options.Int32(1) }),
            ("dilations", new long[] { options.Int32(dilation + 1, 1), options.Int32(dilation, 1) }),
            ("auto_pad", AutoPad(options)),
            ("group", isDepthwise ? (long)channels : 1L)));
        _nodes.Turn(node.Outputs[0]);
    }

    private void Pool(string type, TfLiteOperator node)
    {
        FlatTable options = Options(node);
        Activated(node, options.Byte(5), linear => _nodes.Add(
            type,
            [_nodes.First(node.Inputs[0])],
            linear,
            ("strides", new long[] { options.Int32(2), options.Int32(1) }),
            ("kernel_shape", new long[] { options.Int32(4), options.Int32(3) }),
            ("auto_pad", AutoPad(options))));
        _nodes.Turn(node.Outputs[0]);
    }

    /// <summary>Rows times a matrix [out, in].</summary>
    private void FullyConnected(TfLiteOperator node)
    {
        Tensor weight = _nodes.Weight(node.Inputs[1], rank: 2);
        string rows = Output(node) + "/rows";
        _nodes.Add("Reshape", [_nodes.Last(node.Inputs[0]), _nodes.Constant(rows + "/shape", OnnxValue.From([-1, weight.Shape[1]], 2))], rows);
        Activated(node, Options(node).Byte(0), linear => _nodes.Add(
            "Gemm", [rows, _nodes.Constant(_nodes.Name(node.Inputs[1]), weight), .. Bias(node)], linear, ("transB", 1L)));
    }

    private void Concat(TfLiteOperator node)
    {
        FlatTable options = Options(node);
        int axis = options.Int32(0);
        axis += axis < 0 ? _nodes.ShapeOf(node.Outputs[0]).Length : 0;
        bool isTurned = node.Inputs.Any(_nodes.IsTurned);
        Activated(node, options.Byte(1), linear => _nodes.Add(
            "Concat", Given(node, isTurned), linear, ("axis", isTurned ? TfLiteNodes.Turned(axis) : axis)));
        _nodes.Turn(node.Outputs[0], isTurned);
    }

    /// <summary>The first axis, the batch, stays open.</summary>
    private void Reshape(TfLiteOperator node)
    {
        int[] from = _nodes.ShapeOf(node.Inputs[0]);
        long[] to = Array.ConvertAll(_nodes.ShapeOf(node.Outputs[0]), size => (long)size);
        if (from.Length > 0 && to.Length > 0 && from[0] == to[0])
        {
            to[0] = 0;
        }

        _nodes.Add("Reshape", [_nodes.Last(node.Inputs[0]), _nodes.Constant(Output(node) + "/shape", OnnxValue.From(to, to.Length))], Output(node));
    }

    private void Pad(TfLiteOperator node)
    {
        long[] room = _nodes.Whole(node.Inputs[1]);          // [axes, 2], before and after
        long[] order = _nodes.Order(node.Inputs[0]);
        if (room.Length != 2 * order.Length)
        {
            throw _nodes.Error($"'{Output(node)}' has {order.Length} axes and {room.Length} numbers that say how to widen them.");
        }

        long[] pads = [.. order.Select(axis => room[2 * axis]), .. order.Select(axis => room[(2 * axis) + 1])];
        Each(node, given => _nodes.Add("Pad", [given, _nodes.Constant(Output(node) + "/room", OnnxValue.From(pads, pads.Length))], Output(node)));
    }

    private void Mean(TfLiteOperator node)
    {
        int rank = _nodes.ShapeOf(node.Inputs[0]).Length;
        long[] axes = [.. _nodes.Whole(node.Inputs[1]).Select(axis => axis < 0 ? axis + rank : axis).Order()];
        bool keeps = node.Options is { } options && options.Byte(0) != 0;

        // Without height and width what is left of a picture lies the same either way.
        bool staysTurned = _nodes.IsTurned(node.Inputs[0]) && (keeps || axes is [1, 2] or [1, 2, 3]);
        _nodes.Add(
            "ReduceMean",
            [staysTurned ? _nodes.First(node.Inputs[0]) : _nodes.Last(node.Inputs[0])],
            Output(node),
            ("axes", staysTurned ? Array.ConvertAll(axes, TfLiteNodes.Turned) : axes),
            ("keepdims", keeps ? 1L : 0L));
        _nodes.Turn(node.Outputs[0], staysTurned && keeps);
    }

    /// <summary>Two values number by number; one of lower rank repeats along the first axes.</summary>
    private void Join(string type, TfLiteOperator node)
    {
        bool isTurned = node.Inputs.Any(_nodes.IsTurned);
        Activated(node, node.Options?.Byte(0) ?? 0, linear => _nodes.Add(type, Given(node, isTurned), linear));
        _nodes.Turn(node.Outputs[0], isTurned);
    }

    private string[] Given(TfLiteOperator node, bool isTurned) => Array.ConvertAll(node.Inputs, input => isTurned ? _nodes.First(input) : _nodes.Last(input));

    private void Each(TfLiteOperator node, Action<string> add)
    {
        bool isTurned = _nodes.IsTurned(node.Inputs[0]);
        add(isTurned ? _nodes.First(node.Inputs[0]) : _nodes.Last(node.Inputs[0]));
        _nodes.Turn(node.Outputs[0], isTurned);
    }

    /// <summary>Adds an operator and the function that is fused into it, by its number in ActivationFunctionType.</summary>
    private void Activated(TfLiteOperator node, int activation, Action<string> add)
    {
        string linear = activation == 0 ? Output(node) : Output(node) + "/linear";
        add(linear);
        if (activation != 0)
        {
            Activate(activation, linear, Output(node));
        }
    }

    private void Activate(int activation, string from, string to)
    {
        switch (activation)
        {
            case 1:
                _nodes.Add("Relu", [from], to);
                break;
            case 3:
                _nodes.Add("Clip", [from, _nodes.Constant("clip/0", Tensor.From([0f], [])), _nodes.Constant("clip/6", Tensor.From([6f], []))], to);
                break;
            case 4:
                _nodes.Add("Tanh", [from], to);
                break;
            default:
                throw _nodes.Error($"'{to}' has activation {activation}, which is not computed here; ReLU, ReLU6 and tanh are.");
        }
    }

    private string[] Bias(TfLiteOperator node) => node.Inputs.Length > 2 && node.Inputs[2] >= 0
        ? [_nodes.Constant(_nodes.Name(node.Inputs[2]), _nodes.Weight(node.Inputs[2], rank: 1))] : [];

    private string Output(TfLiteOperator node) => _nodes.Name(node.Outputs[0]);

    private FlatTable Options(TfLiteOperator node) => node.Options ?? throw _nodes.Error($"'{Output(node)}' has no settings.");

    private static string AutoPad(FlatTable options) => options.Byte(0) == 0 ? "SAME_UPPER" : "VALID";
}
