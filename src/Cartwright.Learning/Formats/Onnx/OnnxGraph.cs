namespace Cartwright.Learning.Formats.Onnx;

/// <summary>A graph as it stands in the file.</summary>
/// <param name="Nodes">In the order in which they can be computed.</param>
/// <param name="Initializers">Values that come with the file, by name.</param>
/// <param name="Inputs">Names of what has to be given, initializers left out.</param>
/// <param name="Outputs">Names of what comes out.</param>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxValue> Initializers, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>One operation of a graph.</summary>
/// <param name="Name">Its name, or what stands for it: a node needs none.</param>
/// <param name="Operator">"Conv", "Relu", …</param>
/// <param name="Domain">Empty for the operators of the ONNX standard.</param>
/// <param name="Inputs">Names of values; empty for one that is left out.</param>
/// <param name="Outputs">Names of values; empty for one that nobody needs.</param>
/// <param name="Attributes">By name: long, float, string, arrays of these, <see cref="OnnxValue"/> or <see cref="OnnxGraph"/>.</param>
internal sealed record OnnxNode(
    string Name, string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    public override string ToString() => $"node '{Name}' ({(Domain.Length > 0 ? Domain + "." : "")}{Operator})";
}
