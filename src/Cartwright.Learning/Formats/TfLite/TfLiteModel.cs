using Cartwright.Learning.Formats.Onnx;

namespace Cartwright.Learning.Formats.TfLite;

/// <summary>Reads a network that was made for TensorFlow Lite and gives it as an ONNX model, which answers, can be cut and goes on learning.</summary>
/// <remarks>
/// Pictures go in and come out as everywhere here, [batch, channels, height, width], whatever size they have in the file; a network of
/// convolutions takes any. Weights of 16 bits become 32. Networks with numbers of 8 bits are refused.
/// </remarks>
public static class TfLiteModel
{
    /// <param name="path">A .tflite file, or one that has such a file inside, as web packages bundle them.</param>
    /// <param name="outputs">Tensors of the graph to cut it at; its own outputs where none is named. Where the converter joined names with semicolons, the first one counts.</param>
    /// <exception cref="ModelFormatException">There is no such network in the file, it is damaged, a tensor is not in it, or an operator that the outputs need is not computed here.</exception>
    public static OnnxModel Load(string path, params IReadOnlyList<string> outputs) =>
        OnnxModel.From(path, new TfLiteGraph(TfLiteReader.Read(path)).ToOnnx(), TfLiteGraph.Opset, outputs);
}
