using System.Globalization;
using System.Text;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>One module of a model; the numbers are its own, without those of the modules inside it, so that rows add up.</summary>
/// <param name="Name">As in files: "blocks.0.attention.query"; "" for the model itself.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="OutputShape">Of what its weights were last used for, or of what came out of a pool or a dropout; null where it wasn't used, and for
/// what is made of other layers.</param>
/// <param name="Parameters">Numbers that were learned, compressed ones too; those that several modules share count for the first.</param>
/// <param name="MultiplyAdds">Of the products it computed.</param>
/// <param name="Buffers">Numbers that are kept and not learned, as running means.</param>
public sealed record ModelSummaryRow(
    string Name, string Type, IReadOnlyList<int>? OutputShape, long Parameters, long MultiplyAdds, long Buffers = 0);

/// <summary>A model as a table: its layers, what comes out of each, what they hold and what they cost.</summary>
/// <remarks>
/// Shapes and multiply-adds are those of a real forward pass, watched operation by operation: an operation belongs to the module whose
/// weight it uses, else to the innermost module that all its inputs came from. Counted are products (dense, convolution, attention);
/// what is linear in the numbers it reads, as an activation or a sum, is not.
/// </remarks>
public sealed record ModelSummary(IReadOnlyList<ModelSummaryRow> Rows)
{
    public long Parameters => Rows.Sum(row => row.Parameters);

    public long MultiplyAdds => Rows.Sum(row => row.MultiplyAdds);

    public long Buffers => Rows.Sum(row => row.Buffers);

    /// <summary>Looks at one pass of the model, as it answers; the model stays as it is.</summary>
    /// <param name="model">What is described.</param>
    /// <param name="forward">Runs the model once on this thread; the batch it takes is the one that is counted.</param>
    public static ModelSummary Of(Module model, Action forward)
    {
        Owners owners = new(model);
        Dictionary<Module, string> names = model.Modules().DistinctBy(module => module.Value).ToDictionary(module => module.Value, module => module.Key);
        Dictionary<string, int[]> shapes = new(StringComparer.Ordinal);
        Dictionary<string, long> costs = new(StringComparer.Ordinal);
        string running = "";
        long counted = Counted();
        using (TensorScope.Begin())
        using (NoGradient.Begin())
        {
            Answering(model, () => OperationWatch.Run(
                forward,
                (result, inputs) =>
                {
                    Charge();
                    running = owners.Of(result, inputs, out bool usesWeight);
                    if (usesWeight)
                    {
                        shapes[running] = [.. result.Shape];
                    }
                },
                (layer, output) =>
                {
                    if (names.TryGetValue(layer, out string? name))
                    {
                        shapes[name] = [.. output.Shape];
                    }
                }));
        }

        Charge();
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        return new ModelSummary([.. model.Modules().Select(module => new ModelSummaryRow(
            module.Key, module.Value.GetType().Name, shapes.GetValueOrDefault(module.Key), Parameters(module.Value),
            costs.GetValueOrDefault(module.Key), Numbers(module.Value, areLearned: false)))]);

        long Parameters(Module module) => Numbers(module, areLearned: true)
            + (module.Compressed is { } compressed && seen.Add(compressed) ? compressed.Shape.Aggregate(1L, (product, size) => product * size) : 0);

        long Numbers(Module module, bool areLearned) =>
            module.Parts.Sum(part => part.Weight is { } weight && weight.IsLearned == areLearned && seen.Add(weight) ? (long)weight.Length : 0);

        // An operation is told of before it computes, so what was counted since belongs to the one before.
        void Charge()
        {
            costs[running] = costs.GetValueOrDefault(running) + Counted() - counted;
            counted = Counted();
        }

        static long Counted() => Kernels.MultiplyAdds.SoFar;
    }

    // Training, a pass would move running means and need a seed for dropout; even answering, a spectral norm finds its vectors at first.
    private static void Answering(Module model, Action forward)
    {
        (Module Module, bool IsTraining)[] modes = [.. model.Modules().Select(module => (module.Value, module.Value.IsTraining))];
        (Tensor Buffer, float[] Values)[] buffers = [.. modes.SelectMany(mode => mode.Module.Parts)
            .Where(part => part.Weight is { IsLearned: false }).Select(part => (part.Weight!, part.Weight!.ToArray()))];
        model.IsTraining = false;
        try
        {
            forward();
        }
        finally
        {
            foreach ((Module module, bool isTraining) in modes)
            {
                module.IsTraining = isTraining;
            }

            foreach ((Tensor buffer, float[] values) in buffers)
            {
                values.CopyTo(buffer.Output);
            }
        }
    }

    /// <summary>The table, with the sums below it.</summary>
    public override string ToString()
    {
        string[][] cells =
        [
            ["Layer", "Output shape", "Parameters", "Multiply-adds"],
            .. Rows.Select(row => (string[])[
                row.Name.Length == 0 ? row.Type : $"  {row.Name} ({row.Type})",
                row.OutputShape is null ? "" : $"[{string.Join(", ", row.OutputShape)}]",
                Number(row.Parameters), Number(row.MultiplyAdds)]),
            ["Sum", "", Number(Parameters), Number(MultiplyAdds)],
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => cells.Max(row => row[column].Length))];
        string rule = new('-', widths.Sum() + 6);
        StringBuilder text = new();
        for (int i = 0; i < cells.Length; i++)
        {
            if (i == 1 || i == cells.Length - 1)
            {
                text.Append(rule).Append('\n');
            }

            text.Append(cells[i][0].PadRight(widths[0])).Append("  ").Append(cells[i][1].PadRight(widths[1])).Append("  ")
                .Append(cells[i][2].PadLeft(widths[2])).Append("  ").Append(cells[i][3].PadLeft(widths[3])).Append('\n');
        }

        return Buffers == 0 ? text.ToString()
            : text.Append(CultureInfo.InvariantCulture, $"Kept beside them and not learned: {Buffers:N0}\n").ToString();
    }

    private static string Number(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Knows which module a tensor came from.</summary>
    private sealed class Owners
    {
        private readonly Dictionary<Tensor, (string Name, bool IsWeight)> _owners = [];

        public Owners(Module model)
        {
            foreach ((string name, Module module) in model.Modules())
            {
                if (module.Compressed is { } compressed)
                {
                    _owners.TryAdd(compressed.Handle, (name, true));
                }

                foreach (Part part in module.Parts)
                {
                    if (part.Weight is { } weight)
                    {
                        _owners.TryAdd(weight, (name, true));
                    }
                }
            }
        }

        public string Of(Tensor result, ReadOnlySpan<Tensor> inputs, out bool usesWeight)
        {
            (string? ofWeights, string? ofAll) = (null, null);
            foreach (Tensor input in inputs)
            {
                if (_owners.TryGetValue(input, out (string Name, bool IsWeight) owner))
                {
                    ofAll = Common(ofAll, owner.Name);
                    ofWeights = owner.IsWeight ? Common(ofWeights, owner.Name) : ofWeights;
                }
            }

            // A weight in another shape is still that weight.
            usesWeight = ofWeights is not null;
            bool isView = usesWeight && inputs.Length == 1 && result.Storage == inputs[0].Storage;
            string name = ofWeights ?? ofAll ?? "";
            _owners[result] = (name, isView);
            usesWeight &= !isView;
            return name;
        }

        /// <summary>The innermost module that both are in: "a" of "a.b" and "a.c".</summary>
        private static string Common(string? x, string y)
        {
            if (x is null || x == y)
            {
                return y;
            }

            string[] xs = x.Split('.');
            string[] ys = y.Split('.');
            int same = 0;
            while (same < Math.Min(xs.Length, ys.Length) && xs[same] == ys[same])
            {
                same++;
            }

            return string.Join('.', xs.Take(same));
        }
    }
}
