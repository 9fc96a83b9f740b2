namespace Cartwright.Learning.Formats.Onnx;

/// <summary>An axis of an input whose size is not known before the input comes.</summary>
/// <param name="Name">What it is called in the file; axes of one name have one size.</param>
/// <param name="Input">The input it is read from.</param>
/// <param name="Less">What its size is less than the axis: 1 for the sequences of offsets, which are one more.</param>
/// <param name="Sizes">Its size in every run.</param>
internal sealed record OpenAxis(string Name, string Input, int Axis, int Less, int[] Sizes);

/// <summary>A size that follows from open ones: factor · axis · axis / divisor.</summary>
internal sealed record SizeFormula(int Factor, int Divisor, OpenAxis[] Axes)
{
    /// <summary>The formula that gives these sizes, one for each run; null where there is none.</summary>
    public static SizeFormula? Of(int[] sizes, IReadOnlyList<OpenAxis> axes)
    {
        if (!sizes.AsSpan().ContainsAnyExcept(sizes[0]))
        {
            return new SizeFormula(sizes[0], 1, []);
        }

        // Few axes are open, so that every product of some of them can be tried; those of one come first.
        foreach (int chosen in Enumerable.Range(1, (1 << axes.Count) - 1).OrderBy(set => int.PopCount(set)))
        {
            OpenAxis[] factors = [.. axes.Where((_, axis) => (chosen >> axis & 1) == 1)];
            long[] products = [.. Enumerable.Range(0, sizes.Length).Select(run => factors.Aggregate(1L, (product, axis) => product * axis.Sizes[run]))];
            if (products[0] > 0 && sizes.Zip(products).All(run => run.First * products[0] == sizes[0] * run.Second))
            {
                long common = Common(sizes[0], products[0]);
                return new SizeFormula((int)(sizes[0] / common), (int)(products[0] / common), factors);
            }
        }

        return null;
    }

    private static long Common(long x, long y) => y == 0 ? x : Common(y, x % y);
}

/// <summary>Sizes that a node reads, some of which follow from the input.</summary>
/// <param name="Sizes">Null for the one that is what the others leave, −1 in a reshape.</param>
internal sealed record OpenSizes(SizeFormula?[] Sizes);

/// <summary>Writes the nodes that compute sizes from the shapes of the inputs.</summary>
internal sealed class SizeWriter(OnnxWriter writer)
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <returns>The name of the sizes.</returns>
    public string Write(OpenSizes sizes)
    {
        string[] parts = Array.ConvertAll(sizes.Sizes, formula => formula is null ? Number(-1) : Write(formula));
        return Node("Concat", parts, "sizes_" + string.Join('_', parts), ("axis", 0L));
    }

    private string Write(SizeFormula formula)
    {
        string[] axes = Array.ConvertAll(formula.Axes, Write);
        string product = axes.Length == 0 ? Number(formula.Factor) : axes.Aggregate((x, y) => Node("Mul", [x, y], $"{x}_by_{y}"));
        product = axes.Length > 0 && formula.Factor != 1 ? Node("Mul", [product, Number(formula.Factor)], $"{product}_by_{formula.Factor}") : product;
        return formula.Divisor == 1 ? product : Node("Div", [product, Number(formula.Divisor)], $"{product}_over_{formula.Divisor}");
    }

    private string Write(OpenAxis axis)
    {
        string size = Node("Shape", [axis.Input], $"size_{axis.Input}_{axis.Axis}", ("start", (long)axis.Axis), ("end", axis.Axis + 1L));
        return axis.Less == 0 ? size : Node("Sub", [size, Number(axis.Less)], $"{size}_less_{axis.Less}");
    }

    private string Number(int value)
    {
        string name = $"size_{value}";
        if (_written.Add(name))
        {
            writer.Initializer(name, OnnxValue.From([value], 1));
        }

        return name;
    }

    private string Node(string type, string[] inputs, string name, params (string Name, object Value)[] attributes)
    {
        if (_written.Add(name))
        {
            writer.Node(type, inputs, [name], attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));
        }

        return name;
    }
}
