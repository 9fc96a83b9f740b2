namespace Cartwright.Learning.Formats.Onnx;

/// <summary>The operators that are computed here, by name; all of the standard's domain.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, Func<OnnxCall, OnnxValue[]>> Known = Make();

    public static IEnumerable<string> Names => Known.Keys;

    public static bool Contains(OnnxNode node) => node.Domain.Length == 0 && Known.ContainsKey(node.Operator);

    public static OnnxValue[] Run(OnnxCall call) => Known[call.Node.Operator](call);

    private static Dictionary<string, Func<OnnxCall, OnnxValue[]>> Make()
    {
        var operators = new Dictionary<string, Func<OnnxCall, OnnxValue[]>>(StringComparer.Ordinal);
        OnnxElementwise.AddTo(operators);
        OnnxArrangement.AddTo(operators);
        OnnxReductions.AddTo(operators);
        OnnxProducts.AddTo(operators);
        OnnxConvolution.AddTo(operators);
        OnnxRecurrence.AddTo(operators);
        return operators;
    }
}
