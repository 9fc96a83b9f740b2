using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.References;

/// <summary>Recurrent layers beside PyTorch's: outputs, final states, and the gradients of inputs, weights and first states.</summary>
public sealed class RecurrentReferenceTests
{
    private static readonly string[] Given = ["x", "hidden", "memory"];

    public static TheoryData<string> Names => Reference.Names("recurrent.json");

    [Theory, MemberData(nameof(Names))]
    public void A_recurrent_layer_gives_the_states_and_the_gradients_of_PyTorch(string name)
    {
        var reference = Reference.Load("recurrent.json", name);
        RecurrentLayer layer = Make(name, reference["x"].Columns, reference["weight_hh_l0"].Columns);
        layer.Load(reference.Inputs.Where(input => !Given.Contains(input.Key)).ToDictionary());

        RecurrentOutput answer = Forward(layer, name, reference);
        Tensor rows = Rows(answer.Output, layer.HiddenSize).ConcatRows(Rows(answer.Hidden, layer.HiddenSize));
        rows = answer.Memory is null ? rows : rows.ConcatRows(Rows(answer.Memory, layer.HiddenSize));
        (rows * reference.Upstream()).Sum().Backward();

        reference.AssertOutput(rows);
        reference.AssertGradients(layer.Parameters().Concat(reference.Inputs.Where(input => Given.Contains(input.Key))).ToDictionary());
    }

    [Theory, InlineData("elman"), InlineData("lstm"), InlineData("gru")]
    public void Steps_one_by_one_lead_to_the_states_of_PyTorch(string name)
    {
        var reference = Reference.Load("recurrent.json", name);
        RecurrentLayer layer = Make(name, reference["x"].Columns, reference["weight_hh_l0"].Columns);
        layer.Load(reference.Inputs.Where(input => input.Key != "x").ToDictionary());
        int[] offsets = reference.Ids("offsets");
        List<float> outputs = [], hiddens = [], memories = [];

        for (int s = 0; s < offsets.Length - 1; s++)
        {
            float[] hidden = new float[layer.HiddenSize], memory = new float[layer.HiddenSize];
            for (int token = offsets[s]; token < offsets[s + 1]; token++)
            {
                Step(layer, reference["x"].Values.Slice(token * layer.InputSize, layer.InputSize), hidden, memory);
                outputs.AddRange(hidden);
            }

            hiddens.AddRange(hidden);
            memories.AddRange(layer is Lstm ? memory : []);
        }

        float[] all = [.. outputs, .. hiddens, .. memories];
        reference.AssertOutput(Tensor.From(all, all.Length / layer.HiddenSize, layer.HiddenSize));
    }

    private static RecurrentLayer Make(string name, int inputSize, int hiddenSize)
    {
        (int layers, bool isBidirectional) = (name.EndsWith("deep", StringComparison.Ordinal) ? 2 : 1, name.Contains('_'));
        return name.Split('_')[0] switch
        {
            "elman" => new Elman(inputSize, hiddenSize, new Random(1), layers, isBidirectional),
            "lstm" => new Lstm(inputSize, hiddenSize, new Random(1), layers, isBidirectional),
            _ => new Gru(inputSize, hiddenSize, new Random(1), layers, isBidirectional),
        };
    }

    private static RecurrentOutput Forward(RecurrentLayer layer, string name, Reference reference)
    {
        bool isPadded = name.EndsWith("padded", StringComparison.Ordinal);
        int[] places = reference.Ids(isPadded ? "lengths" : "offsets");
        Tensor? hidden = reference.Inputs.GetValueOrDefault("hidden"), memory = reference.Inputs.GetValueOrDefault("memory");
        return (layer, isPadded) switch
        {
            (Elman elman, false) => elman.Forward(reference["x"], places, hidden),
            (Elman elman, true) => elman.ForwardPadded(reference["x"], places, hidden),
            (Lstm lstm, false) => lstm.Forward(reference["x"], places, hidden, memory),
            (Lstm lstm, true) => lstm.ForwardPadded(reference["x"], places, hidden, memory),
            (Gru gru, false) => gru.Forward(reference["x"], places, hidden),
            _ => ((Gru)layer).ForwardPadded(reference["x"], places, hidden),
        };
    }

    private static void Step(RecurrentLayer layer, ReadOnlySpan<float> x, Span<float> hidden, Span<float> memory)
    {
        switch (layer)
        {
            case Elman elman:
                elman.Step(x, hidden);
                break;
            case Lstm lstm:
                lstm.Step(x, hidden, memory);
                break;
            case Gru gru:
                gru.Step(x, hidden);
                break;
        }
    }

    private static Tensor Rows(Tensor states, int size) => states.Reshape(-1, size);
}
